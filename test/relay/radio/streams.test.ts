import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { CLOSE, ContractError } from '../../../src/protocol/close-codes.ts';
import type { ListenerKind } from '../../../src/protocol/rest.ts';
import type { Channel } from '../../../src/relay/channel.ts';
import { readIcy, readId3 } from '../../support/icy-reader.ts';
import { BareListener, startRadioStation } from '../../support/radio-station.ts';

function counted(channel: Channel, kind: ListenerKind = 'radio'): number {
  return channel.listenersBy[kind];
}

/** Lets what is on its way on sockets arrive. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise(setImmediate);
}

type Radio = Awaited<ReturnType<typeof startRadioStation>>;

/** As encodings do, which are never silent: so it shows who is gone. */
async function playUntil(radio: Radio, isSo: () => boolean): Promise<void> {
  await until(() => {
    radio.encodings.page('mp3', Buffer.from('.'));
    return isSo();
  });
}

describe('a stream', () => {
  test('is answered as Icecast does, in raw bytes until it ends', async () => {
    const radio = await startRadioStation();
    const channel = radio.create({ title: 'Wörter', description: 'one\r\nline', visibility: 'public' });
    const path = `/p/${channel.podcast.id}`;
    const listener = new BareListener(radio.port, `${path}/live.mp3`);
    expect(await listener.head()).toEqual({
      '': 'HTTP/1.1 200 OK',
      'content-type': 'audio/mpeg',
      'cache-control': 'no-cache, no-store',
      'accept-ranges': 'none',
      'access-control-allow-origin': '*',
      'access-control-expose-headers': expect.stringContaining('icy-name'),
      'x-content-type-options': 'nosniff',
      'icy-name': 'Wörter',
      'icy-description': 'one line',
      'icy-genre': 'Talk',
      'icy-url': `${radio.url}${path}`,
      'icy-br': '128',
      'icy-pub': '1',
      'ice-audio-info': 'bitrate=128;samplerate=48000;channels=2',
      connection: 'close',
    });
    expect(counted(channel)).toBe(1);
    radio.encodings.page('mp3', Buffer.from('first page, '));
    radio.encodings.page('mp3', Buffer.from('second page'));
    expect((await listener.heard(23)).toString()).toBe('first page, second page');
    radio.encodings.page('mp3', Buffer.from(', the end'));
    radio.hub.end(channel, CLOSE.senderDisconnected);
    await listener.ended;
    expect(listener.body.toString()).toBe('first page, second page, the end');
    await until(() => counted(channel) === 0);
  });

  test('of Ogg Opus begins with its headers and the last moments, and ignores who asks for titles', async () => {
    const radio = await startRadioStation();
    const channel = radio.create({ visibility: 'unlisted' });
    const path = `/p/${channel.podcast.id}/live.opus`;
    radio.encodings.header = Buffer.from('HEAD');
    const first = new BareListener(radio.port, path);
    await first.head();
    for (let page = 0; page < 30; page += 1) radio.encodings.page('opus', Buffer.from(`[${page}]`));
    const second = new BareListener(radio.port, path, ['Icy-MetaData: 1']);
    expect(await second.head()).toMatchObject({ 'content-type': 'audio/ogg', 'icy-pub': '0' });
    expect(await second.head()).not.toHaveProperty('icy-metaint');
    const lastTwoSeconds = Array.from({ length: 20 }, (_, index) => `[${index + 10}]`).join('');
    expect((await second.heard(4 + lastTwoSeconds.length)).toString()).toBe(`HEAD${lastTwoSeconds}`);
    // Its thread died: another stream begins behind it.
    radio.encodings.sinks.opus?.header(Buffer.from('AGAIN'));
    radio.encodings.page('opus', Buffer.from('[x]'));
    const third = new BareListener(radio.port, path);
    expect((await third.heard(8)).toString()).toBe('AGAIN[x]');
    await second.heard(4 + lastTwoSeconds.length + 8);
    expect(second.body.toString()).toBe(`HEAD${lastTwoSeconds}AGAIN[x]`);
  });

  test('with titles is in one phase for all who hear it, whenever they came', async () => {
    const radio = await startRadioStation();
    const channel = radio.create({ title: "Ann's show" });
    const path = `/p/${channel.podcast.id}/live.mp3`;
    const listeners: BareListener[] = [];
    for (let page = 0; page < 40; page += 1) {
      if (page % 10 === 0) {
        const listener = new BareListener(radio.port, path, ['icy-metadata: 1']);
        expect(await listener.head()).toMatchObject({ 'icy-metaint': '8192' });
        listeners.push(listener);
      }
      radio.encodings.page('mp3', Buffer.alloc(1536, 128 + page));
    }
    for (const [index, listener] of listeners.entries()) {
      await until(() => listener.body.at(-1) === 128 + 39);
      const { sound, titles } = readIcy(listener.body, 8192);
      expect(titles[0]).toBe("Ann's show");
      const { title, rest } = readId3(sound);
      expect(title).toBe("Ann's show");
      const from = Math.max(0, 10 * index - 20);
      expect(rest).toEqual(
        Buffer.concat(Array.from({ length: 40 - from }, (_, page) => Buffer.alloc(1536, 128 + from + page))),
      );
    }
  });

  test('is not cut by what ends slow requests', async () => {
    const radio = await startRadioStation({ limits: { HANDSHAKE_SECONDS: 1 } });
    const channel = radio.create();
    const listener = new BareListener(radio.port, `/p/${channel.podcast.id}/live.mp3`);
    await listener.head();
    // The server looks every second, by its own clock.
    const feed = setInterval(() => radio.encodings.page('mp3', Buffer.from('.')), 100);
    await listener.heard(32);
    clearInterval(feed);
    expect(listener.socket.closed).toBe(false);
  });

  test('loses what the host takes back: the last moments, and what waits', async () => {
    const radio = await startRadioStation();
    const channel = radio.create();
    const path = `/p/${channel.podcast.id}/live.mp3`;
    const first = new BareListener(radio.port, path);
    await first.head();
    radio.encodings.page('mp3', Buffer.from('secret'));
    await first.heard(6);
    radio.encodings.sinks.mp3?.retract();
    radio.encodings.page('mp3', Buffer.from('plain'));
    const second = new BareListener(radio.port, path);
    expect((await second.heard(5)).toString()).toBe('plain');
    expect((await first.heard(11)).toString()).toBe('secretplain');
  });
});

