/** Pages in a real browser for tests: one browser a test file, one page a test, all closed when they are over. */
import { afterAll, onTestFinished } from 'vitest';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { type ListeningPage, launchChromium, openListeningPage } from './chromium.ts';
import { type Firefox, type FirefoxPage, launchFirefox } from './firefox.ts';

let launching: Promise<Browser> | undefined;
let launchingFirefox: Promise<Firefox> | undefined;

// Whoever imports this has a browser to close.
afterAll(async () => {
  await Promise.all([
    launching?.then((browser) => browser.close()),
    launchingFirefox?.then((firefox) => firefox.close()),
  ]);
  launching = undefined;
  launchingFirefox = undefined;
});

/** Launched by the first who asks in a test file. */
function sharedChromium(): Promise<Browser> {
  launching ??= launchChromium();
  return launching;
}

/** Closed when the test has finished. */
export async function openInChromium(
  url: string,
  options?: BrowserContextOptions,
  beforehand?: string,
): Promise<ListeningPage> {
  const opened = await openListeningPage(await sharedChromium(), url, options, beforehand);
  onTestFinished(() => opened.context.close());
  return opened;
}

/** Launched by the first who asks in a test file: give that test a minute. Closed when the test has finished. */
export async function openInFirefox(url: string): Promise<FirefoxPage> {
  launchingFirefox ??= launchFirefox();
  const page = await (await launchingFirefox).newPage();
  onTestFinished(() => page.close());
  await page.goto(url);
  return page;
}
