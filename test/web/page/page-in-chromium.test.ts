import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, test } from 'vitest';
import { PEOPLE, play, stateBecomes, talk, textOf } from '../../support/played-page.ts';
import { facts } from '../../support/scripted-facts.ts';
import {
  openScriptedPage,
  type ScriptedPage,
  type ScriptedPageOptions,
} from '../../support/scripted-page.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

describe('the page in Chromium', () => {
  test('plays at a press, shows who speaks and how well it comes, and stops at the next', async () => {
    const opened = await openScriptedPage();
    const { page } = opened;
    expect(await textOf(opened, '#message')).toBe('Press play to listen.');
    await play(opened);
    await talk(opened);
    expect(
      await page.$$eval('#speakers .name', (names) => names.map(({ textContent }) => textContent)),
    ).toEqual([...PEOPLE.map(({ name }) => name), 'Someone 1']);
    expect(
      await page.$$eval('#speakers .speaking .name', (names) => names.map(({ textContent }) => textContent)),
    ).toEqual(['Béatrice', 'Someone 1']);
    expect(await textOf(opened, '#delay')).toMatch(/^Direct · \d+ ms behind$/);
    expect(await textOf(opened, '#listeners')).toBe('57 listeners');
    expect(await textOf(opened, '#since')).toMatch(/^12:3\d$/);
    expect(await page.title()).toBe('▶ Purl and Tell · Guildcast');
    await page.click('#play');
    await stateBecomes(opened, 'live');
    expect(await page.$$('#speakers li')).toEqual([]);
    expect(await opened.complaints()).toEqual([]);
  });

  test('gives the system its title, and takes its keys, by an element that plays silence', async () => {
    const opened = await openScriptedPage();
    await play(opened);
    const session = await opened.evaluate<object>(
      '(({ metadata: { title, artist }, playbackState }) => ({ title, artist, playbackState }))(navigator.mediaSession)',
    );
    expect(session).toEqual({ title: 'Purl and Tell', artist: 'Knitting Circle', playbackState: 'playing' });
    await opened.page.click('#play');
    await stateBecomes(opened, 'live');
    expect(await opened.evaluate('navigator.mediaSession.playbackState')).toBe('paused');
  });

  test('obeys the keys, except where something is written', async () => {
    const opened = await openScriptedPage();
    const { page } = opened;
    await page.keyboard.press('k');
    await stateBecomes(opened, 'connecting');
    await page.keyboard.press(' ');
    await stateBecomes(opened, 'live');
    await page.keyboard.press('m');
    expect(await page.getAttribute('#mute', 'aria-label')).toBe('Unmute');
    await page.keyboard.press('ArrowDown');
    expect(await page.getAttribute('#volume', 'aria-valuetext')).toBe('Volume 95 %');
    await page.click('#ways summary');
    await page.focus('#link');
    await page.keyboard.press('k');
    await stateBecomes(opened, 'live');
    await page.focus('#play');
    await page.keyboard.press(' ');
    await stateBecomes(opened, 'connecting');
  });

  test('shows its keys at a question mark, and does without them where they are not wanted', async () => {
    const opened = await openScriptedPage();
    const { page } = opened;
    await page.keyboard.press('?');
    await page.waitForSelector('#keyboard[open]');
    await page.uncheck('#keys-on');
    await page.keyboard.press('Escape');
    await page.keyboard.press('k');
    await page.reload();
    await page.keyboard.press('k');
    await stateBecomes(opened, 'live');
    expect(await page.isChecked('#keys-on')).toBe(false);
  });

  test('keeps its volume for the next visit', async () => {
    const { page } = await openScriptedPage();
    await page.fill('#volume', '35');
    await page.reload();
    await page.waitForSelector('#podcast[data-mood]');
    expect(await page.inputValue('#volume')).toBe('35');
  });

  test('says aloud what comes to stay', async () => {
    const opened = await openScriptedPage();
    await play(opened);
    await expect.poll(() => textOf(opened, '#said')).toBe('You are listening live.');
    await opened.say({ is: 'state', state: 'reconnecting' });
    await expect.poll(() => textOf(opened, '#said')).toBe('The connection is lost. Trying again …');
  });

  test('waits for a podcast that has not begun, and says when one is over', async () => {
    const opened = await openScriptedPage({ hosted: false });
    expect(await textOf(opened, '#state')).toBe('Not on air yet');
    await play(opened, facts({ state: 'created', activeSinceMs: null }));
    await opened.say({ is: 'state', state: 'waiting' });
    await stateBecomes(opened, 'waiting');
    await opened.say({ is: 'state', state: 'ended' });
    await stateBecomes(opened, 'ended');
    expect(await textOf(opened, '#message')).toBe('This podcast is over. Thank you for listening.');
    // Its button keeps the focus, and does nothing.
    expect(await opened.page.getAttribute('#play', 'aria-disabled')).toBe('true');
    await opened.page.keyboard.press('k');
    await stateBecomes(opened, 'ended');
  });

  test('takes the stream where packets cannot be had', async () => {
    const opened = await openScriptedPage();
    await opened.page.click('#play');
    await opened.listening();
    const asked = opened.page.waitForRequest(/live\.(?:mp3|m3u8)/);
    await opened.say({ is: 'state', state: 'unable' });
    await asked;
    await expect.poll(() => textOf(opened, '#delay')).toBe('As a stream, some seconds behind');
    expect(await textOf(opened, '#nobody')).toBe('A stream does not tell who speaks.');
  });

  test('copies its link, and says so, and nothing moves', async () => {
    const opened = await openScriptedPage({
      browser: {
        permissions: ['clipboard-read', 'clipboard-write'],
        viewport: { width: 390, height: 844 },
      },
    });
    const { page } = opened;
    await page.click('#ways summary');
    const place = (): Promise<unknown> =>
      opened.evaluate('(({ offsetLeft, offsetTop }) => [offsetLeft, offsetTop])(copy)');
    const before = await place();
    await page.click('#copy');
    await expect.poll(() => textOf(opened, '#copied')).toBe('The link is copied.');
    expect(await place()).toEqual(before);
    expect(await opened.evaluate('navigator.clipboard.readText()')).toBe(page.url());
  });

  test('moves nothing while people come, talk and go', async () => {
    const opened = await openScriptedPage();
    const { page } = opened;
    await play(opened, facts({ speakers: PEOPLE.slice(0, 2) }));
    await page.evaluate(`
      globalThis.shifts = 0;
      new PerformanceObserver((list) => { for (const { value } of list.getEntries()) shifts += value; }).observe({ type: 'layout-shift' });`);
    await talk(opened);
    await opened.say({ is: 'podcast', facts: facts({ speakers: PEOPLE, listeners: 1058 }) });
    await page.waitForSelector('#speakers li:nth-child(6)');
    await opened.say({ is: 'podcast', facts: facts({ speakers: PEOPLE.slice(2) }) });
    await page.waitForSelector('#speakers .empty');
    expect(await opened.evaluate('shifts')).toBeLessThan(0.002);
  });
});

