import { describe, expect, test } from 'vitest';
import { makePodcast, NaiveClient } from '../support/naive-client.ts';
import { NaiveUdpClient } from '../support/naive-udp-client.ts';
import { startTestRelay, type TestRelay } from '../support/test-relay.ts';
import { headersOf, udpHost } from '../support/udp-on-air.ts';

const ANN = { ssrc: 7, name: 'Ann' };

interface OnAir {
  readonly id: number;
  readonly url: string;
  readonly host: NaiveClient;
  readonly listener: NaiveUdpClient;
}

async function onAir(relay: TestRelay): Promise<OnAir> {
  const about = { title: 'The round table', guild: 'Knitters' };
  const { id, url } = await makePodcast(relay.url, headersOf(relay), about);
  const listener = listenTo(relay, id);
  await listener.event(4);
  const host = new NaiveClient(url, { ...headersOf(relay), isSender: 'true' });
  await host.hello;
  return { id, url, host, listener };
}

function listenTo(relay: TestRelay, id: number, query = '&audio=websocket&events=all'): NaiveUdpClient {
  return new NaiveUdpClient(`${relay.socketUrl}/listen?id=${id}${query}`);
}

function namesAre(...names: string[]) {
  return ({ speakers }: Readonly<Record<string, unknown>>): boolean =>
    (speakers as (typeof ANN)[]).map(({ name }) => name).join() === names.join();
}

/** Turns the clock until a listener has been told something that is so. @returns what it was told last */
async function told(
  relay: TestRelay,
  listener: NaiveUdpClient,
  isSo: (data: Readonly<Record<string, unknown>>) => boolean,
): Promise<Readonly<Record<string, unknown>>> {
  for (;;) {
    const last = listener.messages.findLast(({ t }) => t === 8)?.data;
    if (last && isSo(last)) return last;
    relay.clock.advance(100);
    await new Promise(setImmediate);
  }
}

describe('a listener that asked for all events', () => {
  test('is told of the podcast behind Hello, when its host comes, goes and comes back, and not when it is over', async () => {
    const relay = await startTestRelay();
    const { host, listener, url } = await onAir(relay);
    expect(listener.messages.map(({ t }) => t).slice(0, 3)).toEqual([1, 8, 4]);
    const startMs = relay.clock.nowMs();
    expect((await listener.event(8)).data).toEqual({
      state: 'created',
      title: 'The round table',
      guild: 'Knitters',
      active_since: null,
      listeners: 1,
      listeners_by: { websocket: 1, udp: 0, guilds: 0, page: 0, radio: 0, hls: 0 },
      speakers: [],
    });
    const live = await told(relay, listener, ({ state }) => state === 'live');
    expect(live).toMatchObject({ active_since: startMs, listeners: 1 });
    host.socket.terminate();
    await told(relay, listener, ({ state }) => state === 'interrupted');
    const back = new NaiveClient(url, { ...headersOf(relay), isSender: 'true' });
    await back.hello;
    await told(relay, listener, ({ state }) => state === 'live');
    const events = listener.messages.length;
    back.socket.close(1000);
    expect((await listener.ending).code).toBe(4003);
    expect(listener.messages.slice(events)).toEqual([{ t: 5, data: {} }]);
  });

  test('over UDP is told as well; no host is, and nobody who did not ask', async () => {
    const relay = await startTestRelay();
    const { client, hello } = await udpHost(relay, '?events=all');
    const id = hello.podcast_id;
    const strict = listenTo(relay, id, '&audio=websocket');
    await strict.event(4);
    const listener = listenTo(relay, id, '&events=all');
    await listener.event(8);
    client.say(9, { speakers: [ANN] });
    expect(await told(relay, listener, ({ speakers }) => speakers !== undefined)).toMatchObject({
      state: 'live',
      listeners: 2,
    });
    await told(relay, listener, ({ speakers }) => JSON.stringify(speakers) === JSON.stringify([ANN]));
    client.socket.close(1000);
    await Promise.all([strict.ending, listener.ending]);
    expect(strict.messages.map(({ t }) => t)).toEqual([1, 4, 5]);
    expect(client.messages.filter(({ t }) => t === 8)).toEqual([]);
  });
});

describe('the speakers that a host names', () => {
  test('are told to listeners, the whole list each time, until it is gone', async () => {
    const relay = await startTestRelay();
    const { host, listener } = await onAir(relay);
    host.sendEvent(3, { speakers: [ANN, { ssrc: 8, name: 'Ben\n' }] });
    expect(await told(relay, listener, namesAre('Ann', 'Ben'))).toMatchObject({
      speakers: [ANN, { ssrc: 8, name: 'Ben' }],
    });
    host.sendEvent(3, { speakers: [ANN] });
    await told(relay, listener, namesAre('Ann'));
    host.sendEvent(2, ANN);
    host.socket.terminate();
    await told(relay, listener, (data) => namesAre()(data) && data['state'] === 'interrupted');
  });

  test('may be 64 of the longest names', async () => {
    const relay = await startTestRelay();
    const { host, listener } = await onAir(relay);
    const speakers = Array.from({ length: 64 }, (_, ssrc) => ({ ssrc, name: '木'.repeat(32) }));
    host.sendEvent(3, { speakers });
    await told(relay, listener, (data) => JSON.stringify(data['speakers']) === JSON.stringify(speakers));
  });

  test('in another shape, or too often, close the host alone', async () => {
    const relay = await startTestRelay({ limits: { SPEAKERS_PER_SECOND: 2 } });
    const wrong = await onAir(relay);
    wrong.host.sendEvent(3, { speakers: [{ ssrc: -1, name: 'Ann' }] });
    expect(await wrong.host.ending).toMatchObject({ code: 4002, reason: expect.stringContaining('32 bits') });
    const often = await onAir(relay);
    for (let list = 0; list < 5; list += 1) often.host.sendEvent(3, { speakers: [] });
    expect(await often.host.ending).toMatchObject({
      code: 4009,
      reason: 'A host sends at most 2 Speakers a second.',
    });
    for (const { listener } of [wrong, often]) {
      expect(listener.socket.readyState).toBe(listener.socket.OPEN);
    }
  });

  test('may not be named by a listener: 4002, also for who says Podcast', async () => {
    const relay = await startTestRelay();
    const { id, listener, url } = await onAir(relay);
    listener.say(9, { speakers: [] });
    expect(await listener.ending).toEqual({ code: 4002, reason: expect.stringContaining('only a host') });
    const other = listenTo(relay, id);
    const { data } = await other.event(8);
    other.say(8, data);
    expect(await other.ending).toEqual({ code: 4002, reason: expect.stringContaining('a relay sends') });
    const plain = new NaiveClient(url);
    await plain.hello;
    plain.sendEvent(3, { speakers: [] });
    expect((await plain.ending).code).toBe(4002);
  });
});
