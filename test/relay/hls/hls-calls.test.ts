import { describe, expect, test } from 'vitest';
import { CLOSE, ContractError } from '../../../src/protocol/close-codes.ts';
import { HlsServer } from '../../support/hls-server.ts';

/** Of a playlist as `join` gave it. */
function beside(playlist: string, uri: string): string {
  return new URL(uri, `http://relay${playlist}`).href.slice('http://relay'.length);
}

async function withFirstSegment() {
  const server = await HlsServer.start();
  const channel = server.podcast();
  const playlist = await server.join(channel);
  const { segments } = await server.readFirst(playlist);
  const [segment] = segments;
  if (!segment) throw new Error('no segment');
  return {
    server,
    channel,
    playlist,
    segment: beside(playlist, segment.uri),
    init: beside(playlist, segment.map),
  };
}

describe('the link', () => {
  test('names another playlist for each who asks, is never cached, and has nothing encoded', async () => {
    const server = await HlsServer.start();
    const channel = server.podcast();
    const names = new Set<string>();
    for (let time = 0; time < 20; time += 1) names.add(await server.join(channel));
    expect(names.size).toBe(20);
    const { status, headers } = await server.ask(`/p/${channel.podcast.id}/live.m3u8`);
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'content-type': 'application/vnd.apple.mpegurl',
      'access-control-allow-origin': '*',
    });
    expect([server.encodings.begun, server.clock.timers]).toEqual([0, 0]);
  });

  test.each([
    ['2147483647', 404],
    ['0', 400],
    ['a podcast', 400],
    ['../../etc/passwd', 404],
    ['%00', 400],
    ['9'.repeat(90), 400],
  ])('of no podcast (%s) is %i, for the playlist and what is behind it', async (id, status) => {
    const server = await HlsServer.start();
    for (const path of [
      'live.m3u8',
      'hls/audio.m3u8?session=somebody',
      'hls/aaaa/1.m4s',
      'hls/aaaa/init.mp4',
    ]) {
      const answer = await server.ask(`/p/${encodeURIComponent(decodeURIComponent(id))}/${path}`);
      expect([path, answer.status]).toEqual([path, id.startsWith('..') ? 400 : status]);
      expect(answer.headers['access-control-allow-origin']).toBe('*');
    }
  });

  test('of a private podcast takes its key, and so does all that it leads to', async () => {
    const server = await HlsServer.start();
    const channel = server.podcast('private');
    const key = channel.podcast.listenKey ?? '';
    const playlist = await server.join(channel, `?key=${key}`);
    const { segments } = await server.readFirst(playlist);
    const paths = [playlist, beside(playlist, segments[0]!.uri), beside(playlist, segments[0]!.map)];
    for (const path of paths) {
      expect(path).toContain(`key=${key}`);
      const { status, headers } = await server.ask(path);
      expect([status, headers['cache-control']]).toEqual([200, expect.stringContaining('private')]);
      expect((await server.ask(path.replace(key, 'another'))).status).toBe(404);
      expect((await server.ask(path.replace(`key=${key}`, ''))).status).toBe(404);
    }
  });

  test('with a key that is none goes nowhere for long: guessing is slowed down', async () => {
    const server = await HlsServer.start({ REST_REQUESTS_PER_MINUTE: 5 });
    const { podcast } = server.podcast('private');
    const statuses: number[] = [];
    for (let time = 0; time < 7; time += 1)
      statuses.push((await server.ask(`/p/${podcast.id}/live.m3u8?key=x`)).status);
    expect(statuses.slice(0, 5)).toEqual([404, 404, 404, 404, 404]);
    expect(statuses.at(-1)).toBe(429);
  });
});

