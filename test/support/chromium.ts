/** Debian's own Chromium, without a window, and pages in it that remember what came out of them and what they complained of. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Page,
  chromium,
} from 'playwright-core';
import { type Evaluating, TAP_SCRIPT } from './heard-sound.ts';

/** @throws Error that says what to install */
export function programOf(names: readonly string[], apt: string): string {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    for (const name of names) {
      const file = join(folder, name);
      try {
        accessSync(file, constants.X_OK);
        return file;
      } catch {
        continue;
      }
    }
  }
  throw new Error(`${names[0]} is not there, and this needs it: apt install ${apt}`);
}

/** @throws Error when there is none in PATH */
export async function launchChromium(): Promise<Browser> {
  return await chromium.launch({
    executablePath: programOf(['chromium', 'chromium-browser', 'google-chrome'], 'chromium'),
    // Its sandbox does without root only.
    chromiumSandbox: process.getuid?.() !== 0,
    args: ['--disable-background-networking', '--disable-component-update'],
  });
}

export interface ListeningPage extends Evaluating {
  readonly page: Page;
  readonly context: BrowserContext;
  click(selector: string): Promise<void>;
  /**
   * What nobody wants to see, each as a sentence: errors in the console, exceptions, violations of the Content-Security-Policy, and
   * requests to elsewhere.
   */
  complaints(): Promise<string[]>;
}

/**
 * A page in a context of its own, at an address.
 * @param options of the context: language, size of the screen …
 * @param beforehand a script that runs before those of the page
 */
export async function openListeningPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
  beforehand = '',
): Promise<ListeningPage> {
  const context = await browser.newContext(options);
  await context.addInitScript({ content: `${TAP_SCRIPT}\n${beforehand}` });
  const page = await context.newPage();
  const complaints = complaintsOf(page, new URL(url).origin);
  await page.goto(url);
  return {
    page,
    context,
    evaluate: (expression) => page.evaluate(expression),
    click: (selector) => page.click(selector),
    complaints: async () => [
      ...complaints,
      ...(await page.evaluate<string[]>('soundTap.violations()')).map(
        (violation) => `forbidden: ${violation}`,
      ),
    ],
  };
}

function complaintsOf(page: Page, origin: string): string[] {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(`exception: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`console: ${message.text()}`);
  });
  const watch = (url: string): void => {
    const { protocol, origin: its } = new URL(url.replace(/^ws/, 'http'));
    if (protocol !== 'data:' && its !== origin) complaints.push(`request to elsewhere: ${url}`);
  };
  page.on('request', (request) => watch(request.url()));
  page.on('websocket', (socket) => watch(socket.url()));
  return complaints;
}
