import { describe, expect, test } from 'vitest';
import { CLOSE, ContractError } from '../../../src/protocol/close-codes.ts';
import { HlsServer, withFirstSegment } from '../../support/hls-server.ts';

describe('players', () => {
  test('are counted once each, from when they ask again, until they ask no more', async () => {
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
    server.clock.advance(4000);
    await server.read(playlist);
    expect(channel.listenersBy.hls).toBe(1);
  });

  test('that are too many are told so, and those who play play on', async () => {
    const server = await HlsServer.start({ LISTENERS_PER_ADDRESS: 3 });
    const channel = server.podcast();
    const playlist = await server.join(channel);
    await server.readFirst(playlist);
    server.clock.advance(4000);
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
    expect(after.segments[0]!.discontinuity).not.toBe(before.segments[0]!.discontinuity);
    const uris = (read: typeof before): string[] => read.segments.flatMap(({ uri, map }) => [uri, map]);
    expect(uris(after).filter((uri) => uris(before).includes(uri))).toEqual([]);
  });

  test('that cannot be done is refused with its reason, however often it is asked for, and leaves no place taken', async () => {
    const server = await HlsServer.start({ LISTENERS_PER_ADDRESS: 3 });
    const channel = server.podcast();
    server.encodings.refusal = new ContractError(CLOSE.capacity, 'all threads are busy');
    for (let time = 0; time < 5; time += 1) {
      const { status, body } = await server.ask(await server.join(channel));
      expect([status, String(body)]).toEqual([503, expect.stringContaining('all threads are busy')]);
    }
    server.encodings.refusal = undefined;
    await server.readFirst(await server.join(channel));
  });

  test('that is refused when the podcast goes on air is over, and begun anew for who asks again', async () => {
    const { server, channel, playlist } = await withFirstSegment();
    server.encodings.refuse(new ContractError(CLOSE.capacity, 'all threads are busy'));
    expect(server.encodings.sinks.size).toBe(0);
    await server.readFirst(playlist);
    await server.readFirst(await server.join(channel));
    expect(server.encodings.begun).toBe(2);
  });

  test('is done once for all', async () => {
    const { server, channel } = await withFirstSegment();
    for (let time = 0; time < 20; time += 1) await server.read(await server.join(channel));
    expect(server.encodings.begun).toBe(1);
  });
});

async function ended() {
  const playing = await withFirstSegment();
  playing.server.clock.advance(4000);
  await playing.server.read(playing.playlist);
  expect(playing.channel.listeners).toBe(1);
  const { server, channel } = playing;
  server.hub.end(channel, CLOSE.senderDisconnected);
  server.encodings.end(CLOSE.senderDisconnected);
  return playing;
}

describe('a podcast that has ended', () => {
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

  test('says so also to who had the playlist as it was before', async () => {
    const { server, channel, playlist } = await withFirstSegment();
    const { headers } = await server.ask(playlist);
    server.hub.end(channel, CLOSE.senderDisconnected);
    server.encodings.end(CLOSE.senderDisconnected);
    const again = { headers: { 'if-none-match': String(headers['etag']) } };
    expect((await server.ask(playlist, again)).status).toBe(200);
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

  test('is one of a hundred that are kept: what ended first goes first', async () => {
    const server = await HlsServer.start();
    const playlists: string[] = [];
    for (let count = 0; count < 101; count += 1) {
      const channel = server.podcast();
      server.hub.takeUp(channel, { dismiss: () => undefined });
      const playlist = await server.join(channel);
      await server.readFirst(playlist);
      server.hub.end(channel, CLOSE.senderDisconnected);
      server.encodings.end(CLOSE.senderDisconnected);
      playlists.push(playlist);
    }
    const [first = '', second = ''] = playlists;
    expect([(await server.ask(first)).status, (await server.ask(second)).status]).toEqual([410, 200]);
  });

  test('keeps its key', async () => {
    const server = await HlsServer.start();
    const channel = server.podcast('private');
    const playlist = await server.join(channel, `?key=${channel.podcast.listenKey}`);
    await server.readFirst(playlist);
    server.hub.end(channel, CLOSE.senderDisconnected);
    server.encodings.end(CLOSE.senderDisconnected);
    expect((await server.ask(playlist)).status).toBe(200);
    expect((await server.ask(playlist.replace(/key=.*/, 'key=none'))).status).toBe(404);
  });
});

test('who plays a private podcast by an old key plays no more', async () => {
  const server = await HlsServer.start();
  const channel = server.podcast('private');
  const playlist = await server.join(channel, `?key=${channel.podcast.listenKey}`);
  await server.readFirst(playlist);
  server.clock.advance(4000);
  await server.read(playlist);
  expect(channel.listeners).toBe(1);
  server.hub.renewListenKey(channel);
  server.encodings.end(CLOSE.invalidAuth);
  expect(channel.listeners).toBe(0);
  expect((await server.ask(playlist)).status).toBe(404);
  const renewed = await server.join(channel, `?key=${channel.podcast.listenKey}`);
  expect((await server.readFirst(renewed)).isOver).toBe(false);
});
