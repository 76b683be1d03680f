import { describe, expect, test } from 'vitest';
import { loadSpeech, speechFiles } from '../../../simulator/speech.ts';
import { SILENCE } from '../../../src/audio/opus-packet.ts';
import { EncodingDesk } from '../../../src/relay/encoding/encoding-desk.ts';
import { decoded, matchOf, pieceOf } from '../../support/decoded.ts';
import { bytesOf, EncodingRun, KEY } from '../../support/encoding-run.ts';
import { coarse, decodedByFfmpeg, probed } from '../../support/ffmpeg.ts';
import { readOggPages } from '../../support/ogg-pages.ts';
import { ProgrammePackets } from '../../support/programme-packets.ts';

const FRAME_MS = 20;
const MP3_FRAME_BYTES = 384;
const OTHER_KEY = new Uint8Array(32).fill(4);
const speech = await loadSpeech(speechFiles.allison);
const FORMATS = [
  { format: 'mp3', container: 'mp3', likeness: 0.98, skippedSamples: 0 },
  { format: 'opus', container: 'ogg', likeness: 0.999, skippedSamples: 312 },
] as const;

/** 20 ms of a voice for each, one after the other. */
function say(run: EncodingRun, packets: ProgrammePackets, frames: readonly Uint8Array[]): void {
  for (const opus of frames) {
    run.send(1, [packets.next(opus)]);
    run.advance(FRAME_MS);
  }
}

/** dB of full scale. */
function loudness(pcm: Float32Array): number {
  return 20 * Math.log10(pcm.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0));
}

describe.each(FORMATS)('$format', ({ format, container, likeness, skippedSamples }) => {
  test('is what was said', async () => {
    const run = await EncodingRun.make();
    const packets = new ProgrammePackets(KEY, 5);
    const frames = speech.frames.slice(100, 250);
    run.start(1, format);
    say(run, packets, frames);
    run.stop(1);
    expect([run.faults, run.ended, run.counts.size]).toEqual([[], [1], 0]);
    const sound = decodedByFfmpeg(bytesOf(run.pages), container);
    expect(sound).toHaveLength(2 * (run.samples(1) - skippedSamples));
    const said = await decoded(frames.map((opus, index) => ({ timestamp: index * 960, opus })));
    // The delay of an encoder is no multiple of what is compared.
    const matches = Array.from({ length: 10 }, (_, shift) =>
      matchOf(pieceOf(said, 1, 0.5), coarse(sound.subarray(2 * shift))),
    );
    expect(Math.max(...matches.map((match) => match.likeness))).toBeGreaterThan(likeness);
  });

  test('begins with a second of silence, and goes on with it in the pace of the clock', async () => {
    const run = await EncodingRun.make();
    run.start(1, format);
    expect(run.samples(1)).toBeGreaterThan(0.9 * 48_000);
    expect(run.samples(1)).toBeLessThanOrEqual(1.2 * 48_000);
    for (let second = 1; second <= 5; second += 1) {
      run.advance(1000);
      const behind = (second + 1.2) * 48_000 - run.samples(1);
      expect(behind).toBeGreaterThanOrEqual(0);
      expect(behind).toBeLessThan(0.45 * 48_000);
    }
    expect(run.count('encoding-silence')).toBeGreaterThan(230);
    run.stop(1);
    expect(loudness(decodedByFfmpeg(bytesOf(run.pages), container))).toBeLessThan(-100);
  });

  test('has all that was sent, and silence for what was not', async () => {
    const run = await EncodingRun.make();
    const packets = new ProgrammePackets(KEY, 5);
    run.start(1, format);
    say(run, packets, speech.frames.slice(0, 50));
    run.advance(2000);
    packets.skip(100);
    say(run, packets, speech.frames.slice(50, 100));
    run.stop(1);
    expect(run.count('encoding-silence')).toBe(100);
    expect(run.count('encoding-late')).toBe(0);
    // The lead, what was said, and the gap; and the little that an encoder holds.
    expect(run.samples(1) - 960 * (60 + 50 + 100 + 50)).toBeGreaterThanOrEqual(0);
    expect(run.samples(1) - 960 * (60 + 50 + 100 + 50)).toBeLessThan(3 * 1152);
  });

  test('has nothing of what is taken back, and loses no time', async () => {
    const run = await EncodingRun.make();
    const packets = new ProgrammePackets(KEY, 5);
    run.start(1, format);
    say(run, packets, speech.frames.slice(100, 203));
    const before = run.samples(1);
    run.retract(1, 1);
    say(
      run,
      packets,
      Array.from({ length: 50 }, () => SILENCE),
    );
    run.stop(1);
    const after = run.pages.filter(({ generation }) => generation === 1);
    expect(before).toBeGreaterThan(48_000);
    const headers = run.pages.filter(({ isHeader }) => isHeader);
    const sound = decodedByFfmpeg(bytesOf([...headers, ...after]), container);
    expect(sound.length).toBeGreaterThan(2 * 0.9 * 48_000);
    expect(loudness(sound)).toBeLessThan(-80);
    const inTime = run.samples(1) - 960 * (60 + 103 + 50);
    expect([inTime >= 0, inTime < 3 * 1152]).toEqual([true, true]);
  });
});

