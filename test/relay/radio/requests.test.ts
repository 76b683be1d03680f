import { describe, expect, test } from 'vitest';
import { CLOSE, ContractError } from '../../../src/protocol/close-codes.ts';
import { BareListener, playUntil, startRadioStation, until } from '../../support/radio-station.ts';

describe('who asks for a stream', () => {
  test('with HEAD gets the same headers, and is no listener', async () => {
    const radio = await startRadioStation();
    const channel = radio.create({ title: 'Wörter' });
    const path = `/p/${channel.podcast.id}/live.mp3`;
    const looking = new BareListener(radio.port, path, ['Icy-MetaData: 1', 'Connection: close'], 'HEAD');
    const headers = await looking.head();
    await looking.ended;
    expect(looking.body).toHaveLength(0);
    expect(radio.encodings.sinks).toEqual({});
    expect(headers).toMatchObject(await new BareListener(radio.port, path, ['Icy-MetaData: 1']).head());
  });

  test('with HEAD leaves its connection to the server, which answers what else it asks, or closes it', async () => {
    const radio = await startRadioStation();
    const path = `/p/${radio.create().podcast.id}/live.mp3`;
    const looking = new BareListener(radio.port, path, [], 'HEAD');
    await looking.head();
    looking.socket.write('GET /status-json.xsl HTTP/1.1\r\nHost: relay\r\n\r\n');
    await until(() => looking.body.includes('icestats') || looking.socket.readableEnded);
    expect(looking.body.toString()).toContain('icestats');
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
    let pages = radio.counters.snapshot()['radio-pages'];
    await playUntil(radio, () => {
      const before = pages;
      pages = radio.counters.snapshot()['radio-pages'];
      return pages === before + 1;
    });
    const counts = (): number[] => [radio.stations.listenersOf(channel, 'mp3'), channel.listenersBy.radio];
    expect(counts()).toEqual([0, 0]);
    radio.clock.advance(5000);
    expect(counts()).toEqual([1, 1]);
    stays?.socket.destroy();
    await playUntil(radio, () => channel.listenersBy.radio === 0);
    expect(counts()).toEqual([0, 0]);
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
    expect(channel.listenersBy.radio).toBe(1);
  });

  test('for two bytes, again and again from one address, is refused before it has more streams than it may', async () => {
    const radio = await startRadioStation({ limits: { LISTENERS_PER_ADDRESS: 3 } });
    const path = `/p/${radio.create().podcast.id}/live.mp3`;
    const look = async (): Promise<[string | undefined, BareListener]> => {
      const probe = new BareListener(radio.port, path, ['Range: bytes=0-1']);
      return [(await probe.head())[''], probe];
    };
    const probes = await Promise.all(Array.from({ length: 3 }, look));
    expect(probes.map(([status]) => status)).toEqual(Array(3).fill('HTTP/1.1 200 OK'));
    for (let time = 0; time < 3; time += 1) {
      expect((await look())[0]).toBe('HTTP/1.1 503 Service Unavailable');
    }
    radio.clock.advance(5000);
    // They listen; one who looks now has a place, and no seat behind it.
    const [status, fourth] = await look();
    expect(status).toBe('HTTP/1.1 200 OK');
    radio.clock.advance(5000);
    await fourth.ended;
    expect((await look())[0]).toBe('HTTP/1.1 200 OK');
  });

  test('of an encoder that gives nothing, or nothing any more, is let go', async () => {
    const radio = await startRadioStation();
    const path = `/p/${radio.create().podcast.id}/live.mp3`;
    const early = new BareListener(radio.port, path);
    await early.head();
    radio.clock.advance(9000);
    radio.encodings.page('mp3', Buffer.from('page'));
    await early.heard(4);
    radio.clock.advance(2000);
    radio.encodings.page('mp3', Buffer.from('page'));
    await early.heard(8);
    expect(early.socket.readableEnded).toBe(false);
    radio.clock.advance(20_000);
    await early.ended;
    const late = new BareListener(radio.port, path);
    await late.head();
    radio.clock.advance(10_000);
    await late.ended;
    expect([radio.counters.snapshot()['radio-stalled'], radio.encodings.sinks]).toEqual([2, {}]);
    const again = new BareListener(radio.port, path);
    await again.head();
    radio.encodings.page('mp3', Buffer.from('page'));
    await again.heard(4);
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
    expect(channel.listenersBy.radio).toBe(1);
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
    expect(channel.listenersBy.radio).toBe(3);
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
    radio.clock.advance(10_000);
    expect(channel.listenersBy.radio).toBe(0);
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
    expect(channel.listenersBy.radio).toBe(10);
    const statuses = [];
    for (let id = 1; id < 8; id += 1) statuses.push((await fetch(`${radio.url}/p/${id}/live.mp3`)).status);
    expect(statuses).toEqual([404, 404, 404, 404, 404, 429, 429]);
  });
});
