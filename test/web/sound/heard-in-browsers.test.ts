import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { LibopusCodec } from '../../../src/audio/opus-codec.ts';
import { type PodcastHost, hostPodcast } from '../../../src/client/podcast-host.ts';
import { openPodcastStore } from '../../../src/relay/podcast-store.ts';
import { openInChromium, openInFirefox } from '../../support/browser.ts';
import type { ListeningPage } from '../../support/chromium.ts';
import { bestCorrelation } from '../../support/correlation.ts';
import { type Evaluating, type HeardSound, heardSound, hearsSound } from '../../support/heard-sound.ts';
import { speechOf } from '../../support/on-air.ts';
import { packetSoundPage, toldIn } from '../../support/packet-sound-page.ts';
import { type SaidLive, sayLive } from '../../support/said-live.ts';
import { decoded, encoded, tone } from '../../support/sounds.ts';
import type { SpeechNetworkFaults } from '../../support/speech-network.ts';
import { type TestRelay, startTestRelay } from '../../support/test-relay.ts';

/** What is looked for, in samples of 48 kHz: half a second; and how much later it may be heard. */
const PIECE = 24_000;
const LATEST_MS = 1500;

let codec: LibopusCodec;
let packets: readonly Uint8Array[];
/** What they sound like. */
let said: Float32Array;

beforeAll(async () => {
  codec = await LibopusCodec.load({ spares: 2 });
  packets = (await speechOf('allison')).frames.slice(0, 1500);
  said = decoded(codec, packets, 1);
});

afterAll(() => codec.close());

async function hostAt(relay: TestRelay): Promise<PodcastHost> {
  const host = await hostPodcast({ relay: relay.url, account: relay.account });
  onTestFinished(() => host.close());
  return host;
}

async function listen(relay: TestRelay, host: PodcastHost): Promise<ListeningPage> {
  const listening = await openInChromium(await packetSoundPage(relay.url, host.podcast.id));
  await listening.page.click('button');
  return listening;
}

function say(host: PodcastHost, faults?: SpeechNetworkFaults): SaidLive {
  const live = sayLive(host, [{ ssrc: 1, packets }], faults);
  onTestFinished(() => live.stop());
  return live;
}

async function untilSaid(live: SaidLive, seconds: number): Promise<void> {
  const leftMs = live.startMs + seconds * 1000 - performance.now();
  if (leftMs > 0) await new Promise((resolve) => setTimeout(resolve, leftMs));
}

interface FoundPiece {
  readonly saidS: number;
  readonly likeness: number;
  readonly delayMs: number;
}

/** Half seconds of what was said from one second of it to another, where they were heard. */
function piecesOf(heard: HeardSound, live: SaidLive, fromS: number, toS: number): FoundPiece[] {
  return Array.from({ length: Math.floor((toS - fromS) * 2) }, (_, half) => {
    const saidS = fromS + half / 2;
    const piece = said.subarray(saidS * 48_000, saidS * 48_000 + PIECE);
    const saidAt = Math.round((live.startMs + saidS * 1000 - heard.startMs) * 48);
    const start = Math.max(0, saidAt);
    const window = heard.samples.subarray(start, saidAt + PIECE + LATEST_MS * 48);
    const { correlation, delaySamples } = bestCorrelation(window, piece);
    return { saidS, likeness: correlation, delayMs: (start - saidAt + delaySamples) / 48 };
  });
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;
}

function medianOf(pieces: readonly FoundPiece[], what: 'likeness' | 'delayMs'): number {
  return median(pieces.map((piece) => piece[what]));
}

/** When something was first heard after this moment, both as `performance.now()` of this process. */
function soundAfter({ samples, startMs }: HeardSound, ms: number): number {
  const from = Math.max(0, Math.round((ms - startMs) * 48));
  return startMs + (from + samples.subarray(from).findIndex((sample) => Math.abs(sample) > 0.002)) / 48;
}

const PRESSED: Readonly<Record<'Chromium' | 'Firefox', (url: string) => Promise<Evaluating>>> = {
  async Chromium(url) {
    const page = await openInChromium(url);
    await page.page.click('button');
    return page;
  },
  async Firefox(url) {
    const page = await openInFirefox(url);
    await page.click('button');
    return page;
  },
};

test.each([
  ['Chromium', 1000],
  // It takes a second or two to open a sound card, before a context's time begins.
  ['Firefox', 5000],
] as const)(
  'in %s one speaker is heard as they spoke, within %i ms, and as late as it is said to be',
  async (browser, latestMs) => {
    const relay = await startTestRelay();
    const host = await hostAt(relay);
    const url = await packetSoundPage(relay.url, host.podcast.id);
    const live = say(host);
    const page = await PRESSED[browser](url);
    const { pressedMs, nowMs } = await toldIn(page);
    const pressedAtMs = pressedMs + performance.now() - nowMs;
    await hearsSound(page, 1);
    const heardS = Math.ceil((performance.now() - live.startMs) / 1000);
    await untilSaid(live, heardS + 7);
    const { qualities, states, levels } = await toldIn(page);
    const heard = await heardSound(page);
    const pieces = piecesOf(heard, live, heardS + 1, heardS + 5);
    expect(medianOf(pieces, 'likeness')).toBeGreaterThan(0.9);
    expect(soundAfter(heard, pressedAtMs) - pressedAtMs).toBeLessThan(latestMs);
    const reportedMs = median(qualities.slice(-6, -1).map(({ delayMs }) => delayMs));
    expect(Math.abs(reportedMs - medianOf(pieces, 'delayMs'))).toBeLessThan(50);
    expect(states.map(({ state }) => state)).toEqual(['connecting', 'playing']);
    expect(levels.at(-1)?.map(({ ssrc }) => ssrc)).toEqual([1]);
  },
  60_000,
);

