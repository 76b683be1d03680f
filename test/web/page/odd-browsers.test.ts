import { describe, expect, test } from 'vitest';
import { PEOPLE, play, stateBecomes, talk, textOf } from '../../support/played-page.ts';
import { facts } from '../../support/scripted-facts.ts';
import { openScriptedPage } from '../../support/scripted-page.ts';

/** So that a test can do to a context what a system does. */
const KEEP_CONTEXTS = `
globalThis.contexts = [];
globalThis.AudioContext = class extends AudioContext {
  constructor(...options) { super(...options); contexts.push(this); }
};`;
/** What came to JavaScript in 2022 and 2023. */
const FORGET_2023 = `
for (const name of ['findLast', 'findLastIndex', 'with', 'toReversed', 'toSpliced']) delete Array.prototype[name];
delete URL.canParse; delete URL.parse; delete Object.groupBy; delete Promise.withResolvers;`;

describe('the page', () => {
  test('says that it does not sound where the browser stops its sound, and sounds at the next press', async () => {
    const opened = await openScriptedPage({ beforehand: KEEP_CONTEXTS });
    await play(opened);
    // As a system does: what the page asks for is of no use.
    await opened.evaluate('(contexts.at(-1).resume = async () => {}, contexts.at(-1).suspend())');
    await stateBecomes(opened, 'live');
    expect(await textOf(opened, '#message')).toBe('The sound was paused. Press play to go on.');
    await play(opened);
    expect(await opened.complaints()).toEqual([]);
  });

  test('opens in a browser that is some years old', async () => {
    const opened = await openScriptedPage({ beforehand: FORGET_2023 });
    await play(opened);
    await talk(opened);
    await opened.say({ is: 'podcast', facts: facts({ speakers: PEOPLE.slice(2) }) });
    await opened.page.waitForSelector('#speakers .empty');
    expect(await opened.complaints()).toEqual([]);
  });

  test('leaves the player of the browser where the script does not open', async () => {
    const opened = await openScriptedPage({ beforehand: 'delete globalThis.URL;' });
    await opened.page.waitForSelector('#plain audio', { state: 'visible' });
    expect(await opened.page.isVisible('#play')).toBe(false);
    expect(await opened.page.isVisible('#ways')).toBe(true);
  });

  test('shows one player only to who has no script', async () => {
    const opened = await openScriptedPage({ browser: { javaScriptEnabled: false } });
    await expect.poll(() => opened.page.isVisible('#plain audio')).toBe(true);
    expect(await opened.page.isVisible('#player')).toBe(false);
    expect(await opened.page.locator('#player').boundingBox()).toBeNull();
  });

  test('keeps the focus when the show ends', async () => {
    const opened = await openScriptedPage();
    await play(opened);
    await opened.page.focus('#mute');
    await opened.say({ is: 'state', state: 'ended' });
    await stateBecomes(opened, 'ended');
    expect(await opened.evaluate('document.activeElement.id')).toBe('play');
  });

  test('lets the arrows scroll a long list of speakers that has the focus', async () => {
    const opened = await openScriptedPage();
    const { page } = opened;
    const crowd = Array.from({ length: 30 }, (_, index) => ({ ssrc: index + 1, name: `Ann ${index}` }));
    await play(opened, facts({ speakers: crowd }));
    await page.waitForSelector('#speakers li:nth-child(30)');
    const height = await opened.evaluate('document.documentElement.scrollHeight - innerHeight');
    expect(height).toBe(0);
    await page.focus('#speakers');
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => opened.evaluate('document.querySelector("#speakers").scrollTop')).not.toBe(0);
    expect(await page.inputValue('#volume')).toBe('100');
  });
});
