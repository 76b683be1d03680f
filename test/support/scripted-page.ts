/** The listener's page of a real relay in Chromium, with a receiver and a player that say what the test tells them to. */
import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { onTestFinished } from 'vitest';
import { hostPodcast, type PodcastHost } from '../../src/client/podcast-host.ts';
import { createPodcast } from '../../src/client/rest-client.ts';
import type { PodcastFacts } from '../../src/protocol/podcast-facts.ts';
import type { SoundState, SpeakerLevel } from '../../web/sound/sound.ts';
import { openInChromium } from './browser.ts';
import type { ListeningPage } from './chromium.ts';
import { ManualClock } from './manual-clock.ts';
import { startTestRelay, type TestRelay } from './test-relay.ts';

/** Passes on what the page's `script` channel says: to the page, or to the player, which passes it on to the page. */
const RECEIVER = `
let player;
self.addEventListener('message', ({ data }) => { if (data.is === 'listen') player = data.player; });
postMessage({ is: 'ready' });
const script = new BroadcastChannel('script');
script.addEventListener('message', ({ data }) => {
  if (data === 'listening?') player && script.postMessage('listening');
  else if (data.is === 'levels' || data.is === 'quality') player?.postMessage(data);
  else postMessage(data);
});`;
const PLAYER = `
registerProcessor('player', class extends AudioWorkletProcessor {
  constructor() {
    super();
    this.port.onmessage = ({ data }) => { data.onmessage = (message) => {
      const { is, quality } = message.data;
      if (is !== 'quality') return this.port.postMessage(message.data);
      const { delayMs, lostShare } = quality;
      const arrivalToContextMs = delayMs + currentTime * 1000 - Date.now();
      this.port.postMessage({ is, quality: { arrivalToContextMs, lostShare } });
    }; };
  }
  process() { return true; }
});`;

const SCRIPTS = [
  ['receiver', RECEIVER],
  ['player', PLAYER],
] as const;
const BUILT = resolve(import.meta.dirname, '../../web/dist');

type Said =
  | { readonly is: 'state'; readonly state: SoundState }
  | { readonly is: 'podcast'; readonly facts: PodcastFacts }
  | { readonly is: 'levels'; readonly levels: readonly SpeakerLevel[] }
  | {
      readonly is: 'quality';
      readonly quality: { readonly delayMs: number; readonly lostShare: number };
    };

export interface ScriptedPage extends ListeningPage {
  readonly relay: TestRelay;
  readonly podcastId: number;
  /** undefined of a podcast that nobody hosts. */
  readonly host: PodcastHost | undefined;
  /** Resolves when its receiver has been told to listen: from then on it can say something. */
  listening(): Promise<void>;
  say(said: Said): Promise<void>;
}

export interface ScriptedPageOptions {
  readonly title?: string;
  readonly guild?: string;
  readonly hosted?: boolean;
  readonly browser?: BrowserContextOptions;
  /** A script that runs before those of the page: what sort of browser it is. */
  readonly beforehand?: string;
}

/** Everything is closed when the test has finished. */
export async function openScriptedPage(options: ScriptedPageOptions = {}): Promise<ScriptedPage> {
  const { title = 'Purl and Tell', guild = 'Knitting Circle', hosted = true, browser, beforehand } = options;
  const clock = new ManualClock(Date.now());
  const relay = await startTestRelay({ clock, senderTimeoutSeconds: 600, builtPage: scriptedBuild() });
  const where = { relay: relay.url, account: relay.account };
  const description = { title, guild };
  const host = hosted ? await hostPodcast({ ...where, description }) : undefined;
  onTestFinished(() => host?.close());
  const podcast = host?.podcast ?? (await createPodcast(relay.url, relay.account, description));
  const opened = await openInChromium(`${relay.url}/p/${podcast.id}`, browser, beforehand);
  return {
    ...opened,
    relay,
    podcastId: podcast.id,
    host,
    listening: () => listening(opened.page),
    say: (said) => say(opened.page, said),
  };
}

/** A copy of what `web/build.ts` made. @returns its folder */
function scriptedBuild(): string {
  const folder = mkdtempSync(join(tmpdir(), 'guildcast-page-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  cpSync(BUILT, folder, { recursive: true });
  for (const file of readdirSync(folder)) {
    const script = SCRIPTS.find(([name]) => file.startsWith(`${name}-`))?.[1];
    if (script === undefined) continue;
    if (file.endsWith('.js')) writeFileSync(join(folder, file), script);
    else rmSync(join(folder, file));
  }
  return folder;
}

async function listening(page: Page): Promise<void> {
  await page.evaluate(`new Promise((resolve) => {
    const channel = new BroadcastChannel('script');
    channel.onmessage = ({ data }) => { if (data === 'listening') resolve(); };
    const ask = () => channel.postMessage('listening?');
    ask();
    setInterval(ask, 50);
  })`);
}

async function say(page: Page, said: Said): Promise<void> {
  await page.evaluate(
    `(globalThis.script ??= new BroadcastChannel('script')).postMessage(${JSON.stringify(said)})`,
  );
}
