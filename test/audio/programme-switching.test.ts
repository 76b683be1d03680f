import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Channels } from '../../src/audio/frame.ts';
import { LibopusCodec, type OpusCodec, type OpusEncoder } from '../../src/audio/opus-codec.ts';
import { SILENCE } from '../../src/audio/opus-packet.ts';
import { levelled } from '../support/levelled.ts';
import { speechOf } from '../support/on-air.ts';
import { type Path, ProgrammeRun } from '../support/programme-run.ts';
import { decoded, encoded } from '../support/sounds.ts';

const FRAME = 960;
/** Where a switch is heard: from the overlap of the two frames to the middle of the second. */
const BEFORE = 120;
const AFTER = 480;
/** How far around it the ear looks for what could hide a fault. */
const AROUND = 1920;
/** Before that the jitter buffer finds its depth. */
const FIRST_WHISPER = 100;

let codec: LibopusCodec;
let june: readonly Uint8Array[];
/** A voice that is there and that nobody hears: it makes the programme mix, and changes nothing. */
let whisper: readonly Uint8Array[];

beforeAll(async () => {
  codec = await LibopusCodec.load({ spares: 16 });
  june = (await speechOf('june')).frames.slice(0, 1000);
  let state = 1;
  const noise = new Float32Array(1000 * FRAME).map(() => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) | 0;
    return (state / 2 ** 31) * 4e-4;
  });
  whisper = encoded(codec, noise, 1);
});

afterAll(() => codec.close());

interface Rendering {
  readonly sound: Float32Array;
  /** How each frame went. */
  readonly paths: readonly Path[];
  /** By how much the programme is later than the speech, jitter buffer and all. */
  readonly delayTicks: number;
}

/** What a listener's decoder makes of the programme while the whisper is there in these ticks. */
async function rendering(
  speech: readonly Uint8Array[],
  isWhispering: (tick: number) => boolean,
  programmeCodec: OpusCodec = codec,
): Promise<Rendering> {
  const whispers = whisper.map((packet, tick) =>
    tick >= FIRST_WHISPER && isWhispering(tick) ? packet : undefined,
  );
  const run = new ProgrammeRun(programmeCodec);
  run.talk({ ssrc: 1, packets: speech }, { ssrc: 2, packets: whispers });
  await run.run(speech.length);
  run.programme.close();
  const paths = run.ticks.map(({ path }) => path);
  const delayTicks = FIRST_WHISPER - 1 - speech.indexOf(run.packets[FIRST_WHISPER - 1] ?? SILENCE);
  return { sound: decoded(codec, run.packets, 1), paths, delayTicks };
}

/** Of every frame where the path changes to this one: how much of the sound there is wrong, dB of the sound around it; in order of size. */
function faultsAt(
  to: 'mixed' | 'passed',
  { paths }: Rendering,
  heard: Float32Array,
  said: Float32Array,
): number[] {
  const faults: number[] = [];
  for (let tick = FIRST_WHISPER; tick < paths.length - 3; tick++) {
    if (paths[tick] !== to || paths[tick - 1] === to) continue;
    const at = tick * FRAME;
    const around = Math.max(1e-7, power(said, at - AROUND, at + AROUND));
    faults.push(10 * Math.log10(errorPower(heard, said, at - BEFORE, at + AFTER) / around + 1e-12));
  }
  return faults.toSorted((a, b) => a - b);
}

function power(sound: Float32Array, from: number, to: number): number {
  return errorPower(sound, new Float32Array(sound.length), from, to);
}

function errorPower(heard: Float32Array, said: Float32Array, from: number, to: number): number {
  let sum = 0;
  for (let index = from; index < to; index++) sum += (heard[index]! - said[index]!) ** 2;
  return sum / (to - from);
}

function median(values: readonly number[]): number {
  return values[values.length >> 1] ?? Number.NaN;
}

/** Said, as the programme has it: later by a frame, and by what the jitter buffer keeps. */
function saidIn(speech: readonly Uint8Array[], { delayTicks }: Rendering): Float32Array {
  const sound = decoded(codec, speech, 1);
  const later = new Float32Array(sound.length);
  later.set(sound.subarray(0, sound.length - delayTicks * FRAME), delayTicks * FRAME);
  return later;
}

/** How alike two sounds are when one is taken so many samples later. */
function likeness(heard: Float32Array, said: Float32Array, lag: number): number {
  let sum = 0;
  for (let index = 200_000; index < 300_000; index++) sum += heard[index]! * said[index + lag]!;
  return sum;
}

