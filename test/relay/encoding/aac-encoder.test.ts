import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type AacCodec, loadAacCodec } from '../../../src/relay/encoding/aac-codec.ts';
import {
  AAC_LEAD_SAMPLES,
  AacEncoder,
  aacEncoders,
  SEGMENT_SECONDS_MAX,
} from '../../../src/relay/encoding/aac-encoder.ts';
import { placeOfSegment, silentSegment, startOfSegment } from '../../../src/relay/encoding/aac-fragments.ts';
import type { EncodedPage, Encoder } from '../../../src/relay/encoding/encoder.ts';
import { boxAt, boxesOf } from '../../support/mp4-boxes.ts';
import { inBothEars, inFrames, tone } from '../../support/sounds.ts';

const codec = await loadAacCodec();

function encoderOn(used: AacCodec = codec): { encoder: Encoder; pages: EncodedPage[] } {
  const pages: EncodedPage[] = [];
  return { encoder: new AacEncoder((page) => void pages.push(page), used), pages };
}

function say(encoder: Encoder, mono: Float32Array): void {
  for (const pcm of inFrames(inBothEars(mono), 2)) encoder.encode({ opus: undefined, pcm });
}

function fileOf(pages: readonly EncodedPage[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'aac-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'sound.mp4');
  writeFileSync(file, Buffer.concat(pages.map(({ bytes }) => bytes)));
  return file;
}

/** Silence of the time before. */
const BEFORE_SAMPLES = (3 * 125 - 46) * 1024;

/** The left channel from when the encoder began, as ffmpeg hears it. */
function heard(pages: readonly EncodedPage[]): Float32Array {
  const command = [
    '-v',
    'error',
    '-xerror',
    '-i',
    fileOf(pages),
    '-map_channel',
    '0.0.0',
    '-f',
    'f32le',
    '-',
  ];
  const bytes = execFileSync('ffmpeg', command, { maxBuffer: 1 << 28 });
  const pcm = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  expect(peak(pcm.subarray(0, BEFORE_SAMPLES))).toBeLessThan(0.001);
  return pcm.subarray(BEFORE_SAMPLES);
}

function packetsOf(pages: readonly EncodedPage[]): { pts: number; size: number }[] {
  const show = ['-v', 'error', '-show_entries', 'packet=pts,size', '-of', 'json', fileOf(pages)];
  const { packets } = JSON.parse(execFileSync('ffprobe', show, { encoding: 'utf8' })) as {
    packets: { pts: number; size: string }[];
  };
  return packets.map(({ pts, size }) => ({ pts, size: Number(size) }));
}

function peak(pcm: Float32Array): number {
  return pcm.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
}

/** A tone that is said from one second to the other. */
const silence = new Float32Array(24_000);
const beep = tone({ hz: 1000, dbfs: -10, seconds: 0.5 });

describe('AAC', () => {
  test('sounds as what was said, and at that time to the sample', () => {
    const { encoder, pages } = encoderOn();
    for (let time = 0; time < 12; time += 1) {
      say(encoder, silence);
      say(encoder, beep);
    }
    const pcm = heard(pages);
    let [product, said, energy] = [0, 0, 0];
    for (let at = 0; at < pcm.length; at += 1) {
      const wanted = at % 48_000 < 24_000 ? 0 : beep[(at % 48_000) - 24_000]!;
      product += wanted * pcm[at]!;
      said += wanted * wanted;
      energy += pcm[at]! ** 2;
    }
    expect(pcm.length / 48_000).toBeGreaterThan(7.9);
    expect(product / Math.sqrt(said * energy)).toBeGreaterThan(0.995);
    expect(energy / said).toBeCloseTo(1, 1);
  });

  test('comes as a header and whole segments, shorter ones only at the start, whose times follow one another', () => {
    const { encoder, pages } = encoderOn();
    say(encoder, tone({ hz: 300, dbfs: -20, seconds: 14 }));
    const [header, ...segments] = pages;
    expect(header).toMatchObject({ isHeader: true, samples: 0 });
    expect(boxesOf(header!.bytes).map(({ type }) => type)).toEqual(['ftyp', 'moov']);
    expect(segments.map(({ samples }) => samples / 1024)).toEqual([125, 125, 125, 187, 187, 187]);
    let startSamples = 0;
    for (const [index, { bytes, samples, isHeader }] of segments.entries()) {
      expect(isHeader).toBe(false);
      expect(samples / 48_000).toBeLessThanOrEqual(SEGMENT_SECONDS_MAX);
      expect(boxesOf(bytes).map(({ type }) => type)).toEqual(['styp', 'moof', 'mdat']);
      expect(boxAt(bytes, 'moof', 'mfhd').body.readUInt32BE(4)).toBe(index + 1);
      expect(boxAt(bytes, 'moof', 'traf', 'tfdt').body.readBigUInt64BE(4)).toBe(BigInt(startSamples));
      expect(startOfSegment(bytes)).toBe(startSamples);
      const run = boxAt(bytes, 'moof', 'traf', 'trun').body;
      expect(run.readUInt32BE(4) * 1024).toBe(samples);
      expect(run.readInt32BE(8)).toBe(boxAt(bytes, 'mdat').start + 8 - boxAt(bytes, 'moof').start);
      const sizes = Array.from({ length: run.readUInt32BE(4) }, (_, at) => run.readUInt32BE(12 + 4 * at));
      expect(sizes.reduce((sum, size) => sum + size)).toBe(boxAt(bytes, 'mdat').body.length);
      startSamples += samples;
    }
    const packets = packetsOf(pages);
    expect(packets.map(({ pts }) => pts)).toEqual(packets.map((_, index) => 1024 * index));
  });

  test('begins with silence that is there at once, for players to have something in their buffers', () => {
    const { encoder, pages } = encoderOn();
    say(encoder, new Float32Array(1.2 * 48_000));
    const lead = pages.reduce((sum, { samples }) => sum + samples, 0);
    expect(lead).toBe(AAC_LEAD_SAMPLES);
    expect(peak(heard(pages))).toBeLessThan(0.001);
    expect(pages.reduce((sum, { bytes }) => sum + bytes.length, 0)).toBeLessThan(10_000);
  });

  test('is AAC-LC of 48 kHz in stereo: mp4a.40.2', () => {
    const { encoder, pages } = encoderOn();
    say(encoder, beep);
    say(encoder, beep);
    say(encoder, beep);
    const show = ['-v', 'error', '-show_streams', '-of', 'json', fileOf(pages)];
    const { streams } = JSON.parse(execFileSync('ffprobe', show, { encoding: 'utf8' })) as {
      streams: unknown[];
    };
    expect(streams).toEqual([
      expect.objectContaining({
        codec_name: 'aac',
        profile: 'LC',
        sample_rate: '48000',
        channels: 2,
        codec_tag_string: 'mp4a',
      }),
    ]);
  });

  test('has no more than 128 kbit/s and the boxes', () => {
    const { encoder, pages } = encoderOn();
    const noise = new Float32Array(48_000 * 12).map((_, at) => Math.sin(at * at) * 0.3);
    say(encoder, noise);
    for (const { bytes, samples } of pages.slice(1)) {
      expect((bytes.length * 8) / (samples / 48_000)).toBeLessThan(160_000);
    }
  });

  test('gives the rest when it is closed', () => {
    const { encoder, pages } = encoderOn();
    say(encoder, silence);
    say(encoder, beep);
    say(encoder, beep);
    encoder.close();
    const pcm = heard(pages);
    expect(pcm.length / 48_000).toBeGreaterThan(1.5);
    expect(peak(pcm.subarray(70_000, 72_000))).toBeGreaterThan(0.25);
  });

  test('can be made and closed a thousand times', () => {
    for (let time = 0; time < 1000; time += 1) encoderOn().encoder.close();
  });
});

describe('what is retracted', () => {
  test('is silence where it was not given out yet, and time goes on', () => {
    const { encoder, pages } = encoderOn();
    say(encoder, tone({ hz: 440, dbfs: -6, seconds: 3.1 }));
    const given = pages.slice(1).reduce((sum, { samples }) => sum + samples, -BEFORE_SAMPLES);
    encoder.retract();
    say(encoder, new Float32Array(96_000));
    say(encoder, tone({ hz: 440, dbfs: -6, seconds: 6 }));
    const pcm = heard(pages);
    expect(peak(pcm.subarray(0, given))).toBeGreaterThan(0.4);
    // A packet's second half is told by the next one: of what was given out a rest may be heard.
    expect(peak(pcm.subarray(given + 1024, 5.1 * 48_000 - 1024))).toBeLessThan(0.001);
    expect(peak(pcm.subarray(5.1 * 48_000 + 1024, 5.2 * 48_000))).toBeGreaterThan(0.4);
    const packets = packetsOf(pages);
    expect(packets.map(({ pts }) => pts)).toEqual(packets.map((_, index) => 1024 * index));
  });

  test('is silence where it was given out: to the sample of that length, without a click, and all else as it was', () => {
    const { encoder, pages } = encoderOn();
    say(encoder, tone({ hz: 440, dbfs: -6, seconds: 15 }));
    const before = heard(pages);
    const [from, to] = [3, 4].map((page) => startOfSegment(pages[page + 1]!.bytes) - BEFORE_SAMPLES);
    const silent = { ...pages[4]!, bytes: silentSegment(placeOfSegment(pages[4]!.bytes)) };
    const after = heard(pages.with(4, silent));
    expect(after.length).toBe(before.length);
    expect(after.subarray(0, from)).toEqual(before.subarray(0, from));
    // A packet's second half is told by the next one: it fades out, and in.
    expect(peak(after.subarray(from! + 1024, to))).toBe(0);
    expect(after.subarray(to! + 1024)).toEqual(before.subarray(to! + 1024));
    const steps = after.map((sample, at) => sample - (after[at - 1] ?? 0));
    expect(peak(steps.subarray(from! - 1024, to! + 2048))).toBeLessThan(
      1.3 * peak(steps.subarray(0, from! - 1024)),
    );
  });

  test.each([0, 1, 2, 3])('may be retracted after %i frames, and again', (frames) => {
    const { encoder, pages } = encoderOn();
    say(encoder, tone({ hz: 440, dbfs: -6, seconds: frames / 50 }));
    encoder.retract();
    encoder.retract();
    say(encoder, new Float32Array(48_000 - 960 * frames));
    say(encoder, beep);
    const pcm = heard(pages);
    expect(peak(pcm)).toBeLessThan(0.001);
    say(encoder, new Float32Array(4 * 48_000));
    const more = heard(pages);
    const first = more.findIndex((sample) => Math.abs(sample) > 0.1);
    expect(Math.abs(first - 48_000)).toBeLessThan(100);
  });
});

test('sound that is no number, or far too loud, harms nothing', () => {
  const { encoder, pages } = encoderOn();
  for (const value of [Number.NaN, Infinity, -Infinity, 5e6, -5e6, 1e-42]) {
    say(encoder, new Float32Array(48_000).fill(value));
  }
  say(encoder, silence);
  say(encoder, beep);
  encoder.close();
  expect(peak(heard(pages).subarray(6 * 48_000 + 48_000 - 20_000))).toBeGreaterThan(0.25);
});

test('an encoder that fails at a packet makes silence of it, and goes on', () => {
  let times = 0;
  const failing: AacCodec = {
    ...codec,
    open() {
      const stream = codec.open();
      return {
        encode(pcm) {
          times += 1;
          const packet = stream.encode(pcm);
          return times === 20 ? undefined : packet;
        },
        free: () => stream.free(),
      };
    },
  };
  const { encoder, pages } = encoderOn(failing);
  for (let time = 0; time < 5; time += 1) say(encoder, beep);
  expect(pages).toHaveLength(1 + 3);
  expect(heard(pages).length).toBe(46 * 1024);
});

test('an encoder that cannot be opened again is freed once', () => {
  let opened = 0;
  const freed: number[] = [];
  const scarce: AacCodec = {
    ...codec,
    open() {
      if (opened === 1) throw new Error('no room');
      opened += 1;
      return { encode: () => Buffer.from('a packet'), free: () => void freed.push(opened) };
    },
  };
  const { encoder } = encoderOn(scarce);
  expect(() => encoder.retract()).toThrow('no room');
  encoder.close();
  expect(freed).toEqual([1]);
});

const give = (): void => undefined;

describe('encoders', () => {
  test('come once the codec is loaded, which is done once', async () => {
    let times = 0;
    const make = aacEncoders(() => {
      times += 1;
      return Promise.resolve(codec);
    });
    expect(make(give, '')).toBeUndefined();
    await Promise.resolve();
    make(give, '')?.close();
    make(give, '')?.close();
    expect(times).toBe(1);
  });

  test('say why there are none', async () => {
    const make = aacEncoders(() => Promise.reject(new Error('no such file')));
    expect(make(give, '')).toBeUndefined();
    await new Promise(setImmediate);
    expect(() => make(give, '')).toThrow('does not load');
  });
});
