import { expect, test } from 'vitest';
import { openInChromium } from '../../support/browser.ts';
import { foundPieces } from '../../support/correlation.ts';
import { heardSound } from '../../support/heard-sound.ts';
import { hlsPage } from '../../support/hls-page.ts';
import { playInFfmpeg, playInMpv, playInVlc, probe } from '../../support/players.ts';
import { hasPlaylist, startTalkingRelay } from '../../support/talking-relay.ts';

/** Of sound. */
const SECONDS = 8;

/**
 * How often what is heard a second later was said a second later. A programme places each run of speech anew, by some ms, so that
 * few pieces are the same sound from one end to the other; but each is found where it was said.
 */
function secondsInOrder(said: Float32Array, heard: Float32Array): number {
  const places = foundPieces(said, heard.subarray(-6 * 48_000)).map(
    ({ delaySamples }) => delaySamples / 48_000,
  );
  return places.filter((place, index) => Math.abs(place - (places[index - 1] ?? NaN) - 1) < 0.15).length;
}

test('players of all kinds hear what is said, and each is one listener; who only probes is none', async () => {
  const { relay, host, said, look } = await startTalkingRelay();
  const link = `${relay.url}/p/${host.podcast.id}/live.m3u8`;
  await hasPlaylist(link);
  const probed = await probe(link);
  expect(probed.streams).toMatchObject([{ codec_name: 'aac', sample_rate: '48000', channels: 2 }]);
  expect((await look()).listeners_by.hls).toBe(0);
  const listening = await openInChromium(await hlsPage(link));
  await listening.page.click('button');
  const [ffmpeg, mpv, vlc] = await Promise.all([
    // It reads as fast as it can, if nothing is said.
    playInFfmpeg(link, { seconds: SECONDS, args: ['-re'] }),
    playInMpv(link, { seconds: SECONDS }),
    playInVlc(link, { seconds: SECONDS }),
  ]);
  // Nobody has been away for long enough to be forgotten.
  expect((await look()).listeners_by.hls).toBe(4);
  for (const { exitStatus, words, samples } of [ffmpeg, mpv, vlc]) {
    expect(exitStatus, words).toBe(0);
    expect(secondsInOrder(said, samples)).toBeGreaterThanOrEqual(3);
  }
  expect(await listening.page.evaluate('problems.filter(([, isFatal]) => isFatal)')).toEqual([]);
  expect(secondsInOrder(said, (await heardSound(listening)).samples)).toBeGreaterThanOrEqual(3);
}, 60_000);
