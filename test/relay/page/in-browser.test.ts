import axe from 'axe-core';
import fc from 'fast-check';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { document } from '../../../src/relay/page/document.ts';
import { readPageAssets } from '../../../src/relay/page/page-assets.ts';
import { podcastCard } from '../../../src/relay/page/link-card.ts';
import { podcastMain, type ShownPodcast } from '../../../src/relay/page/podcast-page.ts';
import { pageTextsFor } from '../../../src/texts/page-texts.ts';
import { anyText } from '../../support/any-text.ts';
import { openInChromium } from '../../support/browser.ts';
import { aired, announced, ended } from '../../support/page-visits.ts';
import { proxyBelow } from '../../support/prefix-proxy.ts';
import { startTestRelay, type TestRelay } from '../../support/test-relay.ts';

const LONG = `${'Donaudampfschifffahrtselektrizitätenhauptbetriebswerk'.repeat(2)} & Söhne`.slice(-100);

/** What axe finds wrong: the rule, and where. @param rules all that axe has, if nothing is said */
async function findings(page: Page, rules?: readonly string[]): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<axe.AxeResults>(
    `axe.run(${JSON.stringify(rules ? { runOnly: rules } : {})})`,
  );
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}

/** Chromium also complains of the page's own status. */
function isOfPage(complaint: string): boolean {
  return !/status of (404|410)/.test(complaint);
}

/** How many CSS pixels the page is wider than its window. */
function overflow(page: Page): Promise<number> {
  return page.evaluate<number>(
    'document.documentElement.scrollWidth - document.documentElement.getBoundingClientRect().width',
  );
}

const PAGES: Readonly<Record<string, (relay: TestRelay) => Promise<string>>> = {
  async 'of a podcast on air'(relay) {
    const { podcast } = await aired(relay, { title: LONG, guild: LONG, description: `${LONG}. `.repeat(3) });
    return `/p/${podcast.id}`;
  },
  async 'of a private podcast that has not begun'(relay) {
    const { id, listen_key: key } = await announced(relay, { title: 'Tea', visibility: 'private' });
    return `/p/${id}?key=${key}`;
  },
  async 'of what is live'(relay) {
    await aired(relay, { title: LONG, guild: LONG });
    await aired(relay, { title: 'お茶の時間' });
    return '/';
  },
  async 'of a podcast that is over'(relay) {
    const podcast = await announced(relay, { title: LONG, guild: LONG });
    await ended(relay, podcast);
    return `/p/${podcast.id}`;
  },
  'of what there is not': () => Promise.resolve('/p/1'),
};

test.each(Object.entries(PAGES))(
  'the page %s is for everyone, on a small screen and a large one, by day and by night',
  async (_name, prepare) => {
    const relay = await startTestRelay();
    const opened = await openInChromium(relay.url + (await prepare(relay)));
    const { page } = opened;
    for (const summary of await page.locator('summary').all()) await summary.click();
    for (const width of [320, 1280]) {
      await page.setViewportSize({ width, height: 700 });
      await page.emulateMedia({ colorScheme: 'light' });
      expect(await findings(page)).toEqual([]);
      expect(await overflow(page)).toBe(0);
      await page.emulateMedia({ colorScheme: 'dark' });
      expect(await findings(page, ['color-contrast'])).toEqual([]);
    }
    expect((await opened.complaints()).filter(isOfPage)).toEqual([]);
  },
);

test('a page works below any path that a proxy has put it at', async () => {
  const relay = await startTestRelay();
  const root = await proxyBelow('/on/the/radio/', relay.port);
  const { podcast } = await aired(relay, { title: 'Tea' });
  const opened = await openInChromium(`${root}p/${podcast.id}`);
  const { page } = opened;
  await page.locator('#player').waitFor();
  expect(await page.evaluate('document.styleSheets[0].cssRules.length')).toBeGreaterThan(10);
  await page.locator('#banner a').click();
  await page.waitForURL(root);
  await page.getByText('Tea').click();
  await page.waitForURL(`${root}p/${podcast.id}`);
  expect(await opened.complaints()).toEqual([]);
});