describe('the playlist of segments', () => {
  test('waits for the first of them', async () => {
    const { server, playlist } = await withFirstSegment();
    expect(server.encodings.begun).toBe(1);
    const { headers } = await server.ask(playlist);
    expect(headers).toMatchObject({
      'cache-control': 'public, max-age=1',
      'content-type': 'application/vnd.apple.mpegurl',
      'access-control-allow-origin': '*',
    });
  });

  test('waits no longer than 3 s, and is worth another try then', async () => {
    const server = await HlsServer.start();
    const asked = server.ask(await server.join(server.podcast()));
    // Of the lane, and of who waits.
    while (server.clock.timers < 2) await new Promise(setImmediate);
    server.clock.advance(3000);
    const { status, headers, body } = await asked;
    expect([status, headers['retry-after']]).toEqual([503, '1']);
    expect(JSON.parse(String(body))).toMatchObject({ error: 'not_ready' });
  });

  test('slides, and its segments can be had for a while longer', async () => {
    const { server, playlist, segment } = await withFirstSegment();
    for (let time = 0; time < 12; time += 1) server.encodings.give();
    const { segments } = await server.read(playlist);
    expect(segments).toHaveLength(6);
    expect(segments.map(({ uri }) => beside(playlist, uri))).not.toContain(segment);
    expect((await server.ask(segment)).status).toBe(200);
    server.encodings.give();
    expect((await server.ask(segment)).status).toBe(404);
  });

  test('has a tag that changes with it', async () => {
    const { server, playlist } = await withFirstSegment();
    const { headers } = await server.ask(playlist);
    const again = { headers: { 'if-none-match': String(headers['etag']) } };
    expect(await server.ask(playlist, again)).toMatchObject({ status: 304, body: Buffer.alloc(0) });
    server.encodings.give();
    expect((await server.ask(playlist, again)).status).toBe(200);
  });

  test('goes on with a discontinuity when the encoder was begun anew', async () => {
    const { server, playlist } = await withFirstSegment();
    server.encodings.beginAnew();
    server.encodings.give();
    const [first, second] = (await server.read(playlist)).segments;
    expect(second!.discontinuity).toBe(first!.discontinuity + 1);
    expect(second!.map).not.toBe(first!.map);
    for (const { map, uri } of [first!, second!]) {
      expect((await server.ask(beside(playlist, map))).status).toBe(200);
      expect((await server.ask(beside(playlist, uri))).status).toBe(200);
    }
  });

  test.each(['', 'short', 'x'.repeat(41), 'with space', '../../..', '%00%00%00%00%00'])(
    'takes no absurd session: %j',
    async (session) => {
      const server = await HlsServer.start();
      const { podcast } = server.podcast();
      const { status } = await server.ask(`/p/${podcast.id}/hls/audio.m3u8?session=${session}`);
      expect([status, server.encodings.begun]).toEqual([400, 0]);
    },
  );

  test('takes one session: two are an invalid request, and so are two keys', async () => {
    const server = await HlsServer.start();
    const { podcast } = server.podcast();
    const path = `/p/${podcast.id}/hls/audio.m3u8`;
    expect((await server.ask(`${path}?session=somebody1&session=somebody2`)).status).toBe(400);
    expect((await server.ask(`${path}?session=somebody1&key=1&key=2`)).status).toBe(400);
    expect((await server.ask(`/p/${podcast.id}/live.m3u8?key=1&key=2`)).status).toBe(400);
  });

  test('says when this relay encodes as many as it can, and when to try again', async () => {
    const server = await HlsServer.start();
    server.encodings.refusal = new ContractError(CLOSE.capacity, 'Enough.');
    const { status, headers, body } = await server.ask(await server.join(server.podcast()));
    expect([status, headers['retry-after']]).toEqual([503, '10']);
    expect(JSON.parse(String(body))).toEqual({ error: 'capacity', message: 'Enough.' });
  });

  test('is not had while the relay shuts down', async () => {
    const { server, playlist, segment } = await withFirstSegment();
    server.isDraining = true;
    for (const path of [playlist, segment]) expect((await server.ask(path)).status).toBe(503);
  });
});

describe('HEAD', () => {
  test('has the headers of GET, counts nobody and begins nothing', async () => {
    const server = await HlsServer.start();
    const channel = server.podcast();
    const link = await server.ask(`/p/${channel.podcast.id}/live.m3u8`, { method: 'HEAD' });
    expect(link).toMatchObject({ status: 200, body: Buffer.alloc(0) });
    const playlist = await server.join(channel);
    expect(await server.ask(playlist, { method: 'HEAD' })).toMatchObject({
      status: 200,
      headers: { 'content-type': 'application/vnd.apple.mpegurl' },
    });
    expect(server.encodings.begun).toBe(0);
    const [segment] = (await server.readFirst(playlist)).segments;
    const got = await server.ask(beside(playlist, segment!.uri));
    const head = await server.ask(beside(playlist, segment!.uri), { method: 'HEAD' });
    expect(head.body).toHaveLength(0);
    expect(head.headers['content-length']).toBe(String(got.body.length));
    for (let time = 0; time < 5; time += 1) await server.ask(playlist, { method: 'HEAD' });
    expect(channel.listeners).toBe(0);
  });
});

