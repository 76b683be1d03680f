import { describe, expect, test } from 'vitest';
import { accountHeaders, makePodcast, NaiveClient } from '../support/naive-client.ts';
import { NaiveUdpClient } from '../support/naive-udp-client.ts';
import { startTestRelay, type TestRelay } from '../support/test-relay.ts';
import { headersOf, udpHost, udpListener } from '../support/udp-on-air.ts';

interface Counted {
  readonly listeners: number;
  readonly listeners_by: Readonly<Record<string, number>>;
}

async function look(relay: TestRelay, id: number): Promise<Counted> {
  const { listeners, listeners_by } = (await (
    await fetch(`${relay.url}/podcast?id=${id}`)
  ).json()) as Counted;
  return { listeners, listeners_by };
}

async function counted(relay: TestRelay, id: number, listeners: number): Promise<Counted> {
  for (;;) {
    const now = await look(relay, id);
    if (now.listeners === listeners) return now;
  }
}

async function guildsListener(
  relay: TestRelay,
  id: number,
  headers = headersOf(relay),
): Promise<NaiveUdpClient> {
  const client = new NaiveUdpClient(`${relay.socketUrl}/listen?id=${id}&audio=websocket`, headers);
  await client.event(4);
  return client;
}

const manyLooks = { limits: { REST_REQUESTS_PER_MINUTE: 100_000 } };

describe('listeners are counted', () => {
  test('by how their audio comes, whichever lane or stream', async () => {
    const relay = await startTestRelay(manyLooks);
    const { hello } = await udpHost(relay);
    const id = hello.podcast_id;
    const plain = new NaiveClient(`${relay.socketUrl}/?id=${id}`);
    await plain.hello;
    const programme = new NaiveUdpClient(
      `${relay.socketUrl}/listen?id=${id}&audio=websocket&stream=programme`,
    );
    await programme.event(4);
    const { client } = await udpListener(relay, id);
    expect(await look(relay, id)).toMatchObject({
      listeners: 3,
      listeners_by: { websocket: 2, udp: 1, guilds: 0 },
    });
    client.socket.close();
    expect(await counted(relay, id, 2)).toMatchObject({ listeners_by: { websocket: 2, udp: 0, guilds: 0 } });
    programme.socket.terminate();
    plain.socket.close();
    expect(await counted(relay, id, 0)).toMatchObject({ listeners_by: { websocket: 0, udp: 0, guilds: 0 } });
  });

  test('as the page where that says so of itself, and of nothing else that it might come from', async () => {
    const relay = await startTestRelay(manyLooks);
    const { id } = await makePodcast(relay.url, headersOf(relay));
    for (const query of ['&audio=websocket&from=page', '&audio=websocket&from=radio', '&from=page']) {
      await new NaiveUdpClient(`${relay.socketUrl}/listen?id=${id}${query}`).hello();
    }
    await new NaiveClient(`${relay.socketUrl}/?id=${id}&from=page`).hello;
    expect(await look(relay, id)).toEqual({
      listeners: 4,
      listeners_by: { websocket: 2, udp: 1, guilds: 0, page: 1, radio: 0, hls: 0 },
    });
  });

  test('as guilds where a connection plays into them, which may change and be none', async () => {
    const relay = await startTestRelay(manyLooks);
    const { hello } = await udpHost(relay);
    const id = hello.podcast_id;
    const plain = new NaiveClient(`${relay.socketUrl}/?id=${id}`);
    await plain.hello;
    const audience = await guildsListener(relay, id);
    expect((await look(relay, id)).listeners_by).toMatchObject({ websocket: 2, udp: 0, guilds: 0 });
    audience.say(7, { guilds: 12 });
    expect(await counted(relay, id, 13)).toMatchObject({
      listeners_by: { websocket: 1, udp: 0, guilds: 12 },
    });
    audience.say(7, { guilds: 0 });
    expect(await counted(relay, id, 1)).toMatchObject({ listeners_by: { websocket: 1, udp: 0, guilds: 0 } });
    audience.say(7, { guilds: 3 });
    await counted(relay, id, 4);
    audience.socket.terminate();
    expect(await counted(relay, id, 1)).toMatchObject({ listeners_by: { websocket: 1, udp: 0, guilds: 0 } });
  });

  test('as connections where limits are meant: guilds take no seats', async () => {
    const relay = await startTestRelay({ limits: { ...manyLooks.limits, LISTENERS_PER_PODCAST: 10 } });
    const { hello } = await udpHost(relay);
    const audience = await guildsListener(relay, hello.podcast_id);
    audience.say(7, { guilds: 10 });
    await counted(relay, hello.podcast_id, 10);
    await new NaiveClient(`${relay.socketUrl}/?id=${hello.podcast_id}`).hello;
    audience.say(7, { guilds: 11 });
    expect(await audience.ending).toEqual({ code: 4002, reason: expect.stringContaining('10 is the most') });
    await counted(relay, hello.podcast_id, 1);
  });
});