describe('who asks for a stream', () => {
  test('with HEAD gets the same headers, and is no listener', async () => {
    const radio = await startRadioStation();
    const channel = radio.create();
    const path = `/p/${channel.podcast.id}/live.mp3`;
    const looking = new BareListener(radio.port, path, ['Icy-MetaData: 1'], 'HEAD');
    const headers = await looking.head();
    await looking.ended;
    expect(looking.body).toHaveLength(0);
    expect(radio.encodings.sinks).toEqual({});
    expect(await new BareListener(radio.port, path, ['Icy-MetaData: 1']).head()).toEqual(headers);
  });

  test('for the first two bytes looks what it is: 200, and a listener only when it stays', async () => {
    const radio = await startRadioStation();
    const channel = radio.create();
    const path = `/p/${channel.podcast.id}/live.mp3`;
    const [leaves, stays] = [0, 1].map(() => new BareListener(radio.port, path, ['Range: bytes=0-1']));
    expect(await leaves?.head()).toMatchObject({ '': 'HTTP/1.1 200 OK', 'accept-ranges': 'none' });
    await stays?.head();
    radio.encodings.page('mp3', Buffer.from('sound'));
    await Promise.all([leaves?.heard(5), stays?.heard(5)]);
    leaves?.socket.destroy();
    await playUntil(radio, () => radio.stations.listenersOf(channel, 'mp3') === 1);
    expect(counted(channel)).toBe(0);
    radio.clock.advance(5000);
    expect(counted(channel)).toBe(1);
    stays?.socket.destroy();
    await playUntil(radio, () => counted(channel) === 0);
    expect(radio.counters.snapshot()['radio-probes']).toBe(2);
  });

  test('for two bytes, and stays when no seat is free, is put out', async () => {
    const radio = await startRadioStation({ limits: { LISTENERS_PER_PODCAST: 1 } });
    const channel = radio.create();
    const path = `/p/${channel.podcast.id}/live.mp3`;
    const probe = new BareListener(radio.port, path, ['Range: bytes=0-1']);
    await probe.head();
    await new BareListener(radio.port, path).head();
    radio.clock.advance(5000);
    await probe.ended;
    expect(counted(channel)).toBe(1);
  });

  test.each([
    'bytes=0-',
    'bytes=500-',
    'bytes=-5',
    'bytes=0-1,5-9',
    'bytes=9-1x',
    'lines=1-2',
    '\u00ff',
    'x'.repeat(4000),
  ])('with Range: %s gets all of it', async (range) => {
    const radio = await startRadioStation();
    const channel = radio.create();
    const listener = new BareListener(radio.port, `/p/${channel.podcast.id}/live.mp3`, [`Range: ${range}`]);
    expect(await listener.head()).toMatchObject({ '': 'HTTP/1.1 200 OK' });
    expect(counted(channel)).toBe(1);
  });

  test('in HTTP/1.0, or ends its own side, or goes on sending, hears all the same', async () => {
    const radio = await startRadioStation();
    const channel = radio.create();
    const path = `/p/${channel.podcast.id}/live.mp3`;
    const old = new BareListener(radio.port, `${path} HTTP/1.0\r\nx:`);
    const half = new BareListener(radio.port, path);
    half.socket.end();
    const noisy = new BareListener(radio.port, path);
    await Promise.all([old.head(), half.head(), noisy.head()]);
    noisy.socket.write('GET /list HTTP/1.1\r\nHost: x\r\n\r\n\0\0 rubbish \r\n\r\n');
    for (let page = 0; page < 5; page += 1) {
      radio.encodings.page('mp3', Buffer.from(`page ${page}`));
      await Promise.all([old, half, noisy].map((listener) => listener.heard(6 * page + 6)));
    }
    for (const { body } of [old, half, noisy]) expect(body.toString()).toBe('page 0page 1page 2page 3page 4');
    expect(counted(channel)).toBe(3);
  });

  test('behind another request that is not answered yet gets no mixture of both', async () => {
    const radio = await startRadioStation();
    const channel = radio.create();
    const request = `GET /p/${channel.podcast.id}/live.mp3 HTTP/1.1\r\nHost: x\r\n\r\n`;
    const listener = new BareListener(radio.port, '/status-json.xsl', []);
    listener.socket.write(request);
    await until(() => /invalid_request|icy-name/.test(listener.received.toString()));
    const text = listener.received.toString();
    expect(text.indexOf('icestats')).toBeLessThan(text.search(/invalid_request|icy-name/));
  });

  test('without there being a podcast, or a seat, or an encoder, is told so, with CORS', async () => {
    const radio = await startRadioStation({ limits: { LISTENERS_PER_PODCAST: 1 } });
    const channel = radio.create();
    const over = radio.create();
    radio.hub.end(over, CLOSE.senderDisconnected);
    const ask = async (path: string, method = 'GET'): Promise<object> => {
      const { status, headers } = await fetch(`${radio.url}${path}`, {
        method,
        headers: { origin: 'https://a.example' },
      });
      return {
        status,
        cors: headers.get('access-control-allow-origin'),
        retry: headers.get('retry-after'),
        allow: headers.get('allow'),
      };
    };
    const path = `/p/${channel.podcast.id}/live.mp3`;
    const plain = { cors: '*', retry: null, allow: null };
    expect(await ask('/p/123/live.mp3')).toEqual({ ...plain, status: 404 });
    expect(await ask('/p/0x1/live.opus')).toEqual({ ...plain, status: 400 });
    expect(await ask(`/p/${over.podcast.id}/live.m3u`)).toEqual({ ...plain, status: 410 });
    expect(await ask(path, 'POST')).toEqual({ ...plain, status: 405, allow: 'GET, HEAD' });
    expect(await ask(path, 'DELETE')).toEqual({ ...plain, status: 405, allow: 'GET, HEAD' });
    radio.encodings.refusal = new ContractError(CLOSE.capacity, 'all threads are busy');
    expect(await ask(path)).toEqual({ ...plain, status: 503, retry: '30' });
    expect(counted(channel)).toBe(0);
    radio.encodings.refusal = undefined;
    await new BareListener(radio.port, path).head();
    expect(await ask(path)).toEqual({ ...plain, status: 503, retry: '30' });
    radio.state.isDraining = true;
    expect(await ask(path)).toEqual({ ...plain, status: 503 });
  });

  test('and guesses is slowed down, while many of one address listen', async () => {
    const radio = await startRadioStation({ limits: { REST_REQUESTS_PER_MINUTE: 5 } });
    const channel = radio.create();
    const path = `/p/${channel.podcast.id}/live.mp3`;
    for (let count = 0; count < 10; count += 1) await new BareListener(radio.port, path).head();
    expect(counted(channel)).toBe(10);
    const statuses = [];
    for (let id = 1; id < 8; id += 1) statuses.push((await fetch(`${radio.url}/p/${id}/live.mp3`)).status);
    expect(statuses).toEqual([404, 404, 404, 404, 404, 429, 429]);
  });
});