describe('segments', () => {
  test('and their header never change, and say so', async () => {
    const { server, segment, init } = await withFirstSegment();
    for (const path of [segment, init]) {
      const { headers } = await server.ask(path);
      expect(headers).toMatchObject({
        'content-type': 'audio/mp4',
        'cache-control': 'public, max-age=31536000, immutable',
        'access-control-allow-origin': '*',
        'accept-ranges': 'bytes',
      });
      const known = { headers: { 'if-none-match': `W/"other", ${String(headers['etag'])}` } };
      expect(await server.ask(path, known)).toMatchObject({ status: 304, body: Buffer.alloc(0) });
    }
  });

  test.each([
    ['bytes=0-1', 206, [0, 2]],
    ['bytes=5-', 206, [5, Infinity]],
    ['bytes=-7', 206, [-7, Infinity]],
    ['bytes=-999999999', 206, [0, Infinity]],
    ['bytes=3-999999999', 206, [3, Infinity]],
    ['bytes=9-3', 200, [0, Infinity]],
    ['bytes=0-1,4-5', 200, [0, Infinity]],
    ['bytes=-', 200, [0, Infinity]],
    ['lines=0-1', 200, [0, Infinity]],
    [`bytes=${'9'.repeat(400)}-`, 200, [0, Infinity]],
    ['bytes=999999999-', 416, [0, 0]],
    ['bytes=-0', 416, [0, 0]],
  ])('in parts: %s is %i', async (range, status, [from, to]) => {
    const { server, segment } = await withFirstSegment();
    const { body: whole } = await server.ask(segment);
    const part = await server.ask(segment, { headers: { range } });
    expect(part.status).toBe(status);
    if (status === 416) {
      expect(part.headers['content-range']).toBe(`bytes */${whole.length}`);
      expect(part.headers['cache-control']).toBeUndefined();
      expect(JSON.parse(String(part.body))).toMatchObject({ error: 'range_not_satisfiable' });
      return;
    }
    expect(part.body).toEqual(whole.subarray(from, to));
    const first = from! < 0 ? whole.length + from! : from!;
    const last = Math.min(whole.length, to!) - 1;
    if (status === 206) expect(part.headers['content-range']).toBe(`bytes ${first}-${last}/${whole.length}`);
  });

  test('are whole for who has a part of other bytes', async () => {
    const { server, segment } = await withFirstSegment();
    const { headers } = await server.ask(segment);
    const statusOf = async (condition: string): Promise<number> =>
      (await server.ask(segment, { headers: { range: 'bytes=0-1', 'if-range': condition } })).status;
    expect(await statusOf(String(headers['etag']))).toBe(206);
    expect(await statusOf('"another"')).toBe(200);
  });

  test.each([
    '1.m4s',
    '99999999999999999999.m4s',
    '-1.m4s',
    'x.m4s',
    'init.mp5',
    '..%2f..%2finit.mp4',
    '%00',
  ])('that there are not are 404: %s', async (file) => {
    const { server, segment } = await withFirstSegment();
    const { status, headers } = await server.ask(segment.replace(/[^/]+$/, file));
    expect([status, headers['cache-control']]).toEqual([404, undefined]);
  });

  test('of another run are 404', async () => {
    const { server, segment } = await withFirstSegment();
    expect((await server.ask(segment.replace(/hls\/[^/]+/, 'hls/another'))).status).toBe(404);
  });
});

