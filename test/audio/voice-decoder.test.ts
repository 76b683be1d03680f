import { Application, createEncoder } from 'libopus-wasm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Playout } from '../../src/audio/jitter-buffer.ts';
import { ENCODER_DELAY_SAMPLES, LibopusCodec } from '../../src/audio/opus-codec.ts';
import { SILENCE } from '../../src/audio/opus-packet.ts';
import { VoiceDecoder, type VoiceFrame } from '../../src/audio/voice-decoder.ts';
import { speechOf } from '../support/on-air.ts';
import { CRAFTED_PACKET, decoded, encoded, inBothEars, inFrames, tone } from '../support/sounds.ts';

let codec: LibopusCodec;
let june: readonly Uint8Array[];

beforeAll(async () => {
  codec = await LibopusCodec.load({ spares: 24 });
  june = (await speechOf('june')).frames.slice(50, 150);
});

afterAll(() => codec.close());

function decoder(): { voice: VoiceDecoder; counts: ConstructorParameters<typeof VoiceDecoder>[1] } {
  const counts = { concealed: 0, undecodable: 0, merged: 0, unready: 0 };
  return { voice: new VoiceDecoder(codec, counts), counts };
}

const frame = (opus: Uint8Array): Playout => ({ is: 'frame', opus });
const HOLD: Playout = { is: 'hold' };
const LOST: Playout = { is: 'lost', next: undefined };

function times(count: number, playout: Playout): Playout[] {
  return Array.from({ length: count }, () => playout);
}

function playAll(voice: VoiceDecoder, playouts: readonly Playout[]): Float32Array[] {
  return playouts.map((playout) => voice.play(playout).pcm?.slice() ?? new Float32Array(960));
}

function rms(pcm: Float32Array): number {
  return Math.sqrt(pcm.reduce((sum, sample) => sum + sample ** 2, 0) / pcm.length);
}

/** The biggest step between two samples. */
function steepest(pcm: Float32Array): number {
  return pcm.reduce(
    (most, sample, index) => Math.max(most, Math.abs(sample - (pcm[index - 1] ?? sample))),
    0,
  );
}

function flat(frames: readonly Float32Array[]): Float32Array {
  return Float32Array.from(frames.flatMap((pcm) => [...pcm]));
}

describe('what never came', () => {
  test('is made up, fades over six frames, and is silence from there on', () => {
    const { voice, counts } = decoder();
    const hum = encoded(codec, tone({ hz: 200, dbfs: -10, seconds: 1 }), 1);
    const spoken = playAll(voice, hum.slice(0, 30).map(frame));
    const madeUp = playAll(voice, times(10, LOST));
    const levels = madeUp.map(rms);
    expect(levels[0]).toBeGreaterThan(rms(spoken.at(-1)!) * 0.5);
    expect(levels.slice(0, 7)).toEqual(levels.slice(0, 7).toSorted((a, b) => b - a));
    expect(levels.slice(6)).toEqual([0, 0, 0, 0]);
    expect(counts.concealed).toBe(6);
    expect(steepest(flat([...spoken, ...madeUp]))).toBeLessThan(2 * steepest(flat(spoken)));
  });

  test('does not make what comes after it begin with a jump', () => {
    const { voice } = decoder();
    const hum = encoded(codec, tone({ hz: 200, dbfs: -10, seconds: 1 }), 1);
    const sound = playAll(voice, [
      ...hum.slice(0, 20).map(frame),
      ...times(9, LOST),
      ...hum.slice(29).map(frame),
    ]);
    expect(steepest(flat(sound))).toBeLessThan(2 * steepest(flat(sound.slice(2, 20))));
    expect(rms(sound.at(-1)!)).toBeCloseTo(rms(sound[10]!), 1);
  });

  test('is not passed on: no packet sounds like it', () => {
    const { voice } = decoder();
    playAll(voice, june.slice(0, 10).map(frame));
    expect(voice.play(LOST).packet).toBeUndefined();
    expect(voice.play(frame(june[11]!)).packet).toBe(june[11]);
  });

  test('is taken from the packet after it, where that has it (in-band FEC)', async () => {
    const encoder = await createEncoder({
      channels: 1,
      application: Application.Voip,
      bitrate: 24_000,
      fec: true,
      packetLossPercent: 20,
    });
    const speech = inFrames(decoded(codec, june, 1), 1);
    const packets = speech.map((pcm) => encoder.encodeFloat(pcm));
    encoder.free();
    const clean = playAll(decoder().voice, packets.map(frame));
    const distance = (withNext: boolean): number => {
      const { voice } = decoder();
      let wrong = 0;
      packets.forEach((opus, index) => {
        const isLost = index % 5 === 4;
        const next = withNext ? packets[index + 1] : undefined;
        const pcm = voice.play(isLost ? { is: 'lost', next } : frame(opus)).pcm!;
        if (isLost) wrong += pcm.reduce((sum, sample, at) => sum + (sample - clean[index]![at]!) ** 2, 0);
      });
      return wrong;
    };
    expect(distance(true)).toBeLessThan(0.5 * distance(false));
  });

  test('is not made up where nothing was said before', () => {
    expect(decoder().voice.play(LOST)).toEqual<VoiceFrame>({
      pcm: undefined,
      packet: undefined,
      isSpeech: false,
    });
    const { voice } = decoder();
    playAll(voice, [...june.slice(0, 5), SILENCE, SILENCE, SILENCE].map(frame));
    expect(voice.play(LOST).pcm).toBeUndefined();
  });
});