test('every page of MP3 is whole frames of one size, that begin where the page does', async () => {
  const run = await EncodingRun.make();
  run.start(1, 'mp3');
  say(run, new ProgrammePackets(KEY, 5), speech.frames.slice(0, 100));
  run.stop(1);
  expect(run.pages.every(({ isHeader }) => !isHeader)).toBe(true);
  for (const { bytes, samples } of run.pages) {
    expect(samples).toBe((1152 * bytes.length) / MP3_FRAME_BYTES);
    for (let at = 0; at < bytes.length; at += MP3_FRAME_BYTES) {
      // MPEG 1 layer III without CRC, 128 kbit/s, 48 kHz, no padding (ISO 11172-3 §2.4.2.3).
      expect(bytes.subarray(at, at + 3)).toEqual(Uint8Array.of(0xff, 0xfb, 0x94));
    }
  }
  expect(run.pages.slice(0, -1).every(({ samples }) => samples === 7 * 1152)).toBe(true);
});

test('who joins in the middle of MP3 hears all but its first frames', async () => {
  const run = await EncodingRun.make();
  run.start(1, 'mp3');
  say(run, new ProgrammePackets(KEY, 5), speech.frames.slice(100, 300));
  const whole = decodedByFfmpeg(bytesOf(run.pages), 'mp3');
  const joined = decodedByFfmpeg(bytesOf(run.pages.slice(15)), 'mp3', { isCut: true });
  const tail = 2 * 2 * 48_000;
  expect(joined.subarray(-tail)).toEqual(whole.subarray(-tail));
  const missing = run.pages.slice(15).reduce((sum, { samples }) => sum + samples, 0) - joined.length / 2;
  expect(missing).toBeLessThanOrEqual(2 * 1152);
});

test('pages of Ogg are 100 ms of the packets as they came, numbered, timed, with the title in front', async () => {
  const run = await EncodingRun.make();
  const frames = speech.frames.slice(100, 150);
  run.start(1, 'opus', 'Knitting; a “circle” = fun');
  say(run, new ProgrammePackets(KEY, 5), frames);
  run.stop(1);
  const pages = readOggPages(bytesOf(run.pages));
  expect(pages.map(({ sequence }) => sequence)).toEqual(pages.map((_, index) => index));
  expect(new Set(pages.map(({ serial }) => serial)).size).toBe(1);
  expect(pages.map(({ flags }) => flags)).toEqual([2, ...pages.slice(2).map(() => 0), 4]);
  const sound = pages.slice(2, -1);
  expect(sound.map(({ granule }) => Number(granule))).toEqual(sound.map((_, index) => 4800 * (index + 1)));
  expect(sound.flatMap((page) => page.packets).slice(60)).toEqual(frames);
  expect(run.pages[0]).toMatchObject({ isHeader: true, samples: 0 });
  expect(probed(bytesOf(run.pages))).toMatchObject({
    codec_name: 'opus',
    tags: { TITLE: 'Knitting; a “circle” = fun' },
  });
});