describe('players', () => {
  test('are counted once each, from their second question on, until they ask no more', async () => {
    const { server, channel, playlist } = await withFirstSegment();
    const other = await server.join(channel);
    await server.read(other);
    expect(channel.listeners).toBe(0);
    for (let time = 0; time < 3; time += 1) {
      server.clock.advance(4000);
      server.encodings.give();
      await server.read(playlist);
      await server.read(other);
    }
    expect(channel.listenersBy.hls).toBe(2);
    for (let time = 0; time < 3; time += 1) {
      server.clock.advance(4000);
      await server.read(other);
    }
    expect(channel.listenersBy.hls).toBe(1);
    server.clock.advance(13_000);
    expect(channel.listenersBy.hls).toBe(0);
  });

  test('that nobody knows, as after a restart, are players like others', async () => {
    const { server, channel } = await withFirstSegment();
    const playlist = `/p/${channel.podcast.id}/hls/audio.m3u8?session=from-another-life`;
    await server.read(playlist);
    await server.read(playlist);
    expect(channel.listenersBy.hls).toBe(1);
  });

  test('that are too many are told so, and those who play play on', async () => {
    const server = await HlsServer.start({ LISTENERS_PER_ADDRESS: 3 });
    const channel = server.podcast();
    const playlist = await server.join(channel);
    await server.readFirst(playlist);
    await server.read(playlist);
    const statuses: number[] = [];
    for (let time = 0; time < 50; time += 1)
      statuses.push((await server.ask(await server.join(channel))).status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(3);
    const { status, headers } = await server.ask(await server.join(channel));
    expect([status, headers['retry-after']]).toEqual([503, '10']);
    await server.read(playlist);
    server.clock.advance(13_000);
    await server.read(await server.join(channel));
  });
});

describe('encoding', () => {
  test('stops half a minute after the last question, and all is forgotten', async () => {
    const { server, playlist, segment } = await withFirstSegment();
    server.clock.advance(29_000);
    expect((await server.ask(segment)).status).toBe(200);
    await server.read(playlist);
    server.clock.advance(29_000);
    expect(server.encodings.sinks.size).toBe(1);
    server.clock.advance(2000);
    expect([server.encodings.sinks.size, server.clock.timers]).toEqual([0, 0]);
    expect((await server.ask(segment)).status).toBe(404);
  });

  test('begins again with other addresses and higher numbers', async () => {
    const { server, playlist } = await withFirstSegment();
    for (let time = 0; time < 7; time += 1) server.encodings.give();
    const before = await server.read(playlist);
    server.clock.advance(31_000);
    const after = await server.readFirst(playlist);
    expect(after.segments[0]!.number).toBeGreaterThan(before.segments.at(-1)!.number);
    expect(after.segments[0]!.discontinuity).toBeGreaterThan(before.segments.at(-1)!.discontinuity);
    const uris = (read: typeof before): string[] => read.segments.flatMap(({ uri, map }) => [uri, map]);
    expect(uris(after).filter((uri) => uris(before).includes(uri))).toEqual([]);
  });

  test('is done once for all', async () => {
    const { server, channel } = await withFirstSegment();
    for (let time = 0; time < 20; time += 1) await server.read(await server.join(channel));
    expect(server.encodings.begun).toBe(1);
  });
});

describe('a podcast that has ended', () => {
  async function ended() {
    const playing = await withFirstSegment();
    await playing.server.read(playing.playlist);
    const { server, channel } = playing;
    const sinks = [...server.encodings.sinks];
    server.hub.end(channel, CLOSE.senderDisconnected);
    for (const sink of sinks) sink.end(CLOSE.senderDisconnected, '');
    return playing;
  }

  test('says so in its playlist, which can be had for a minute, with its segments', async () => {
    const { server, channel, playlist, segment, init } = await ended();
    expect(channel.listeners).toBe(0);
    server.clock.advance(50_000);
    expect((await server.read(playlist)).isOver).toBe(true);
    expect((await server.read(await server.join(channel))).isOver).toBe(true);
    for (const path of [segment, init]) expect((await server.ask(path)).status).toBe(200);
    server.clock.advance(11_000);
    for (const path of [playlist, segment, init]) expect((await server.ask(path)).status).toBe(410);
    expect(server.clock.timers).toBe(0);
  });

  test('is not begun again by who asks', async () => {
    const { server, playlist } = await ended();
    await server.read(playlist);
    expect(server.encodings.begun).toBe(1);
  });

  test('is 410 at once where nobody listened by HLS', async () => {
    const server = await HlsServer.start();
    const channel = server.podcast();
    server.hub.end(channel, CLOSE.senderDisconnected);
    expect((await server.ask(`/p/${channel.podcast.id}/live.m3u8`)).status).toBe(410);
  });

  test('keeps its key', async () => {
    const server = await HlsServer.start();
    const channel = server.podcast('private');
    const playlist = await server.join(channel, `?key=${channel.podcast.listenKey}`);
    await server.readFirst(playlist);
    const sinks = [...server.encodings.sinks];
    server.hub.end(channel, CLOSE.senderDisconnected);
    for (const sink of sinks) sink.end(CLOSE.senderDisconnected, '');
    expect((await server.ask(playlist)).status).toBe(200);
    expect((await server.ask(playlist.replace(/key=.*/, 'key=none'))).status).toBe(404);
  });
});

test('who plays a private podcast by an old key plays no more', async () => {
  const server = await HlsServer.start();
  const channel = server.podcast('private');
  const playlist = await server.join(channel, `?key=${channel.podcast.listenKey}`);
  await server.readFirst(playlist);
  await server.read(playlist);
  const sinks = [...server.encodings.sinks];
  server.hub.renewListenKey(channel);
  for (const sink of sinks) sink.end(CLOSE.invalidAuth, '');
  expect(channel.listeners).toBe(0);
  expect((await server.ask(playlist)).status).toBe(404);
  const renewed = await server.join(channel, `?key=${channel.podcast.listenKey}`);
  expect((await server.readFirst(renewed)).isOver).toBe(false);
});
