import { expect, test, vi } from 'vitest';
import { LibopusCodec } from '../../../src/audio/opus-codec.ts';
import { openInChromium } from '../../support/browser.ts';
import type { ListeningPage } from '../../support/chromium.ts';
import { heardSound } from '../../support/heard-sound.ts';
import { hlsPage } from '../../support/hls-page.ts';
import { playlistBehind, readPlaylist } from '../../support/hls-playlist.ts';
import { playInFfmpeg } from '../../support/players.ts';
import { encoded, inBothEars, levelAt, tone } from '../../support/sounds.ts';
import { hasPlaylist, startTalkingRelay, TALKER_SSRC } from '../../support/talking-relay.ts';

/** What is said before somebody goes off air, and after. */
const BEFORE_HZ = 440;
const AFTER_HZ = 1000;
/** What who comes then plays: half of it is silence, and on a busy machine more. */
const SECONDS = 30;

async function frames(hz: number): Promise<Uint8Array[]> {
  const codec = await LibopusCodec.load({ spares: 1 });
  const packets = encoded(codec, inBothEars(tone({ hz, dbfs: -12, seconds: 1 })), 2);
  codec.close();
  return packets;
}

/** Seconds of a sound in which a tone is. */
function secondsOf(hz: number, heard: Float32Array): number {
  let seconds = 0;
  for (let at = 0; at + 4800 <= heard.length; at += 4800) {
    if (levelAt(hz, heard.subarray(at, at + 4800)) > -45) seconds += 0.1;
  }
  return seconds;
}

async function playerOf(link: string, by: 'browser' | 'hls.js'): Promise<ListeningPage> {
  return await openInChromium(await hlsPage(link, by));
}

/** Resolves when it plays what is said after, however late it does on a busy machine. */
async function hearsWhatIsNew(player: ListeningPage): Promise<void> {
  const state = async () => ({
    problems: await player.evaluate<unknown[]>('problems'),
    hears: secondsOf(AFTER_HZ, (await heardSound(player, 5)).samples) > 1,
  });
  await expect.poll(state, { timeout: 60_000, interval: 1000 }).toEqual({ problems: [], hears: true });
}

test('somebody goes off air: who listens plays on, who comes plays at once, and nobody who comes hears what was said', async () => {
  const [{ relay, host, say }, before, after] = await Promise.all([
    startTalkingRelay(),
    frames(BEFORE_HZ),
    frames(AFTER_HZ),
  ]);
  say(before);
  const link = `${relay.url}/p/${host.podcast.id}/live.m3u8`;
  await hasPlaylist(link);
  const playlist = await playlistBehind(link);
  const segments = async () => readPlaylist(await (await fetch(playlist)).text()).segments;
  const listeners = await Promise.all([playerOf(link, 'browser'), playerOf(link, 'hls.js')]);
  const newcomers = await Promise.all([playerOf(link, 'browser'), playerOf(link, 'hls.js')]);
  await Promise.all(listeners.map((listener) => listener.click('button')));
  // The silence of the beginning, and three segments.
  await vi.waitUntil(async () => (await segments()).length === 6, { timeout: 30_000, interval: 200 });
  say(after);
  // Two in a row.
  host.retract(TALKER_SSRC);
  host.retract(TALKER_SSRC);
  await vi.waitUntil(async () => {
    const other = await (await fetch(await playlistBehind(link))).text();
    return other.includes('-silence.m4s');
  });
  await Promise.all(newcomers.map((newcomer) => newcomer.click('button')));
  const ffmpeg = playInFfmpeg(link, { seconds: SECONDS, args: ['-re'] });
  await Promise.all([...newcomers, ...listeners].map(hearsWhatIsNew));
  const { exitStatus, samples, words } = await ffmpeg;
  expect(exitStatus, words).toBe(0);
  expect(words).not.toContain('skipping');
  const heard = new Map([['ffmpeg', samples]]);
  for (const [index, each] of [...newcomers, ...listeners].entries()) {
    const by = `${index < 2 ? 'who comes' : 'who listens'} with ${index % 2 === 0 ? 'Chromium' : 'hls.js'}`;
    expect([by, ...(await each.evaluate<unknown[]>('[problems, waits]'))]).toEqual([by, [], []]);
    if (index < 2) heard.set(by, (await heardSound(each)).samples);
  }
  for (const [by, sound] of heard) {
    expect(secondsOf(AFTER_HZ, sound), by).toBeGreaterThan(1);
    expect(secondsOf(BEFORE_HZ, sound), by).toBe(0);
  }
}, 120_000);
