import { expect, test } from 'vitest';
import { type AacCodec, loadAacCodec } from '../../../src/relay/encoding/aac-codec.ts';
import {
  AAC_LEAD_SAMPLES,
  AacEncoder,
  SEGMENT_SECONDS_MAX,
} from '../../../src/relay/encoding/aac-encoder.ts';
import { mediaPlaylist } from '../../../src/relay/hls/playlist.ts';
import { SegmentWindow } from '../../../src/relay/hls/segment-window.ts';
import { type ReadPlaylist, readPlaylist } from '../../support/hls-playlist.ts';

const NEW_YEAR = Date.UTC(2026, 0, 1);
const FRAMES = 3600 * 50;
/** What every encoder gets before anything is said. */
const LEAD_FRAMES = 60;

/** All but the sound itself is real. */
async function quickCodec(): Promise<AacCodec> {
  const packet = Buffer.from('a packet');
  return { ...(await loadAacCodec()), open: () => ({ encode: () => packet, free: () => undefined }) };
}

test('an hour goes by in a playlist without a gap, at its hour to the end, and no more is kept than at its start', async () => {
  const window = new SegmentWindow(NEW_YEAR);
  let wallMs = NEW_YEAR;
  const seen = new Map<number, ReadPlaylist['segments'][number]>();
  const encoder = new AacEncoder(
    (page) => {
      if (page.isHeader) return window.begin({ token: 'AAA', header: page.bytes });
      window.add(page, wallMs);
      const { segments, targetSeconds } = readPlaylist(mediaPlaylist(window.listing(), undefined));
      expect(targetSeconds).toBe(SEGMENT_SECONDS_MAX);
      expect(segments.length).toBeLessThanOrEqual(6);
      for (const segment of segments) {
        const known = seen.get(segment.number);
        if (known) expect(segment).toEqual(known);
        seen.set(segment.number, segment);
      }
      const newest = segments.at(-1)!.number;
      expect(window.segment('AAA', newest)?.bytes).toBe(page.bytes);
      expect(window.segment('AAA', newest - 13)).toBeUndefined();
    },
    await quickCodec(),
  );
  const pcm = new Float32Array(2 * 960);
  for (let frame = 0; frame < LEAD_FRAMES; frame += 1) encoder.encode({ opus: undefined, pcm });
  for (let frame = 0; frame < FRAMES; frame += 1) {
    wallMs += 20;
    encoder.encode({ opus: undefined, pcm });
  }
  const all = [...seen.values()];
  const [first, last] = [all[0]!, all.at(-1)!];
  expect(all.map(({ number }) => number)).toEqual(all.map((_, index) => first.number + index));
  expect(new Set(all.map(({ discontinuity, map }) => `${discontinuity} ${map}`)).size).toBe(1);
  expect(first.dateMs).toBe(NEW_YEAR - AAC_LEAD_SAMPLES / 48);
  for (const [index, { dateMs }] of all.entries()) {
    const before = all[index - 1];
    if (before) expect(Math.abs(dateMs - before.dateMs - 1000 * before.seconds)).toBeLessThanOrEqual(1);
  }
  // Whatever rounds adds up to nothing.
  const seconds = all.reduce((sum, segment) => sum + segment.seconds, 0);
  expect(Math.abs(last.dateMs + 1000 * last.seconds - first.dateMs - 1000 * seconds)).toBeLessThan(10);
  expect(wallMs - last.dateMs - 1000 * last.seconds).toBeLessThan(1000 * SEGMENT_SECONDS_MAX);
});