describe('a private stream', () => {
  test('wants its key, shows it nowhere, and ends when the key is changed', async () => {
    const radio = await startRadioStation();
    const channel = radio.create({ visibility: 'private' });
    const key = channel.podcast.listenKey ?? '';
    const path = `/p/${channel.podcast.id}/live.mp3`;
    expect(await new BareListener(radio.port, path).head()).toMatchObject({ '': 'HTTP/1.1 404 Not Found' });
    const listener = new BareListener(radio.port, `${path}?key=${key}`);
    expect(await listener.head()).toMatchObject({ '': 'HTTP/1.1 200 OK', 'icy-pub': '0' });
    expect(listener.received.toString()).not.toContain(key);
    radio.hub.renewListenKey(channel);
    await listener.ended;
    expect(radio.encodings.sinks).toEqual({});
    const again = new BareListener(radio.port, `${path}?key=${channel.podcast.listenKey}`);
    await again.head();
    radio.encodings.page('mp3', Buffer.from('sound'));
    expect((await again.heard(5)).toString()).toBe('sound');
    expect(radio.logLines.join('\n')).not.toContain(key);
  });
});

test('a station is there while somebody listens, and a little longer', async () => {
  const radio = await startRadioStation();
  const channel = radio.create();
  const path = `/p/${channel.podcast.id}/live.mp3`;
  const [one, other] = [
    new BareListener(radio.port, path),
    new BareListener(radio.port, path, ['Icy-MetaData: 1']),
  ];
  await Promise.all([one.head(), other.head()]);
  one.socket.destroy();
  await playUntil(radio, () => counted(channel) === 1);
  other.socket.destroy();
  await playUntil(radio, () => counted(channel) === 0);
  radio.clock.advance(3000);
  radio.encodings.page('mp3', Buffer.from('still there'));
  const back = new BareListener(radio.port, path);
  await until(() => back.body.includes('still there'));
  radio.clock.advance(3000);
  expect(Object.keys(radio.encodings.sinks)).toEqual(['mp3']);
  back.socket.destroy();
  await playUntil(radio, () => counted(channel) === 0);
  radio.clock.advance(5000);
  expect(radio.encodings.sinks).toEqual({});
  await new BareListener(radio.port, path).head();
  expect(counted(channel)).toBe(1);
});
