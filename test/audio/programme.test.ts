import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MIX_DELAY_SAMPLES } from '../../src/audio/mixer.ts';
import { FRAME_SAMPLES } from '../../src/audio/frame.ts';
import { LibopusCodec } from '../../src/audio/opus-codec.ts';
import { SILENCE } from '../../src/audio/opus-packet.ts';
import { levelled } from '../support/levelled.ts';
import { speechOf } from '../support/on-air.ts';
import { ProgrammeRun } from '../support/programme-run.ts';
import { CRAFTED_PACKET, decoded, encoded, inBothEars, levelAt, tone } from '../support/sounds.ts';

/** Two frames of 10 ms and the same size, in three bytes. */
const UNDECODABLE = Uint8Array.of(0xf1, 1, 2, 3);

let codec: LibopusCodec;
/** At the programme's loudness. */
let june: readonly Uint8Array[];
let allison: readonly Uint8Array[];
let carlo: readonly Uint8Array[];

beforeAll(async () => {
  codec = await LibopusCodec.load({ spares: 16 });
  const speeches = await Promise.all([speechOf('june'), speechOf('allison'), speechOf('carlo')]);
  const [a, b, c] = speeches.map(({ frames }) => levelled(codec, frames.slice(0, 800), -16));
  june = a ?? [];
  allison = b ?? [];
  carlo = c ?? [];
});

afterAll(() => codec.close());

describe('who speaks alone', () => {
  test('is heard byte for byte', async () => {
    for (const packets of [june, allison, carlo]) {
      const run = await new ProgrammeRun(codec).talk({ ssrc: 7, packets }).run(packets.length);
      const sent = new Set(packets);
      const passed = run.packets.filter((packet) => sent.has(packet));
      expect(passed.length).toBeGreaterThanOrEqual(packets.length * 0.99);
      const order = passed.map((packet) => packets.indexOf(packet));
      expect(order).toEqual(order.toSorted((a, b) => a - b));
    }
  });

  test('leaves silence behind', async () => {
    const run = new ProgrammeRun(codec).talk({
      ssrc: 7,
      packets: [...june.slice(0, 50), ...Array(5).fill(SILENCE)],
    });
    await run.run(80);
    expect(run.packets.slice(-20)).toEqual(Array(20).fill(SILENCE));
    expect(run.packets[0]).toEqual(SILENCE);
  });

  test('is heard in stereo by who listens in stereo', async () => {
    const left = Float32Array.from({ length: 96_000 }, (_, index) =>
      index % 2 ? 0 : 0.1 * Math.sin(index / 40),
    );
    const packets = encoded(codec, left, 2);
    const run = new ProgrammeRun(codec).talk({ ssrc: 1, packets }, { ssrc: 2, packets: june.slice(0, 50) });
    await run.run(50);
    expect(run.ticks.some(({ path }) => path === 'mixed')).toBe(true);
    const out = decoded(codec, run.packets, 2);
    const power = (channel: number) =>
      out.reduce((sum, sample, index) => (index % 2 === channel ? sum + sample ** 2 : sum), 0);
    expect(power(0)).toBeGreaterThan(1.05 * power(1));
  });
});

test('a mixed frame is as late as one that is passed', () => {
  expect(MIX_DELAY_SAMPLES).toBe(FRAME_SAMPLES);
});

test('who speak at once are mixed', async () => {
  const run = new ProgrammeRun(codec).talk({ ssrc: 1, packets: june }, { ssrc: 2, packets: carlo });
  await run.run(200);
  expect(run.programme.counts.mixed).toBeGreaterThan(190);
  expect(new Set(run.packets.slice(10).map((packet) => packet.length)).size).toBeGreaterThan(5);
});

test('who is left alone is passed on again only at the level at which they were mixed', async () => {
  const hum = encoded(codec, tone({ hz: 440, dbfs: -16, seconds: 9 }), 1);
  const other = encoded(codec, tone({ hz: 700, dbfs: -16, seconds: 2 }), 1);
  const run = new ProgrammeRun(codec).talk({ ssrc: 1, packets: hum }, { ssrc: 2, packets: other, from: 60 });
  await run.run(450);
  const back = run.ticks.findLastIndex(({ path }) => path === 'mixed') + 1;
  expect(back).toBeGreaterThan(170);
  expect(run.ticks[back]?.path).toBe('passed');
  const heard = decoded(codec, run.packets, 1);
  const level = (tick: number): number =>
    10 *
    Math.log10(heard.subarray(tick * 960, (tick + 3) * 960).reduce((sum, sample) => sum + sample ** 2, 0));
  expect(Math.abs(level(back - 4) - level(back + 2))).toBeLessThan(0.5);
});

test('who sends packets that no encoder makes turns nobody down by more than who shouts', async () => {
  const hum = encoded(codec, tone({ hz: 440, dbfs: -13, seconds: 6 }), 1);
  const levelBeside = async (packet: Uint8Array): Promise<number> => {
    const loud = Array.from({ length: 300 }, (_, index) => (index % 5 === 0 ? packet : SILENCE));
    const run = new ProgrammeRun(codec).talk({ ssrc: 1, packets: hum }, { ssrc: 2, packets: loud });
    await run.run(300);
    return levelAt(440, decoded(codec, run.packets, 1).subarray(150 * 960));
  };
  const [shout = SILENCE] = encoded(codec, tone({ hz: 3000, dbfs: 0, seconds: 0.1 }), 1).slice(2);
  expect(await levelBeside(CRAFTED_PACKET)).toBeGreaterThan((await levelBeside(shout)) - 6);
});