test('with 5 % of loss and 40 ms of jitter a speaker is heard well', async () => {
  const relay = await startTestRelay();
  const host = await hostAt(relay);
  const live = say(host, { seed: 3, loss: 0.05, jitterMs: 40 });
  const listening = await listen(relay, host);
  await untilSaid(live, 10);
  const pieces = piecesOf(await heardSound(listening), live, 4, 9);
  expect(medianOf(pieces, 'likeness')).toBeGreaterThan(0.8);
  expect(medianOf(pieces, 'delayMs')).toBeLessThan(250);
  const { qualities } = await toldIn(listening);
  expect(median(qualities.map(({ lostShare }) => lostShare))).toBeGreaterThan(0.01);
});

test('what a speaker takes back is not heard, and what they say later is', async () => {
  const relay = await startTestRelay();
  const host = await hostAt(relay);
  const hum = encoded(codec, tone({ hz: 440, dbfs: -20, seconds: 6 }), 1);
  const live = sayLive(host, [{ ssrc: 1, packets: hum }]);
  onTestFinished(() => live.stop());
  const listening = await listen(relay, host);
  await untilSaid(live, 3);
  host.retract(1);
  const retractedMs = performance.now();
  await untilSaid(live, 5);
  const { samples, startMs } = await heardSound(listening);
  const at = Math.round((retractedMs - startMs) * 48);
  const isQuiet = (fromMs: number, toMs: number): boolean =>
    samples.subarray(at + fromMs * 48, at + toMs * 48).every((sample) => Math.abs(sample) < 0.001);
  expect(isQuiet(-1000, -500)).toBe(false);
  expect(isQuiet(300, 800)).toBe(true);
  expect(isQuiet(1300, 1700)).toBe(false);
});

describe('a listener is back', () => {
  test('when the relay was started again and the podcast goes on', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'podcasts-'));
    const podcastStore = openPodcastStore(join(folder, 'podcasts.db'), new Uint8Array(32).fill(7));
    onTestFinished(() => {
      podcastStore.close();
      rmSync(folder, { recursive: true, force: true });
    });
    const relay = await startTestRelay({ podcastStore });
    const host = await hostAt(relay);
    const live = say(host);
    const listening = await listen(relay, host);
    await untilSaid(live, 3);
    await relay.close();
    const { accounts, clock, port } = relay;
    await startTestRelay({ podcastStore, clock, accounts, port });
    await expect
      .poll(
        async () => {
          clock.advance(1000);
          return (await toldIn(listening)).states.at(-1)?.state;
        },
        { timeout: 8000 },
      )
      .toBe('playing');
    const backS = (performance.now() - live.startMs) / 1000;
    await untilSaid(live, backS + 4);
    const pieces = piecesOf(await heardSound(listening), live, Math.ceil(backS + 1), Math.ceil(backS + 3));
    expect(medianOf(pieces, 'likeness')).toBeGreaterThan(0.9);
    const { states } = await toldIn(listening);
    expect(states.map(({ state }) => state).slice(0, 3)).toEqual(['connecting', 'playing', 'reconnecting']);
  });

  test('at what is live, when the page has slept', async () => {
    const relay = await startTestRelay();
    const host = await hostAt(relay);
    const live = say(host);
    const listening = await listen(relay, host);
    await untilSaid(live, 3);
    await expect.poll(async () => (await toldIn(listening)).states.at(-1)?.state).toBe('playing');
    const wake = await putToSleep(listening);
    const asleepS = (performance.now() - live.startMs) / 1000;
    await untilSaid(live, asleepS + 4);
    wake();
    const awakeS = (performance.now() - live.startMs) / 1000;
    await untilSaid(live, awakeS + 4);
    const { samples } = await heardSound(listening);
    // The context's clock stood still, too: what was heard last has just been heard.
    const heard = { samples, startMs: performance.now() - samples.length / 48, missedSeconds: 0 };
    const pieces = piecesOf(heard, live, Math.ceil(2 * (awakeS + 1)) / 2, awakeS + 3);
    expect(medianOf(pieces, 'likeness')).toBeGreaterThan(0.9);
    expect(medianOf(pieces, 'delayMs')).toBeLessThan(1000);
  });
});

/** Everything of the page stands still, its sound, too, as on a machine that sleeps. @returns wakes it */
async function putToSleep({ page }: ListeningPage): Promise<() => void> {
  const browser = await page.context().browser()?.newBrowserCDPSession();
  const { processInfo = [] } = (await browser?.send('SystemInfo.getProcessInfo')) ?? {};
  const ids = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id);
  for (const id of ids) process.kill(id, 'SIGSTOP');
  let isAsleep = true;
  const wake = (): void => {
    if (isAsleep) for (const id of ids) process.kill(id, 'SIGCONT');
    isAsleep = false;
  };
  onTestFinished(wake);
  return wake;
}
