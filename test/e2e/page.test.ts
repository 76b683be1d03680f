import { setTimeout as pause } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { openInChromium, openInFirefox } from '../support/browser.ts';
import type { ListeningPage } from '../support/chromium.ts';
import { bestCorrelation } from '../support/correlation.ts';
import { podcast } from '../support/commands.ts';
import { type Evaluating, type HeardSound, heardSound } from '../support/heard-sound.ts';
import { type World, startWorld } from '../support/on-air.ts';
import { type FoundPiece, type SaidLive, piecesOf, sayLive } from '../support/said-live.ts';
import { type Shown, shownAt, shownBy, statesOf, watchShown } from '../support/shown-live.ts';
import type { Person } from '../../simulator/person.ts';
import type { VoiceChannel } from '../../simulator/voice-channel.ts';

const SOON_MS = 15_000;
/** Of what is heard, less is not the same sound. */
const ALIKE = 0.9;
/** What a browser says when nobody is there who takes a connection, or will be gone soon. */
const ABOUT_ABSENCE =
  /^console: .*(?:WebSocket connection to .* failed|net::ERR_CONNECTION_(?:REFUSED|RESET)|status of 503)/;
/** The delay that is shown is of the second before. */
const SHOWN_LATER_MS = 500;

interface TalkShow {
  readonly world: World;
  readonly host: Person;
  readonly channel: VoiceChannel;
  readonly said: SaidLive;
  /** Of its page, with the key of a private one. */
  readonly link: string;
}

/** Somebody is on air and talks, without end. */
async function startTalkShow(visibility: 'public' | 'private'): Promise<TalkShow> {
  const world = await startWorld();
  const host = world.host();
  const channel = world.guild.addVoiceChannel('round table');
  await host.join(channel);
  await podcast(world, host, 'start', { visibility });
  await channel.botJoined();
  const broadcast = world.program.bot.broadcasts.of(world.guild.id);
  if (!broadcast) throw new Error('not on air');
  const link = new URL(broadcast.podcast.page);
  const { listen_key: key } = broadcast.podcast;
  if (key) link.searchParams.set('key', key);
  return { world, host, channel, said: await sayLive(host), link: link.href };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;
}

/** What was heard of what is said in the next `seconds`. */
async function hearing(
  page: Evaluating,
  said: SaidLive,
  seconds: number,
  pieceMs?: number,
): Promise<FoundPiece[]> {
  const fromMs = performance.now();
  // What is said at the end is still on its way, and in the tap.
  await pause(seconds * 1000 + 1000);
  const heard = await heardSound(page, seconds + 2);
  return piecesOf(said, heard, fromMs, fromMs + seconds * 1000, pieceMs);
}

/** Resolves with so many pieces of what is said from now on that were heard as they were said; a busy machine spoils some. */
async function heardWell(page: Evaluating, said: SaidLive, count: number): Promise<FoundPiece[]> {
  const giveUpMs = performance.now() + SOON_MS;
  const well: FoundPiece[] = [];
  for (const all: FoundPiece[] = []; well.length < count;) {
    const pieces = await hearing(page, said, count / 2);
    all.push(...pieces);
    well.push(...pieces.filter(({ likeness }) => likeness > ALIKE));
    if (performance.now() > giveUpMs) throw new Error(`not heard as it was said: ${JSON.stringify(all)}`);
  }
  return well;
}

/** When something was first heard after this moment, both as `performance.now()` of this process. */
function soundAfter({ samples, startMs }: HeardSound, ms: number): number {
  const from = Math.max(0, Math.round((ms - startMs) * 48));
  return startMs + (from + samples.subarray(from).findIndex((sample) => Math.abs(sample) > 0.002)) / 48;
}

/** How much later than was shown at the time pieces were heard, ms. */
function shownWrongBy(shown: readonly Shown[], pieces: readonly FoundPiece[]): number {
  const wrong = pieces.flatMap(({ heardMs, delayMs }) => {
    const shownMs = shownAt(shown, heardMs + SHOWN_LATER_MS)?.delayMs;
    return shownMs === undefined ? [] : [delayMs - shownMs];
  });
  return median(wrong);
}

async function isPlaying(page: Evaluating): Promise<void> {
  await expect.poll(() => page.evaluate('podcast.dataset.state')).toBe('playing');
}

/** The loudest that has just been heard. */
async function loudness(page: Evaluating): Promise<number> {
  const { samples } = await heardSound(page, 0.3);
  return Math.max(...samples.map((sample) => Math.abs(sample)));
}

async function fallsSilent(page: Evaluating): Promise<void> {
  await expect.poll(() => loudness(page)).toBeLessThan(0.0005);
}

/** Everything of the page stands still, its sound, too, as on a machine that sleeps. */
async function sleep({ page }: ListeningPage, ms: number): Promise<void> {
  const browser = await page.context().browser()?.newBrowserCDPSession();
  const { processInfo = [] } = (await browser?.send('SystemInfo.getProcessInfo')) ?? {};
  const renderers = processInfo.filter(({ type }) => type === 'renderer');
  const wake = (): void => renderers.forEach(({ id }) => process.kill(id, 'SIGCONT'));
  onTestFinished(wake);
  for (const { id } of renderers) process.kill(id, 'SIGSTOP');
  await pause(ms);
  wake();
}

type Press = () => Promise<void>;

