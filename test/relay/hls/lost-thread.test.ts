import { expect, onTestFinished, test, vi } from 'vitest';
import { ENCODING_TRADE } from '../../../src/relay/encoding/encoding-threads.ts';
import { foundPieces } from '../../support/correlation.ts';
import { readPlaylist } from '../../support/hls-playlist.ts';
import { playInFfmpeg } from '../../support/players.ts';
import { startTalkingRelay } from '../../support/talking-relay.ts';

/** More than it plays: 8 s of silence, 4 s of what was said before, silence for as long as it takes, and what is said after. */
const SECONDS_MOST = 60;
/** Shorter segments are of the silence that a run begins with. */
const WHOLE_SECONDS = 3;
/** Until then ffmpeg is in what was said before. */
const BEFORE_SAMPLES = 12 * 48_000;

/** What real threads of encodings there are, from now on. */
function watchedThreads(): ReturnType<typeof ENCODING_TRADE.startWorker>[] {
  const started: ReturnType<typeof ENCODING_TRADE.startWorker>[] = [];
  const start = ENCODING_TRADE.startWorker;
  const spy = vi.spyOn(ENCODING_TRADE, 'startWorker').mockImplementation(() => {
    const worker = start();
    started.push(worker);
    return worker;
  });
  onTestFinished(() => spy.mockRestore());
  return started;
}

test('a player plays on when the thread that encodes dies: a discontinuity, and as far behind as before', async () => {
  const threads = watchedThreads();
  const { relay, host, said } = await startTalkingRelay();
  const link = `${relay.url}/p/${host.podcast.id}/live.m3u8`;
  const playlist = `${relay.url}/p/${host.podcast.id}/hls/audio.m3u8?session=who-watches`;
  const read = async () => readPlaylist(await (await fetch(playlist)).text());
  const playing = playInFfmpeg(link, { seconds: SECONDS_MOST });
  await vi.waitUntil(async () => (await read()).segments.length > 3, { timeout: 20_000, interval: 100 });
  await threads[0]?.terminate();
  const before = (await read()).segments;
  const anew = await vi.waitUntil(
    async () => {
      const segments = (await read()).segments.filter(({ map }) => map !== before[0]!.map);
      return segments.filter(({ seconds }) => seconds > WHOLE_SECONDS).length >= 2 && segments;
    },
    { timeout: 40_000, interval: 100 },
  );
  await host.close();
  expect(anew.map(({ discontinuity }) => discontinuity)).toEqual(
    anew.map(() => before[0]!.discontinuity + 1),
  );
  // What it begins with goes on where the other ended, to the half of a segment.
  const last = before.at(-1)!;
  expect(Math.abs(anew[0]!.dateMs - last.dateMs - 1000 * last.seconds)).toBeLessThan(1400);
  const { exitStatus, words, samples } = await playing;
  expect(exitStatus, words).toBe(0);
  expect(threads).toHaveLength(2);
  for (const part of [samples.subarray(0, BEFORE_SAMPLES), samples.subarray(-5 * 48_000)]) {
    const [best = 0] = foundPieces(part, said)
      .map(({ correlation }) => correlation)
      .toSorted((a, b) => b - a);
    expect(best, words).toBeGreaterThan(0.8);
  }
}, 90_000);
