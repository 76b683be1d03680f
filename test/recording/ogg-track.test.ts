import { createReadStream, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import prism from 'prism-media';
import { describe, expect, test } from 'vitest';
import { opusSamples } from '../../src/audio/opus-packet.ts';
import { OggTrack } from '../../src/recording/ogg-track.ts';

const SECOND = 48_000;
const SILENT = new Set(['f8fffe', 'f0fffe', 'e8fffe', 'e0fffe']);

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