test('the limiter is at work before a peak goes out', async () => {
  const sound = tone({ hz: 440, dbfs: -16, seconds: 4 });
  // One frame of it is far too loud.
  const peakFrame = 120;
  for (let index = peakFrame * 960; index < (peakFrame + 1) * 960; index++) sound[index]! *= 12;
  const packets = encoded(codec, sound, 1);
  const run = await new ProgrammeRun(codec).talk({ ssrc: 1, packets }).run(200);
  const lastPassed = packets.indexOf(
    run.packets[run.ticks.findIndex(({ path }, tick) => tick > 70 && path === 'mixed') - 1]!,
  );
  expect(lastPassed).toBe(peakFrame - 2);
  expect(decoded(codec, run.packets, 1).every((sample) => Math.abs(sample) < 1)).toBe(true);
});

describe('who withdraws consent', () => {
  test('is not heard in the very next tick', async () => {
    const run = await new ProgrammeRun(codec).talk({ ssrc: 1, packets: june }).run(100);
    run.retract(1);
    await run.run(10);
    expect(run.packets.slice(100)).toEqual(Array(10).fill(SILENCE));
    expect(run.programme.speakers).toEqual([]);
  });

  test('is not heard when a packet of theirs was still under way, and is when they come back', async () => {
    const run = new ProgrammeRun(codec).talk({ ssrc: 1, packets: june });
    await run.run(100);
    run.programme.retract(1);
    await run.run(50);
    expect(run.packets.slice(100)).toEqual(Array(50).fill(SILENCE));
    expect(run.programme.counts.retracted).toBe(50);
    await run.run(50);
    expect(run.programme.counts.passed).toBeGreaterThan(120);
  });

  // Whatever the one who left had said, and however loud: what comes after is the same, bit for bit.
  test.each([30, 77, 150, 301])('leaves no trace in what comes after: tick %i', async (tick) => {
    const loud = encoded(codec, tone({ hz: 440, dbfs: 6, seconds: 8 }), 1);
    const unheard = encoded(codec, tone({ hz: 440, dbfs: -85, seconds: 8 }), 1);
    const later = await Promise.all(
      [allison, carlo, loud, unheard].map(async (packets) => {
        const run = new ProgrammeRun(codec).talk({ ssrc: 1, packets: june }, { ssrc: 2, packets });
        await run.run(tick);
        run.retract(2);
        await run.run(100);
        return run.packets.slice(tick);
      }),
    );
    expect(later[1]).toEqual(later[0]);
    expect(later[2]).toEqual(later[0]);
    expect(later[3]).toEqual(later[0]);
    expect(new Set(later[0]).size).toBeGreaterThan(50);
  });
});

describe('bad bytes', () => {
  const input = fc.record({
    ssrc: fc.nat(3),
    sequence: fc.nat(0xffff),
    timestamp: fc.nat(0xffff_ffff),
    opus: fc.uint8Array({ maxLength: 40 }),
    ticks: fc.nat(3),
  });

  test('never throw, and what comes out is Opus', () => {
    const decoder = codec.takeDecoder(2);
    fc.assert(
      fc.property(fc.array(input, { maxLength: 60 }), (inputs) => {
        const { programme } = new ProgrammeRun(codec);
        let tick = 0;
        inputs.forEach(({ ticks, ...frame }, index) => {
          // Most come one after the other, or they would all be dropped as nonsense.
          const isOrdered = index % 4 !== 0;
          const sequence = isOrdered ? index : frame.sequence;
          programme.receive(
            { ...frame, sequence, timestamp: isOrdered ? index * 960 : frame.timestamp },
            tick * 20,
          );
          for (let count = 0; count < ticks; count++) {
            tick += 1;
            expect(decoder?.decode(programme.tick(tick * 20))).toHaveLength(1920);
          }
        });
        programme.close();
      }),
      { numRuns: 100 },
    );
    decoder?.free();
  });

  test('are concealed between good ones, and counted', async () => {
    const packets = june.map((good, index) => (index % 50 === 49 ? UNDECODABLE : good));
    const run = await new ProgrammeRun(codec).talk({ ssrc: 1, packets }).run(400);
    expect(run.programme.counts.undecodable).toBeGreaterThan(5);
    expect(run.programme.counts.concealed).toBeGreaterThan(5);
    expect(run.packets.filter((packet) => packets.includes(packet) && packet[0] === UNDECODABLE[0])).toEqual(
      [],
    );
  });
});

test('stereo and mono may alternate, and nothing is lost', async () => {
  const mono = tone({ hz: 300, dbfs: -15, seconds: 1 });
  const stereo = encoded(codec, inBothEars(mono), 2);
  const packets = [...encoded(codec, mono, 1), ...stereo, ...encoded(codec, mono, 1)];
  const run = await new ProgrammeRun(codec).talk({ ssrc: 1, packets }, { ssrc: 2, packets: june }).run(150);
  expect(run.programme.counts.undecodable).toBe(0);
  expect(run.programme.counts.mixed).toBeGreaterThan(140);
});