describe('Guilds', () => {
  test('count no account for more than a podcast may have listeners, however many connections it has', async () => {
    const relay = await startTestRelay({ limits: { ...manyLooks.limits, LISTENERS_PER_PODCAST: 10 } });
    const { id } = await makePodcast(relay.url, headersOf(relay));
    const [first, second] = [await guildsListener(relay, id), await guildsListener(relay, id)];
    first.say(7, { guilds: 8 });
    expect(await counted(relay, id, 9)).toMatchObject({ listeners_by: { websocket: 1, udp: 0, guilds: 8 } });
    second.say(7, { guilds: 8 });
    expect(await counted(relay, id, 10)).toMatchObject({
      listeners_by: { websocket: 0, udp: 0, guilds: 10 },
    });
    const other = await relay.accounts.add({});
    const third = await guildsListener(relay, id, accountHeaders(2023, other.id, other.secret));
    third.say(7, { guilds: 8 });
    await counted(relay, id, 18);
    // Whoever is back before the old connection is known to be dead counts as before once it is.
    first.socket.terminate();
    await counted(relay, id, 16);
    second.socket.terminate();
    third.socket.terminate();
    await counted(relay, id, 0);
  });

  test('takes an account: without one it is 4002, though the podcast can be listened to', async () => {
    const relay = await startTestRelay();
    const { id } = await makePodcast(relay.url, headersOf(relay));
    const client = await guildsListener(relay, id, {});
    client.say(7, { guilds: 1 });
    expect(await client.ending).toEqual({
      code: 4002,
      reason: expect.stringContaining('without an account'),
    });
  });

  test('may be any account, not the host alone', async () => {
    const relay = await startTestRelay(manyLooks);
    const { id } = await makePodcast(relay.url, headersOf(relay));
    const other = await relay.accounts.add({});
    const client = await guildsListener(relay, id, accountHeaders(2022, other.id, other.secret));
    client.say(7, { guilds: 5 });
    await counted(relay, id, 5);
  });

  test('is nothing that a host says: 4002', async () => {
    const relay = await startTestRelay();
    const { client } = await udpHost(relay);
    client.say(7, { guilds: 1 });
    expect(await client.ending).toEqual({ code: 4002, reason: expect.stringContaining('of a host') });
  });
});

test('a host of section 4 hears who joins also after it has renewed the listen key', async () => {
  const relay = await startTestRelay();
  const podcast = await makePodcast(relay.url, headersOf(relay), { visibility: 'private' });
  const host = await udpHost(relay, `?id=${podcast.id}`);
  const url = `${relay.socketUrl}/listen?id=${podcast.id}&audio=websocket`;
  const before = new NaiveUdpClient(`${url}&key=${podcast.listen_key}`);
  const { data } = await before.event(4);
  const renewed = await fetch(`${relay.url}/podcast/listen-key?id=${podcast.id}`, {
    method: 'POST',
    headers: headersOf(relay),
  });
  const { listen_key: key } = (await renewed.json()) as { listen_key: string };
  expect((await host.client.event(3)).data).toEqual(data);
  await new NaiveUdpClient(`${url}&key=${key}`).event(4);
  await host.client.event(4, 3);
});