test('who begins again after silence is passed on from the first frame', () => {
  const { voice } = decoder();
  playAll(voice, [...june.slice(0, 10).map(frame), ...times(6, LOST), ...times(3, { is: 'silence' })]);
  expect(voice.play(frame(june[20]!)).packet).toBe(june[20]);
});

test('who stops in the middle of a sound is faded out in one frame', () => {
  const { voice } = decoder();
  const hum = encoded(codec, tone({ hz: 200, dbfs: -10, seconds: 0.4 }), 1);
  const sound = playAll(voice, [...hum.map(frame), { is: 'silence' }, { is: 'silence' }]);
  expect(steepest(flat(sound))).toBeLessThan(2 * steepest(flat(sound.slice(2, -2))));
  expect(rms(sound.at(-2)!)).toBeGreaterThan(0.01);
  expect(rms(sound.at(-1)!)).toBe(0);
});

test('two frames in the time of one are joined where they are alike', () => {
  const { voice, counts } = decoder();
  const hum = encoded(codec, tone({ hz: 210, dbfs: -10, seconds: 1 }), 1);
  const before = playAll(voice, hum.slice(0, 20).map(frame));
  const [merged] = playAll(voice, [{ is: 'merge', first: hum[20]!, second: hum[21]! }]);
  const after = playAll(voice, hum.slice(22).map(frame));
  expect(merged).toHaveLength(960);
  expect(counts.merged).toBe(1);
  const all = flat([...before, merged!, ...after]);
  expect(steepest(all)).toBeLessThan(1.2 * steepest(flat(before.slice(2))));
  expect(rms(merged!)).toBeGreaterThan(0.7 * rms(before.at(-1)!));
});

test('a frame of mono is not joined to one of stereo: the later is heard alone', () => {
  const hum = tone({ hz: 210, dbfs: -10, seconds: 0.4 });
  const mono = encoded(codec, hum, 1);
  const stereo = encoded(codec, inBothEars(hum), 2);
  const { voice, counts } = decoder();
  playAll(voice, mono.slice(0, 10).map(frame));
  const { pcm } = voice.play({ is: 'merge', first: mono[10]!, second: stereo[11]! });
  // In both ears the same, as it was sent; what stereo makes of mono samples would be an octave higher.
  const [left, right] = [0, 1].map((ear) => pcm!.filter((_, index) => index % 2 === ear));
  expect(pcm).toHaveLength(1920);
  expect(rms(left!.map((sample, index) => sample - right![index]!))).toBeLessThan(0.01);
  expect(counts).toMatchObject({ merged: 0, undecodable: 0 });
});