/**
 * Resolves when what is shown is what is measured. A busy machine changes the delay now and then, and what is shown follows a
 * second later.
 * @throws Error if they differ for long
 */
async function showsTheDelay(page: Evaluating, said: SaidLive): Promise<void> {
  const giveUpMs = performance.now() + SOON_MS;
  const pieces = await heardWell(page, said, 6);
  for (;;) {
    const wrongByMs = shownWrongBy(await shownBy(page), pieces);
    if (Math.abs(wrongByMs) < 50) return;
    if (performance.now() > giveUpMs) throw new Error(`the delay shown is wrong by ${wrongByMs} ms`);
    pieces.push(...(await heardWell(page, said, 6)));
  }
}

/** From the button on. @param latestMs after which the first sound must have come */
async function startsAsShown(
  page: Evaluating,
  said: SaidLive,
  press: Press,
  latestMs: number,
): Promise<void> {
  await watchShown(page);
  await press();
  await showsTheDelay(page, said);
  const shown = await shownBy(page);
  const pressedMs = shown.find(({ state }) => state === 'connecting')?.atMs ?? NaN;
  const heard = await heardSound(page);
  expect(statesOf(shown)).toEqual(['live', 'connecting', 'playing']);
  expect(soundAfter(heard, pressedMs) - pressedMs).toBeLessThan(latestMs);
}

async function playsThroughLoss(page: Evaluating, { channel, said }: TalkShow): Promise<void> {
  Object.assign(channel.faults, { loss: 0.05, jitterMs: 40 });
  // Each of ten frames, half of which nothing is missing from.
  const pieces = await hearing(page, said, 6, 200);
  const { quality } = (await shownBy(page)).at(-1) ?? {};
  channel.faults.heal();
  expect(median(pieces.map(({ likeness }) => likeness))).toBeGreaterThan(0.8);
  expect(quality).toMatch(/fair|poor/);
}

async function isAsLoudAsWanted(opened: ListeningPage, { said }: TalkShow): Promise<void> {
  const gain = async (): Promise<number> =>
    median((await heardWell(opened, said, 2)).map((piece) => piece.gain));
  const full = await gain();
  await opened.page.fill('#volume', '50');
  // The ear hears about the square.
  const half = (await gain()) / full;
  expect(half).toBeGreaterThan(0.2);
  expect(half).toBeLessThan(0.3);
  await opened.page.click('#mute');
  await fallsSilent(opened);
  await opened.page.click('#mute');
  await opened.page.fill('#volume', '100');
}

/** What is heard is what is said now. */
async function isLive(page: Evaluating, said: SaidLive): Promise<void> {
  const pieces = await heardWell(page, said, 2);
  expect(median(pieces.map(({ delayMs }) => delayMs))).toBeLessThan(500);
}

async function isTakenBack(page: Evaluating, { world, host, said }: TalkShow): Promise<void> {
  await podcast(world, host, 'offair');
  await fallsSilent(page);
  await podcast(world, host, 'onair');
  await isLive(page, said);
}

test('in Chromium a show is heard from the press of a key to its end, whatever happens to it', async () => {
  const show = await startTalkShow('public');
  const { world, host, said, link } = show;
  const opened = await openInChromium(link);
  await startsAsShown(opened, said, () => opened.page.keyboard.press('k'), 1000);
  await playsThroughLoss(opened, show);
  await isAsLoudAsWanted(opened, show);
  await isTakenBack(opened, show);
  await opened.evaluate('soundTap.interrupt()');
  await pause(1000);
  await opened.evaluate('soundTap.giveBack()');
  await isLive(opened, said);
  await sleep(opened, 3000);
  await isLive(opened, said);
  expect(await opened.complaints()).toEqual([]);
  const again = await world.restarted();
  await isPlaying(opened);
  await isLive(opened, said);
  await podcast(again, host, 'stop');
  await opened.page.waitForSelector('#podcast[data-state="ended"]');
  expect(await opened.page.textContent('#message')).toBe('This podcast is over. Thank you for listening.');
  expect(statesOf(await shownBy(opened)).join(' ')).toMatch(
    /^live connecting playing reconnecting playing (interrupted )?reconnecting (interrupted )?playing ended$/,
  );
  const complaints = await opened.complaints();
  expect(complaints.filter((complaint) => !ABOUT_ABSENCE.test(complaint))).toEqual([]);
}, 90_000);

test('in Firefox a private show is heard by its link', async () => {
  const { said, link } = await startTalkShow('private');
  const opened = await openInFirefox(link);
  // It takes a second or two to open a sound card, before a context's time begins.
  await startsAsShown(opened, said, () => opened.click('#play'), 5000);
  expect(await opened.complaints()).toEqual([]);
}, 60_000);

test('a browser that cannot decode packets hears the stream', async () => {
  const { said, link } = await startTalkShow('private');
  const opened = await openInChromium('about:blank');
  await opened.context.addInitScript({ content: 'delete globalThis.AudioDecoder' });
  await opened.page.goto(link);
  await opened.page.click('#play');
  const likeness = async (): Promise<number> => {
    const { samples } = await heardSound(opened, 1);
    const lately = said.from(performance.now() - 6000, 6000);
    return bestCorrelation(lately, samples.subarray(-24_000)).correlation;
  };
  await expect.poll(likeness).toBeGreaterThan(ALIKE);
  expect(await opened.page.textContent('#delay')).toContain('As a stream');
}, 60_000);
