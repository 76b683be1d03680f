import { describe, expect, test } from 'vitest';
import { CLOSE } from '../../../src/protocol/close-codes.ts';
import type { Channel } from '../../../src/relay/channel.ts';
import { readIcy, readId3 } from '../../support/icy-reader.ts';
import { BareListener, startRadioStation, until } from '../../support/radio-station.ts';

const PAGE_BYTES = 1536;

type Radio = Awaited<ReturnType<typeof startRadioStation>>;

function playPages(radio: Radio, count: number): void {
  for (let page = 0; page < count; page += 1) radio.encodings.page('mp3', pageAt(page));
}

/** Begins as an MP3 frame does, which zeros do not. */
function pageAt(page: number): Buffer {
  return Buffer.alloc(PAGE_BYTES, 128 + (page % 100));
}

test('who stops reading loses some seconds at once, hears whole pages then, and its titles stay readable', async () => {
  const radio = await startRadioStation({ limits: { RADIO_QUEUE_BYTES: 65_536 } });
  const channel = radio.create({ title: 'A title' });
  const path = `/p/${channel.podcast.id}/live.mp3`;
  const listeners = [
    new BareListener(radio.port, path, ['Icy-MetaData: 1']),
    new BareListener(radio.port, path),
  ];
  await Promise.all(listeners.map((listener) => listener.head()));
  for (const { socket } of listeners) socket.pause();
  let played = 0;
  while (radio.counters.snapshot()['slow-listener'] < 400) {
    playPages(radio, 100);
    played += 100;
    await new Promise(setImmediate);
  }
  for (const { socket } of listeners) socket.resume();
  const end = Buffer.from('the last page');
  radio.encodings.page('mp3', end);
  for (const listener of listeners) await until(() => listener.body.includes(end));
  const [withTitles, plain] = listeners.map(({ body }) => body);
  const { sound, titles } = readIcy(withTitles ?? Buffer.alloc(0), 8192);
  expect(new Set(titles)).toEqual(new Set(['A title']));
  const { rest } = readId3(sound);
  for (const heard of [rest, plain ?? Buffer.alloc(0)]) {
    const pages = wholePages(heard.subarray(0, heard.indexOf(end)));
    expect(pages).toBeLessThan(played - 100);
    // What is left of a full queue, at the least.
    expect(pages).toBeGreaterThan(32_768 / PAGE_BYTES - 1);
  }
  expect(channel.totals.drops).toBe(radio.counters.snapshot()['slow-listener']);
});

/** How many pages there are, besides zeros. @throws Error where a page is not whole */
function wholePages(sound: Buffer): number {
  let count = 0;
  for (let at = 0; at < sound.length;) {
    const value = sound[at] ?? 0;
    if (value === 0) {
      at += 1;
      continue;
    }
    const page = sound.subarray(at, at + PAGE_BYTES);
    if (!page.equals(Buffer.alloc(PAGE_BYTES, value))) throw new Error(`no whole page at ${at}`);
    at += PAGE_BYTES;
    count += 1;
  }
  return count;
}

test('who falls behind loses half of what may wait, at once', async () => {
  const radio = await startRadioStation({ limits: { RADIO_QUEUE_BYTES: 65_536 } });
  const listener = new BareListener(radio.port, `/p/${radio.create().podcast.id}/live.mp3`);
  await listener.head();
  const lost = (): number => radio.counters.snapshot()['slow-listener'];
  // In one turn, in which nothing that waits can go out.
  while (lost() === 0) playPages(radio, 1);
  expect(lost() - 32_768 / PAGE_BYTES).toBeGreaterThanOrEqual(0);
  expect(lost() - 32_768 / PAGE_BYTES).toBeLessThan(2);
});

test('many who never read are put out, and cost those who do nothing', async () => {
  const radio = await startRadioStation({ limits: { RADIO_QUEUE_BYTES: 65_536, TOO_SLOW_SECONDS: 2 } });
  const channel = radio.create();
  const path = `/p/${channel.podcast.id}/live.mp3`;
  const good = new BareListener(radio.port, path);
  await good.head();
  const bad = Array.from({ length: 60 }, (_, index) => {
    const listener = new BareListener(radio.port, path, index % 2 === 0 ? ['Icy-MetaData: 1'] : []);
    listener.socket.pause();
    return listener;
  });
  await until(() => channel.listenersBy.radio === 61);
  let played = 0;
  const playSome = async (): Promise<void> => {
    // No more at once than is kept for one who reads in the next turn.
    playPages(radio, 20);
    played += 20 * PAGE_BYTES;
    await good.heard(played);
  };
  while (radio.counters.snapshot()['close-4008'] < bad.length) {
    await playSome();
    radio.clock.advance(100);
  }
  await until(() => channel.listenersBy.radio === 1);
  expect(good.body).toHaveLength(played);
  await playSome();
});

test('one who does not read is not waited for when the podcast ends', async () => {
  const radio = await startRadioStation({ limits: { RADIO_QUEUE_BYTES: 65_536 } });
  const channel = radio.create();
  const listener = new BareListener(radio.port, `/p/${channel.podcast.id}/live.mp3`);
  await listener.head();
  listener.socket.pause();
  while (radio.counters.snapshot()['slow-listener'] === 0) {
    playPages(radio, 50);
    await new Promise(setImmediate);
  }
  radio.hub.end(channel, CLOSE.senderDisconnected);
  await new Promise(setImmediate);
  expect(channel.listenersBy.radio).toBe(1);
  radio.clock.advance(10_000);
  await until(() => channel.listenersBy.radio === 0);
});

describe.each([
  ['', []],
  [' with titles', ['Icy-MetaData: 1']],
])('what waits for one who hears%s', (_kind, headers) => {
  test.each<[string, (radio: Radio, channel: Channel) => void]>([
    ['its host takes it back', ({ encodings }) => void encodings.sinks.mp3?.retract()],
    ['the key is changed', ({ hub }, channel) => hub.renewListenKey(channel)],
  ])('is never heard when %s', async (_what, takeBack) => {
    const radio = await startRadioStation({ limits: { RADIO_QUEUE_BYTES: 65_536 } });
    const channel = radio.create({ visibility: 'private' });
    const path = `/p/${channel.podcast.id}/live.mp3?key=${channel.podcast.listenKey}`;
    const listener = new BareListener(radio.port, path, headers);
    await listener.head();
    // In one turn, in which nothing that waits can go out.
    while (radio.counters.snapshot()['slow-listener'] === 0) playPages(radio, 50);
    const secret = Buffer.from('a secret');
    radio.encodings.page('mp3', secret);
    takeBack(radio, channel);
    radio.hub.end(channel, CLOSE.senderDisconnected);
    await listener.ended;
    expect(listener.body.includes(secret)).toBe(false);
  });
});