/** In this order, on one page; what it is before it is pressed is examined where it is made. */
const STATES: Readonly<Record<string, (opened: ScriptedPage) => Promise<unknown>>> = {
  'while it plays': async (opened) => {
    await play(opened);
    await talk(opened);
  },
  'with its keys shown': ({ page }) => page.keyboard.press('?'),
  'while it reconnects': async (opened) => {
    await opened.page.keyboard.press('Escape');
    await opened.say({ is: 'state', state: 'reconnecting' });
    await stateBecomes(opened, 'reconnecting');
  },
  'when it is over': async (opened) => {
    await opened.say({ is: 'state', state: 'ended' });
    await stateBecomes(opened, 'ended');
  },
};

/** What axe finds, by its rule, in light and in dark, on a small telephone and on a wide screen. */
async function faults({ page }: ScriptedPage): Promise<string[]> {
  const found: string[] = [];
  for (const width of [320, 1280]) {
    await page.setViewportSize({ width, height: 568 });
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      // The page may see the new size late, and does what follows from it with the next frame.
      await page.evaluate(`new Promise((seen) => {
        const look = () => requestAnimationFrame(innerWidth === ${width} ? () => requestAnimationFrame(seen) : look);
        look();
      })`);
      // By night only the colours are others.
      const rules = colorScheme === 'dark' ? { runOnly: ['color-contrast'] } : {};
      const violations = await page.evaluate<string[]>(
        `axe.run(${JSON.stringify(rules)}).then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ target }) => target)))`,
      );
      found.push(...violations.map((violation) => `${width} ${colorScheme} ${violation}`));
    }
    const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
    if (overflow > 0) found.push(`${width} is ${overflow} px too wide`);
  }
  return found;
}

test('nobody is kept out, whatever it shows', async () => {
  const opened = await openScriptedPage();
  await opened.page.evaluate(AXE);
  const found: Record<string, string[]> = {};
  for (const [state, reach] of Object.entries(STATES)) {
    await reach(opened);
    found[state] = await faults(opened);
  }
  expect(found).toEqual(Object.fromEntries(Object.keys(STATES).map((state) => [state, []])));
});

test.each(['de', 'fr', 'es', 'ja'])('everything fits on a small telephone in %s', async (locale) => {
  const options: ScriptedPageOptions = { browser: { locale, viewport: { width: 320, height: 568 } } };
  const opened = await openScriptedPage(options);
  await play(opened);
  await talk(opened);
  const { page } = opened;
  expect(await page.getAttribute('html', 'lang')).toBe(locale);
  expect(await opened.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
  const heights = await page.$$eval('#message, #connection', (lines) =>
    lines.map((line) => line.scrollHeight - line.clientHeight),
  );
  expect(heights).toEqual([0, 0]);
});
