import { expect, test } from 'vitest';
import { openInChromium } from '../../support/browser.ts';
import type { ListeningPage } from '../../support/chromium.ts';
import { foundPieces } from '../../support/correlation.ts';
import { heardSound } from '../../support/heard-sound.ts';
import { hlsPage } from '../../support/hls-page.ts';
import { type Played, playInFfmpeg, playInMpv, playInVlc, probe } from '../../support/players.ts';
import { startTalkingRelay } from '../../support/talking-relay.ts';

/** What players without a page play: the first seven are silence, for they are the first who listen. */
const SECONDS = 16;
/** … and what pages play, in which they stand still at no time. */
const PAGE_SECONDS = 20;

/**
 * How often what is heard a second later was said a second later. A programme places each run of speech anew, by some ms, so that
 * few pieces are the same sound from one end to the other; but each is found where it was said.
 */
function secondsInOrder(said: Float32Array, heard: Float32Array): number {
  const places = foundPieces(said, heard.subarray(-15 * 48_000)).map(
    ({ delaySamples }) => delaySamples / 48_000,
  );
  return places.filter((place, index) => Math.abs(place - (places[index - 1] ?? NaN) - 1) < 0.15).length;
}

/** Until then, and no longer: what the test works out afterwards keeps its relay busy. */
async function plays(listening: ListeningPage): Promise<{ trouble: unknown[]; samples: Float32Array }> {
  await listening.page.waitForFunction(
    `window.audio?.currentTime >= ${PAGE_SECONDS} || problems.length > 0`,
    undefined,
    {
      polling: 200,
      timeout: 45_000,
    },
  );
  const trouble = await listening.evaluate<unknown[]>('[problems, waits]');
  return { trouble, samples: (await heardSound(listening)).samples };
}

test('players of all kinds hear what is said from the first moment on, and each is one listener; who only probes is none', async () => {
  const { relay, host, said, look } = await startTalkingRelay();
  const link = `${relay.url}/p/${host.podcast.id}/live.m3u8`;
  const pages = await Promise.all([
    hlsPage(link).then((url) => openInChromium(url)),
    hlsPage(link, 'browser').then((url) => openInChromium(url)),
  ]);
  // The first of all who listen.
  await Promise.all(pages.map((listening) => listening.click('button')));
  const watched = { isPlaying: true, most: 0 };
  // When the last one has ended the first may be forgotten already.
  const count = async (): Promise<void> => {
    while (watched.isPlaying) {
      const now = (await look()).listeners_by.hls;
      watched.most = Math.max(watched.most, now);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };
  const counting = count();
  const probing = probe(link);
  const programs = Promise.all([
    // It reads as fast as it can, if nothing is said.
    playInFfmpeg(link, { seconds: SECONDS, args: ['-re'] }),
    playInMpv(link, { seconds: SECONDS }),
    playInVlc(link, { seconds: SECONDS }),
  ]);
  const played = await Promise.all(pages.map(plays));
  const [ffmpeg, mpv, vlc] = await programs;
  expect((await probing).streams).toMatchObject([{ codec_name: 'aac', sample_rate: '48000', channels: 2 }]);
  watched.isPlaying = false;
  await counting;
  const hasHeard = (by: string, heard: Float32Array, words = ''): void =>
    expect(secondsInOrder(said, heard), `${by}: ${words}`).toBeGreaterThanOrEqual(3);
  const byProgram: [string, Played][] = [
    ['ffmpeg', ffmpeg],
    ['mpv', mpv],
    ['VLC', vlc],
  ];
  for (const [by, { exitStatus, words, samples }] of byProgram) {
    expect(exitStatus, `${by}: ${words}`).toBe(0);
    hasHeard(by, samples, words);
  }
  for (const [index, by] of ['hls.js', 'Chromium'].entries()) {
    const { trouble, samples } = played[index]!;
    expect([by, ...trouble]).toEqual([by, [], []]);
    hasHeard(by, samples);
  }
  expect(watched.most).toBe(5);
}, 90_000);
