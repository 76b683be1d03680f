/**
 * What does one tick of a programme cost, against bare libopus? Speech of the simulated people, that comes in order and in time.
 *
 * Usage: node bench/programme.ts
 */
import { loadSpeech, speechFiles } from '../simulator/speech.ts';
import { LibopusCodec, type OpusDecoder, type OpusEncoder } from '../src/audio/opus-codec.ts';
import { Programme } from '../src/audio/programme.ts';
import { median, printTable } from './figures.ts';

const ROUNDS = 5;
const TICKS = 1500;
const FRAME_SAMPLES = 960;
const TARGET_US = 333;

type Packets = readonly Uint8Array[];

interface Contender {
  readonly name: string;
  /** One more tick. @returns how many bytes came out */
  readonly tick: (tick: number) => number;
  /** The share of ticks in which a speaker's own packet went out. */
  readonly passed?: () => number;
  readonly free: () => void;
}

const codec = await LibopusCodec.load();
const people: Packets[] = (await Promise.all(Object.values(speechFiles).map((file) => loadSpeech(file)))).map(
  ({ frames }) => frames.slice(50, 50 + TICKS),
);

/** Who speaks in a tick: everybody, the first alone, or in turns of four seconds with half a second in which the next one begins. */
const SCENES: Readonly<Record<string, (person: number, tick: number) => boolean>> = {
  'three speakers, all talking': () => true,
  'a conversation of three': (person, tick) => {
    const turn = Math.floor(tick / 200);
    const isOwn = turn % 3 === person;
    return isOwn || ((turn + 1) % 3 === person && tick % 200 >= 175);
  },
  'one speaker': (person) => person === 0,
};

function programme(name: string, isSpeaking: (person: number, tick: number) => boolean): Contender {
  const subject = new Programme({ codec });
  const sequences = people.map(() => 0);
  return {
    name,
    tick(tick) {
      people.forEach((packets, person) => {
        const opus = packets[tick % TICKS];
        if (!opus || !isSpeaking(person, tick)) return;
        const sequence = sequences[person]!++ & 0xffff;
        subject.receive(
          { ssrc: person + 1, sequence, timestamp: (tick * FRAME_SAMPLES) >>> 0, opus },
          tick * 20,
        );
      });
      return subject.tick(tick * 20).length;
    },
    passed: () =>
      subject.counts.passed / (subject.counts.passed + subject.counts.mixed + subject.counts.silent),
    free: () => subject.close(),
  };
}

/** Decodes three, adds, encodes: no order, no loudness, no limit. */
function control(name: string, channels: 1 | 2): Contender {
  const decoders = people.map(() => owned<OpusDecoder>(codec.takeDecoder(channels)));
  const encoder = owned<OpusEncoder>(codec.takeEncoder(channels));
  const sum = new Float32Array(FRAME_SAMPLES * channels);
  return {
    name,
    tick(tick) {
      sum.fill(0);
      people.forEach((packets, person) => {
        const pcm = decoders[person]!.decode(packets[tick % TICKS]!);
        for (let index = 0; index < sum.length; index++) sum[index]! += pcm[index]! / 3;
      });
      return encoder.encode(sum).length;
    },
    free: () => [...decoders, encoder].forEach((part) => part.free()),
  };
}

function owned<T>(part: T | undefined): T {
  if (part === undefined) throw new Error('the codec has none ready');
  return part;
}

/** µs of CPU a tick over a whole scene; now and then the event loop turns, as it does in the relay. */
async function measure(contender: Contender, from: number): Promise<number> {
  let us = 0;
  for (let tick = 0; tick < TICKS;) {
    const before = process.threadCpuUsage();
    for (const end = tick + 10; tick < end; tick++) contender.tick(from + tick);
    const { user, system } = process.threadCpuUsage(before);
    us += user + system;
    await new Promise((resolve) => setImmediate(resolve));
  }
  return us / TICKS;
}

const contenders = [
  ...Object.entries(SCENES).map(([name, isSpeaking]) => programme(name, isSpeaking)),
  control('control: three decoded as mono, added, encoded', 1),
  control('the same in stereo', 2),
];
const figures = new Map<Contender, number[]>(contenders.map((contender) => [contender, []]));
for (let round = -1; round < ROUNDS; round++) {
  for (const [contender, us] of figures) {
    const took = await measure(contender, (round + 1) * TICKS);
    // The first round warms up.
    if (round >= 0) us.push(took);
  }
}
const controlUs = median(figures.get(contenders.at(-2)!) ?? []);
const rows = [...figures].map(([{ name, passed }, us]) => [
  name,
  median(us).toFixed(0),
  (median(us) / controlUs).toFixed(2),
  Math.floor(20_000 / median(us)).toString(),
  passed ? `${(100 * passed()).toFixed(0)} %` : '',
]);
printTable(['', 'µs of CPU a tick', '× control', 'programmes a core', 'passed on'], rows);
console.log(`\nTarget: ${TARGET_US} µs a tick with three talking.`);
for (const { free } of contenders) free();
codec.close();
