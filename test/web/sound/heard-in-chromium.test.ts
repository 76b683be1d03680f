import { expect, onTestFinished, test } from 'vitest';
import { LibopusCodec } from '../../../src/audio/opus-codec.ts';
import { type PodcastHost, hostPodcast } from '../../../src/client/podcast-host.ts';
import { openInChromium } from '../../support/browser.ts';
import { type Found, foundPieces } from '../../support/correlation.ts';
import { heardSound, hearsSound } from '../../support/heard-sound.ts';
import { speechOf } from '../../support/on-air.ts';
import { packetSoundPage, toldIn } from '../../support/packet-sound-page.ts';
import { sayLive } from '../../support/said-live.ts';
import { decoded } from '../../support/sounds.ts';
import { type TestRelay, startTestRelay } from '../../support/test-relay.ts';

async function hostAt(relay: TestRelay): Promise<PodcastHost> {
  const host = await hostPodcast({ relay: relay.url, account: relay.account });
  onTestFinished(() => host.close());
  return host;
}

async function soundOf(packets: readonly Uint8Array[]): Promise<Float32Array> {
  const codec = await LibopusCodec.load({ spares: 1 });
  const sound = decoded(codec, packets, 1);
  codec.close();
  return sound;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;
}

/** Of each half second from a second of what was said on, where it was found. */
function piecesOf(heard: Float32Array, said: Float32Array, seconds: number): Found[] {
  return foundPieces(heard, said.subarray(48_000, (1 + seconds) * 48_000), 0.5);
}

test('one speaker is heard as they spoke, soon, and as late as it is said to be', async () => {
  const relay = await startTestRelay();
  const host = await hostAt(relay);
  const { frames } = await speechOf('allison');
  const packets = frames.slice(0, 600);
  const said = await soundOf(packets);
  const listening = await openInChromium(await packetSoundPage(relay.url, host.podcast.id));
  const live = sayLive(host, [{ ssrc: 1, packets }]);
  onTestFinished(() => live.stop());
  await listening.page.click('button');
  await hearsSound(listening, 6);
  const told = await toldIn(listening);
  const pageClockMs = performance.now() - told.nowMs;
  const heard = await heardSound(listening);
  const pieces = piecesOf(heard.samples, said, 5);
  const delays = pieces.map(
    ({ delaySamples }, i) => heard.startMs + delaySamples / 48 - (live.startMs + (1 + i / 2) * 1000),
  );
  const firstLoud = heard.samples.findIndex((sample) => Math.abs(sample) > 0.001);
  console.log({
    states: told.states,
    delays,
    cors: pieces.map((x) => x.correlation),
    first: heard.startMs + firstLoud / 48 - (told.pressedMs + pageClockMs),
    q: told.qualities,
  });
  expect(median(pieces.map(({ correlation }) => correlation))).toBeGreaterThan(0.9);
});
