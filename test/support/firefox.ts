/** Debian's own Firefox, without a window, driven by WebDriver BiDi (https://w3c.github.io/webdriver-bidi/): what the tests need of it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { BidiSession } from './bidi-session.ts';
import { programOf } from './chromium.ts';
import { type Evaluating, TAP_SCRIPT } from './heard-sound.ts';
import { startSoundCard } from './sound-card.ts';

/** Two cores that are busy with other tests are slow to start it. */
const START_TIMEOUT_MS = 60_000;

/** A profile that asks nobody for anything, and plays only what a click has begun, as it is at people's homes. */
const PREFERENCES = {
  'app.normandy.enabled': false,
  'app.update.disabledForTesting': true,
  'browser.safebrowsing.downloads.remote.enabled': false,
  'browser.safebrowsing.malware.enabled': false,
  'browser.safebrowsing.phishing.enabled': false,
  'browser.safebrowsing.update.enabled': false,
  'browser.shell.checkDefaultBrowser': false,
  'browser.startup.page': 0,
  'datareporting.policy.dataSubmissionEnabled': false,
  'media.gmp-manager.updateEnabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'network.dns.disablePrefetch': true,
  'remote.prefs.recommended': true,
  'services.settings.server': 'data:,',
  'toolkit.telemetry.unified': false,
};

export interface FirefoxPage extends Evaluating {
  goto(url: string): Promise<void>;
  /** A click of a mouse in the middle of what a CSS selector finds first. @throws Error when it finds nothing */
  click(selector: string): Promise<void>;
  /** Errors in the console, exceptions and violations of the Content-Security-Policy; and requests to elsewhere than where it is. */
  complaints(): Promise<string[]>;
  close(): Promise<void>;
}

export interface Firefox {
  /** A page in a context of its own, that remembers what comes out of it. */
  newPage(): Promise<FirefoxPage>;
  close(): Promise<void>;
}

/** @throws Error when there is none in PATH, or it does not start in a minute */
export async function launchFirefox(): Promise<Firefox> {
  const program = programOf(['firefox-esr', 'firefox'], 'firefox-esr');
  // Without one Firefox lets no AudioContext run.
  const card = await startSoundCard();
  const profile = mkdtempSync(join(tmpdir(), 'guildcast-firefox-'));
  const preferences = Object.entries(PREFERENCES).map(
    ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`,
  );
  writeFileSync(join(profile, 'user.js'), preferences.join(''));
  const child = spawn(
    program,
    ['--headless', '--remote-debugging-port=0', '--profile', profile, '--no-remote'],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, ...card.env, HOME: profile, MOZ_CRASHREPORTER_DISABLE: '1' },
    },
  );
  const exited = once(child, 'exit');
  const cleanUp = async (): Promise<void> => {
    await exited;
    await card.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const session = await BidiSession.open(await addressOf(child));
    await session.send('session.new', { capabilities: {} });
    await session.send('session.subscribe', { events: ['log.entryAdded', 'network.beforeRequestSent'] });
    return {
      newPage: () => openPage(session),
      async close() {
        await session.send('browser.close', {}).catch(() => child.kill('SIGKILL'));
        await cleanUp();
      },
    };
  } catch (error) {
    child.kill('SIGKILL');
    await cleanUp();
    throw error;
  }
}

async function addressOf(child: ChildProcess): Promise<string> {
  if (!child.stderr) throw new Error('no stderr');
  const words: string[] = [];
  const giveUp = setTimeout(() => child.kill('SIGKILL'), START_TIMEOUT_MS);
  try {
    for await (const line of createInterface({ input: child.stderr })) {
      words.push(line);
      const [, address] = /^WebDriver BiDi listening on (ws:\S+)/.exec(line) ?? [];
      if (address) return `${address}/session`;
    }
  } finally {
    clearTimeout(giveUp);
    // Read on, or it stands still when the pipe is full.
    child.stderr.resume();
  }
  throw new Error(`Firefox did not start: ${words.join('\n')}`);
}

async function openPage(session: BidiSession): Promise<FirefoxPage> {
  const { userContext } = await session.send<{ userContext: string }>('browser.createUserContext', {});
  const { context } = await session.send<{ context: string }>('browsingContext.create', {
    type: 'tab',
    userContext,
  });
  await session.send('script.addPreloadScript', {
    functionDeclaration: `() => {${TAP_SCRIPT}}`,
    contexts: [context],
  });
  const complaints: string[] = [];
  let origin = '';
  session.watch(context, {
    onLog: ({ type, level, text }) => {
      const kind = type === 'javascript' ? 'exception' : 'console';
      if (level === 'error') complaints.push(`${kind}: ${text.replace(/^Error: /, '')}`);
    },
    onRequest: (url) => {
      const { protocol, origin: its } = new URL(url.replace(/^ws/, 'http'));
      if (protocol !== 'data:' && its !== origin) complaints.push(`request to elsewhere: ${url}`);
    },
  });
  const target = { context };
  const evaluate = async <T>(expression: string): Promise<T> => {
    const json = await session.evaluate(target, `(async () => JSON.stringify(await (${expression})))()`);
    return (json === undefined ? undefined : JSON.parse(json)) as T;
  };
  return {
    evaluate,
    async goto(url) {
      origin = new URL(url).origin;
      await session.send('browsingContext.navigate', { context, url, wait: 'complete' });
    },
    async click(selector) {
      const box = `(({ x, y, width, height }) => ({ x: x + width / 2, y: y + height / 2 }))`;
      const { x, y } = await evaluate<{ x: number; y: number }>(
        `${box}(document.querySelector(${JSON.stringify(selector)}).getBoundingClientRect())`,
      );
      const actions = [
        { type: 'pointerMove', x: Math.round(x), y: Math.round(y) },
        { type: 'pointerDown', button: 0 },
        { type: 'pointerUp', button: 0 },
      ];
      await session.send('input.performActions', {
        context,
        actions: [{ type: 'pointer', id: 'mouse', actions }],
      });
    },
    complaints: async () => [
      ...complaints,
      ...(await evaluate<string[]>('soundTap.violations()')).map((violation) => `forbidden: ${violation}`),
    ],
    async close() {
      await session.send('browser.removeUserContext', { userContext });
    },
  };
}