describe('a desk', () => {
  test('makes several encodings of several podcasts, each of its own packets', async () => {
    const run = await EncodingRun.make();
    for (const job of [1, 2, 3]) run.start(job, job === 2 ? 'mp3' : 'opus');
    const one = new ProgrammePackets(KEY, 5);
    run.send(1, [one.next(Buffer.from('fcaa', 'hex')), one.next(Buffer.from('fcbb', 'hex'))]);
    run.send(4, [one.next(SILENCE)]);
    run.advance(1000);
    const has = (job: number): boolean => bytesOf(run.of(job)).includes(Buffer.from('fcaafcbb', 'hex'));
    expect([has(1), has(2), has(3)]).toEqual([true, false, false]);
    run.stop(1);
    const left = run.samples(1);
    run.advance(1000);
    expect([run.samples(1), run.ended]).toEqual([left, [1]]);
    expect(run.samples(2)).toBeGreaterThan(2.5 * 48_000);
  });

  test('has a round every 40 ms while there is something to encode, so that pages do not wait for others', async () => {
    const { desk, nowMs, faults } = await EncodingRun.make();
    expect(desk.run(nowMs)).toBeUndefined();
    desk.take({ type: 'start', job: 1, start: { key: KEY, format: 'opus', title: '' } }, nowMs);
    expect(desk.run(nowMs)).toBe(40);
    desk.take({ type: 'stop', job: 1 }, nowMs);
    expect(desk.run(nowMs)).toBeUndefined();
    expect(faults).toEqual([]);
  });

  test('begins one encoding in a round: pages of the others go out in between', () => {
    let made = 0;
    const make = () => {
      made += 1;
      return { encode: () => undefined, retract: () => undefined, close: () => undefined };
    };
    const desk = new EncodingDesk({
      decoders: { takeDecoder: () => undefined },
      makers: { aac: make, mp3: make, opus: make },
    });
    for (const job of [1, 2, 3])
      desk.take({ type: 'start', job, start: { key: KEY, format: 'mp3', title: '' } }, 1000);
    const rounds = Array.from({ length: 3 }, () => [desk.run(1000), made]);
    expect(rounds).toEqual([
      [0, 1],
      [0, 2],
      [40, 3],
    ]);
  });

  test('counts packets that it cannot use, and goes on', async () => {
    const run = await EncodingRun.make();
    run.start(1, 'mp3');
    const packets = new ProgrammePackets(KEY, 5);
    run.send(1, [new ProgrammePackets(OTHER_KEY, 5).next(SILENCE)]);
    // 40 ms, then what says 20 ms and is nothing that can be decoded.
    run.send(1, [packets.next(Uint8Array.of(0xf9, 0xff, 0xfe)), packets.next(Uint8Array.of(0xfb))]);
    run.send(1, [
      packets.next(Uint8Array.of(0xfb, 0x01, ...Array.from({ length: 1300 }, () => 0xff)).subarray(0, 1275)),
    ]);
    const once = packets.next(SILENCE);
    run.send(1, [once, once]);
    expect(Object.fromEntries(run.counts)).toMatchObject({ 'encoding-unopened': 1, 'encoding-late': 1 });
    expect(run.count('encoding-undecodable')).toBeGreaterThanOrEqual(2);
    expect(run.faults).toEqual([]);
  });

  test('reads what waits before it makes up for a moment in which it stood still', async () => {
    const run = await EncodingRun.make();
    run.start(1, 'opus');
    const packets = new ProgrammePackets(KEY, 5);
    say(run, packets, speech.frames.slice(0, 10));
    const waiting = speech.frames.slice(10, 110).map((opus) => packets.next(opus));
    run.nowMs += 2000;
    run.send(1, waiting, run.nowMs - 2000);
    expect([run.count('encoding-late'), run.count('encoding-silence')]).toEqual([0, 0]);
  });

  test('begins an encoding when its encoder is loaded', async () => {
    const wasm = await EncodingRun.make();
    for (let job = 2; job < 20; job += 1) wasm.start(job, 'mp3');
    expect([wasm.of(19), wasm.faults]).toEqual([[], []]);
    expect(wasm.count('encoding-unready')).toBeGreaterThan(0);
    while (wasm.of(19).length === 0) {
      await new Promise(setImmediate);
      wasm.advance(5);
    }
    expect(wasm.of(19)[0]?.samples).toBe(7 * 1152);
  });

  test('begins an encoding anew that fails, a second later, and the others notice nothing', () => {
    let made = 0;
    const desk = new EncodingDesk({
      decoders: { takeDecoder: () => undefined },
      makers: {
        aac: () => undefined,
        mp3(give) {
          let frames = 0;
          made += 1;
          return {
            encode() {
              frames += 1;
              if (frames === 70) throw new Error('broken encoder');
            },
            retract: () => undefined,
            close: () => give({ isHeader: false, samples: 1, bytes: Uint8Array.of(1) }),
          };
        },
        opus: (give) => ({
          encode: () => give({ isHeader: false, samples: 960, bytes: Uint8Array.of(2) }),
          retract: () => undefined,
          close: () => undefined,
        }),
      },
    });
    const run = new EncodingRun(desk);
    run.start(1, 'mp3');
    run.start(2, 'opus');
    run.advance(450);
    expect([run.faults.length, made]).toEqual([1, 1]);
    expect(run.faults[0]).toContain('broken encoder');
    run.advance(900);
    expect(made).toBe(1);
    run.advance(200);
    expect(made).toBe(2);
    expect(run.of(2).length).toBeGreaterThan(100);
  });
});
