import { createReadStream, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import prism from 'prism-media';
import { describe, expect, test } from 'vitest';
import { opusSamples } from '../../src/audio/opus-packet.ts';
import { OggTrack } from '../../src/recording/ogg-track.ts';

const SECOND = 48_000;
const SILENT = new Set([`fb06${'fffe'.repeat(6)}`, 'f8fffe', 'f0fffe', 'e8fffe', 'e0fffe']);

/** A frame of 20 ms that can be told from every other. */
function frame(number: number): Buffer {
  return Buffer.from([0xfc, number >> 8, number & 0xff, 1, 2, 3]);
}

async function record(
  write: (track: OggTrack) => void,
  endSample: number,
): Promise<{ path: string; track: OggTrack }> {
  const path = join(mkdtempSync(join(tmpdir(), 'guildcast-')), 'track.opus');
  const track = new OggTrack(path);
  write(track);
  await track.finish(endSample);
  return { path, track };
}

/** Where each frame that is not silence stands, as a demuxer of other people reads it. */
async function placesIn(path: string): Promise<{ places: [number, string][]; samples: number }> {
  const places: [number, string][] = [];
  let samples = 0;
  for await (const packet of createReadStream(path).pipe(new prism.opus.OggDemuxer())) {
    const hex = (packet as Buffer).toString('hex');
    if (!SILENT.has(hex)) places.push([samples, hex]);
    samples += opusSamples(packet as Buffer);
  }
  return { places, samples };
}

/** Of each Ogg page (RFC 3533 §6): the granule position it states, and the samples of all packets that ended by then. */
function pagesOf(file: Buffer): { granules: number[]; samples: number[] } {
  const granules: number[] = [];
  const samples: number[] = [];
  let total = 0;
  for (let page = 0; page < file.length;) {
    const segments = file[page + 26]!;
    const lacing = file.subarray(page + 27, page + 27 + segments);
    let at = page + 27 + segments;
    let start = at;
    for (const size of lacing) {
      at += size;
      if (size === 255) continue;
      const packet = file.subarray(start, at);
      if (!packet.toString('latin1', 0, 4).startsWith('Opus')) total += opusSamples(packet);
      start = at;
    }
    granules.push(Number(file.readBigInt64LE(page + 6)));
    samples.push(total);
    page = at;
  }
  return { granules, samples };
}

describe('a track in an Ogg file', () => {
  test('keeps silence at its beginning, between its frames and at its end', async () => {
    const { path } = await record((track) => {
      track.add(frame(1), SECOND);
      track.add(frame(2), SECOND + 960);
      track.add(frame(3), 3 * SECOND + 480);
    }, 5 * SECOND);
    expect(await placesIn(path)).toEqual({
      places: [
        [SECOND, frame(1).toString('hex')],
        [SECOND + 960, frame(2).toString('hex')],
        [3 * SECOND + 480, frame(3).toString('hex')],
      ],
      samples: 5 * SECOND,
    });
  });

  test('puts a frame that was overtaken back in its place', async () => {
    const { path, track } = await record((open) => {
      for (const number of [0, 2, 1, 4, 3]) open.add(frame(number), number * 960);
    }, 5 * 960);
    const { places } = await placesIn(path);
    expect(places.map(([, hex]) => hex)).toEqual(
      [0, 1, 2, 3, 4].map((number) => frame(number).toString('hex')),
    );
    expect(track.late).toBe(0);
  });

  test('counts a frame that comes after its place was written, and one that comes twice', async () => {
    const { track } = await record((open) => {
      for (let number = 0; number < 100; number++) open.add(frame(number), number * 960);
      open.add(frame(3), 3 * 960);
      open.add(frame(99), 99 * 960);
    }, 100 * 960);
    expect(track.late).toBe(2);
  });

  test('has the right granule position on every page, also where pages are full of short silences', async () => {
    const { path } = await record((track) => {
      for (let number = 0; number < 500; number++) track.add(frame(number), number * 9720);
    }, 500 * 9720);
    const { granules, samples } = pagesOf(readFileSync(path));
    expect(granules).toEqual(samples);
  });

  test('writes silence as time goes by, but nothing over what is still held', async () => {
    const { path } = await record((track) => {
      track.add(frame(1), SECOND);
      track.advance(10 * SECOND);
      track.add(frame(2), SECOND + 960);
      track.add(frame(3), 12 * SECOND);
      track.advance(11 * SECOND);
    }, 13 * SECOND);
    expect((await placesIn(path)).places.map(([sample]) => sample)).toEqual([
      SECOND,
      SECOND + 960,
      12 * SECOND,
    ]);
  });

  test('does not drift over an hour of turns that end between frames', async () => {
    const turns = 400;
    const turnSamples = 9 * SECOND + 77;
    const { path } = await record((track) => {
      for (let turn = 0; turn < turns; turn++) track.add(frame(turn), turn * turnSamples);
    }, turns * turnSamples);
    const { places } = await placesIn(path);
    const [last] = places.at(-1)!;
    expect(Math.abs(last - (turns - 1) * turnSamples)).toBeLessThan(120);
  });
});
