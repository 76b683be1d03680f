import { describe, expect, test } from 'vitest';
import { CLOSE, ContractError } from '../../../src/protocol/close-codes.ts';
import { beside, HlsServer, withFirstSegment } from '../../support/hls-server.ts';

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

  test('and what it leads to are asked for as often as by many players behind one address', async () => {
    const { server, channel, playlist, segment } = await withFirstSegment({ REST_REQUESTS_PER_MINUTE: 3 });
    for (const path of [`/p/${channel.podcast.id}/live.m3u8`, playlist, segment])
      for (let time = 0; time < 5; time += 1) expect((await server.ask(path)).status).toBe(200);
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

  test('waits no longer than 8 s, and is worth another try then', async () => {
    const server = await HlsServer.start();
    const asked = server.ask(await server.join(server.podcast()));
    // Of the lane, and of who waits.
    while (server.clock.timers < 2) await new Promise(setImmediate);
    server.clock.advance(8000);
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