test('the page of what is live follows what is live, and is left alone while nothing changes', async () => {
  const relay = await startTestRelay();
  const { podcast } = await aired(relay, { title: 'Tea' });
  const opened = await openInChromium(relay.url);
  const { page } = opened;
  const refreshed = async (): Promise<void> => {
    const answered = page.waitForResponse((response) => response.url() === `${relay.url}/`);
    await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))");
    await answered;
  };
  await page.locator('a[href^="p/"]').focus();
  await page.evaluate("window.firstList = document.querySelector('#live')");
  await refreshed();
  expect(await page.evaluate("window.firstList === document.querySelector('#live')")).toBe(true);
  await aired(relay, { title: 'Toast' });
  // The list is kept for a second.
  relay.clock.advance(1000);
  await refreshed();
  await page.getByText('Toast').waitFor();
  expect(await page.evaluate("document.activeElement.getAttribute('href')")).toBe(`p/${podcast.id}`);
  expect(await opened.complaints()).toEqual([]);
});

test('a title is read as it was written, whatever it is, and as nothing else', async () => {
  const relay = await startTestRelay();
  const { page } = await openInChromium(relay.url);
  const text = fc.oneof(
    anyText,
    fc
      .array(
        fc.constantFrom(
          '<',
          '>',
          '"',
          "'",
          '&',
          ';',
          '#',
          '/',
          'lt',
          'script',
          '!--',
          '-->',
          '\r',
          '\n',
          '\0',
          ' ',
        ),
      )
      .map((parts) => `x${parts.join('')}`),
    fc.constantFrom(
      '</title><script>alert(1)</script>',
      '"><img src=x onerror=alert(1)>',
      '&lt;b&gt;',
      '${1}',
      '\uD800',
    ),
  );
  const titles = fc.sample(text, 200).filter((title) => title.trim() !== '');
  const parsed = await parsedIn(page, titles.map(pageCalled));
  const [plain] = await parsedIn(page, [pageCalled('x')]);
  parsed.forEach(({ elements, attributes, ...readings }, at) => {
    const title = (titles[at] ?? '').toWellFormed().replaceAll('\0', '\uFFFD');
    expect(readings).toEqual({ title: `${title} · Guildcast`, heading: title, data: title, meta: title });
    expect([elements, attributes]).toEqual([plain?.elements, plain?.attributes]);
  });
});

interface Parsed {
  readonly title: string;
  readonly heading: string;
  readonly data: string;
  readonly meta: string;
  /** How many there are in the whole document. */
  readonly elements: number;
  readonly attributes: number;
}

const PARSE = `(pages) => pages.map((page) => {
  const parsed = new DOMParser().parseFromString(page, 'text/html');
  const all = [...parsed.querySelectorAll('*')];
  return {
    title: parsed.querySelector('title').textContent,
    heading: parsed.querySelector('h1').textContent,
    data: parsed.querySelector('main').dataset.title,
    meta: parsed.querySelector('meta[property="og:title"]').content,
    elements: all.length,
    attributes: all.reduce((sum, { attributes }) => sum + attributes.length, 0),
  };
})`;

function parsedIn(page: Page, pages: readonly string[]): Promise<Parsed[]> {
  return page.evaluate<Parsed[]>(`(${PARSE})(${JSON.stringify(pages)})`);
}

function pageCalled(title: string): string {
  const assets = readPageAssets();
  if (!assets) throw new Error('The page is not built: npm run prepare');
  const texts = pageTextsFor('en');
  const podcast: ShownPodcast = {
    id: 7,
    title,
    guild: '',
    description: '',
    state: 'live',
    sinceMs: 0,
    listeners: 0,
    listenKey: undefined,
  };
  const common = { texts, base: '../', assets };
  return document({
    ...common,
    title,
    meta: podcastCard(podcast, {
      ...common,
      addresses: { root: 'http://a.example/', page: 'http://a.example/p/7' },
    }),
    main: podcastMain({ ...common, podcast, nowMs: 1000 }),
  });
}
