import { expect, onTestFinished, test } from 'vitest';
import { LibopusCodec } from '../../../src/audio/opus-codec.ts';
import { type PodcastHost, hostPodcast } from '../../../src/client/podcast-host.ts';
import { openInChromium } from '../../support/browser.ts';
import { foundPieces } from '../../support/correlation.ts';
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

test('one speaker is heard as they spoke', async () => {
  const relay = await startTestRelay();
  const host = await hostAt(relay);
  const { frames } = await speechOf('allison');
  const packets = frames.slice(0, 600);
  const said = await soundOf(packets);
  const listening = await openInChromium(await packetSoundPage(relay.url, host.podcast.id));
  const live = sayLive(host, [{ ssrc: 1, packets }]);
  onTestFinished(() => live.stop());
  await listening.page.click('button');
  await hearsSound(listening, 8);
  const told = await toldIn(listening);
  const heard = await heardSound(listening);
  const pieces = foundPieces(heard.samples, said.subarray(48_000, 7 * 48_000));
  console.log(
    JSON.stringify(
      { told: { ...told, levels: told.levels.slice(-3) }, pieces, missed: heard.missedSeconds },
      null,
      1,
    ),
  );
  const delays = pieces.map(
    ({ delaySamples }, i) => heard.startMs + delaySamples / 48 - (live.startMs + (1 + i) * 1000),
  );
  const pageClock = performance.now() - told.nowMs;
  const firstLoud = heard.samples.findIndex((s) => Math.abs(s) > 0.001);
  console.log({ delays, first: heard.startMs + firstLoud / 48 - (told.pressedMs + pageClock) });
  expect(await listening.complaints()).toEqual([]);
});