/** Mono packets of so many samples each. */
async function packetsOf(frameSize: number, hum: Float32Array): Promise<Uint8Array[]> {
  const encoder = await createEncoder({ channels: 1, frameSize });
  const packets: Uint8Array[] = [];
  for (let at = 0; at + frameSize <= hum.length; at += frameSize) {
    packets.push(encoder.encodeFloat(hum.subarray(at, at + frameSize)));
  }
  encoder.free();
  return packets;
}

test('two frames are joined late, where only their ends are alike', () => {
  const sound = tone({ hz: 200, dbfs: -20, seconds: 0.2 });
  // Two different beginnings, as they come out of the encoder.
  for (let index = 0; index < 480; index++) {
    sound[4 * 960 + index - ENCODER_DELAY_SAMPLES] = Math.sin(index * 0.05) * 0.5;
    sound[5 * 960 + index - ENCODER_DELAY_SAMPLES] = Math.sin(index * 0.09 + 1) * 0.5;
  }
  const packets = encoded(codec, sound, 1);
  const { voice } = decoder();
  playAll(voice, packets.slice(0, 4).map(frame));
  const [merged] = playAll(voice, [{ is: 'merge', first: packets[4]!, second: packets[5]! }]);
  const early = decoded(codec, packets.slice(0, 5), 1).subarray(4 * 960);
  expect(merged!.subarray(0, 240)).toEqual(early.subarray(0, 240));
});

describe('packets of other lengths', () => {
  test.each([
    [40, 2],
    [60, 3],
  ])('of %i ms fill as many turns', async (ms, turns) => {
    const packets = await packetsOf(ms * 48, tone({ hz: 300, dbfs: -10, seconds: 1.2 }));
    const { voice, counts } = decoder();
    const playouts = packets.flatMap((opus) => [frame(opus), ...times(turns - 1, HOLD)]);
    expect(flat(playAll(voice, playouts))).toEqual(decoded(codec, packets, 1));
    expect(counts.concealed).toBe(0);
  });

  test('of 10 ms come in twos, and one alone is filled up', async () => {
    const packets = await packetsOf(480, tone({ hz: 300, dbfs: -10, seconds: 0.5 }));
    const { voice, counts } = decoder();
    const pairs = packets.slice(0, 40);
    const playouts = pairs.flatMap((first, index): Playout[] =>
      index % 2 === 0 ? [{ is: 'merge', first, second: pairs[index + 1]! }] : [],
    );
    expect(flat(playAll(voice, playouts))).toEqual(decoded(codec, pairs, 1));
    const [alone] = playAll(voice, [frame(packets[40]!)]);
    expect(rms(alone!.subarray(480))).toBeGreaterThan(0.05);
    expect(counts).toMatchObject({ merged: 0, undecodable: 0 });
  });
});

test('without a decoder nothing is heard, and it is counted', async () => {
  const empty = await LibopusCodec.load({ spares: 0 });
  const counts = { concealed: 0, undecodable: 0, merged: 0, unready: 0 };
  const voice = new VoiceDecoder(empty, counts);
  expect(voice.play(frame(june[0]!)).pcm).toBeUndefined();
  expect(counts.unready).toBe(1);
});

test('nothing is louder than full scale, whatever a packet says: decoded, recovered or made up', () => {
  const { voice } = decoder();
  const playouts = [
    ...times(6, frame(CRAFTED_PACKET)),
    LOST,
    { is: 'lost', next: CRAFTED_PACKET } as const,
    frame(CRAFTED_PACKET),
    { is: 'merge', first: CRAFTED_PACKET, second: CRAFTED_PACKET } as const,
    { is: 'silence' } as const,
  ];
  for (const pcm of playAll(voice, playouts)) {
    expect(pcm.every((sample) => Math.abs(sample) <= 1)).toBe(true);
  }
});
