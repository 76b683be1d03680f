/** Pages in a real browser for tests: one browser a test file, one page a test, all closed when they are over. */
import { afterAll, onTestFinished } from 'vitest';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { type ListeningPage, launchChromium, openListeningPage } from './chromium.ts';

let launching: Promise<Browser> | undefined;

// Whoever imports this has a browser to close.
afterAll(async () => {
  const browser = await launching;
  launching = undefined;
  await browser?.close();
});

/** Launched by the first who asks in a test file. */
function sharedChromium(): Promise<Browser> {
  launching ??= launchChromium();
  return launching;
}

/** Closed when the test has finished. */
export async function openInChromium(url: string, options?: BrowserContextOptions): Promise<ListeningPage> {
  const opened = await openListeningPage(await sharedChromium(), url, options);
  onTestFinished(() => opened.context.close());
  return opened;
}