const NOW_AND_THEN = (tick: number): boolean => tick % 40 < 3;
const ALWAYS = (): boolean => true;

/** A codec whose encoders do something else. */
function withEncoders(change: (encoder: OpusEncoder) => Partial<OpusEncoder>): OpusCodec {
  return {
    takeDecoder: (channels: Channels) => codec.takeDecoder(channels),
    takeEncoder(channels: Channels) {
      const encoder = codec.takeEncoder(channels);
      if (!encoder) return undefined;
      const whole: OpusEncoder = {
        channels,
        encode: (pcm) => encoder.encode(pcm),
        setIndependent: (isIndependent) => encoder.setIndependent(isIndependent),
        free: () => encoder.free(),
      };
      return { ...whole, ...change(encoder) };
    },
    close() {},
  };
}

/** Encoders that know nothing of what went before. */
const withoutPriming = (): OpusCodec =>
  withEncoders((encoder) => {
    let frames = 0;
    return { encode: (pcm) => (frames++ < 2 ? new Uint8Array(1) : encoder.encode(pcm)) };
  });

const late = (samples: number): OpusCodec =>
  withEncoders((encoder) => {
    const line = new Float32Array(samples + FRAME);
    return {
      encode(pcm) {
        line.copyWithin(0, FRAME);
        line.set(pcm, samples);
        return encoder.encode(line.slice(0, FRAME));
      },
    };
  });

const withoutIndependence = (): OpusCodec => withEncoders(() => ({ setIndependent() {} }));

describe('a speaker whose packets are CELT, as the mixed ones', () => {
  let celt: readonly Uint8Array[];
  let said: Float32Array;
  /** How much the codec alone puts wrong, at the same places. */
  let mixed: Rendering;

  beforeAll(async () => {
    celt = levelled(codec, june, -16);
    mixed = await rendering(celt, ALWAYS);
    said = saidIn(celt, mixed);
  });

  test('is in the mixed stream at the very same sample as in their own', () => {
    const lags = Array.from({ length: 41 }, (_, index) => index - 20);
    expect(lags.toSorted((a, b) => likeness(mixed.sound, said, b) - likeness(mixed.sound, said, a))[0]).toBe(
      0,
    );
  });

  test('is not heard to be switched: it is no worse there than in a stream that is never switched', async () => {
    const switched = await rendering(celt, NOW_AND_THEN);
    for (const to of ['mixed', 'passed'] as const) {
      const faults = faultsAt(to, switched, switched.sound, said);
      const codecFaults = faultsAt(to, switched, mixed.sound, said);
      expect(faults.length).toBeGreaterThan(15);
      expect(median(faults)).toBeLessThan(median(codecFaults) + 5);
      expect(faults.at(-3)).toBeLessThan(codecFaults.at(-3)! + 6);
    }
  });

  test.each([
    ['does not know what went before', withoutPriming],
    ['is 10 samples late', () => late(10)],
  ])('would be, if the encoder %s', async (_, broken) => {
    const switched = await rendering(celt, NOW_AND_THEN, broken());
    const faults = faultsAt('mixed', switched, switched.sound, said);
    expect(median(faults)).toBeGreaterThan(median(faultsAt('mixed', switched, mixed.sound, said)) + 6);
  });
});

describe('a speaker whose packets are of the other kind (SILK below, CELT above)', () => {
  test('is switched with little to be heard, and back only where next to nothing is', async () => {
    const switched = await rendering(june, NOW_AND_THEN);
    const said = saidIn(june, switched);
    const speechPower = power(said, 0, said.length);
    const there = faultsAt('mixed', switched, switched.sound, said);
    expect(there.length).toBeGreaterThan(10);
    expect(median(there)).toBeLessThan(-17);
    const backs = switched.paths.flatMap((path, tick) =>
      tick >= FIRST_WHISPER && switched.paths[tick - 1] === 'mixed' && path === 'passed' ? [tick] : [],
    );
    expect(backs.length).toBeGreaterThan(10);
    for (const tick of backs) {
      const wrong = errorPower(switched.sound, said, tick * FRAME - BEFORE, tick * FRAME + AFTER);
      expect(10 * Math.log10(wrong / speechPower + 1e-12)).toBeLessThan(-20);
    }
  });

  test('would be heard, if the first mixed packet leaned on packets that no listener has', async () => {
    const broken = await rendering(june, NOW_AND_THEN, withoutIndependence());
    const said = saidIn(june, broken);
    expect(median(faultsAt('mixed', broken, broken.sound, said))).toBeGreaterThan(-12);
  });
});
