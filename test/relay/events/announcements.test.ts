import { describe, expect, test } from 'vitest';
import { Announcements, type Occupant } from '../../../src/relay/events/announcements.ts';
import { makePodcast } from '../../support/naive-client.ts';
import { NaiveUdpClient } from '../../support/naive-udp-client.ts';
import { startTestRelay } from '../../support/test-relay.ts';
import { headersOf, udpHost, udpListener } from '../../support/udp-on-air.ts';

/** An occupant that keeps what it is told, as "+id" for a join and "-id" for a leave. */
function occupant(clientId: number, isHost = false): Occupant & { readonly told: string[] } {
  const told: string[] = [];
  return {
    clientId,
    isHost,
    told,
    tell(...events) {
      for (const event of events) {
        const { t, data } = JSON.parse(event) as { t: number; data: { client_id: number } };
        told.push(`${t === 4 ? '+' : '-'}${data.client_id}`);
      }
    },
  };
}

describe('who hears of whom', () => {
  test('everyone of everyone, while the audience is small', () => {
    const announcements = new Announcements(2);
    const [host, one, two] = [occupant(9, true), occupant(1), occupant(2)];
    for (const client of [host, one, two]) announcements.enter(client);
    announcements.leave(one);
    expect(host.told).toEqual(['+9', '+1', '+2', '-1']);
    expect(one.told).toEqual(['+1', '+2', '-1']);
    expect(two.told).toEqual(['+2', '-1']);
  });

  test('in a large audience the host and the client concerned alone', () => {
    const announcements = new Announcements(2);
    const [host, one, two, three] = [occupant(9, true), occupant(1), occupant(2), occupant(3)];
    for (const client of [host, one, two, three]) announcements.enter(client);
    announcements.leave(three);
    announcements.leave(two);
    expect(host.told).toEqual(['+9', '+1', '+2', '+3', '-3', '-2']);
    expect(three.told).toEqual(['+3', '-3']);
    expect(one.told).toEqual(['+1', '+2', '-2']);
  });

  test('a host that comes late hears first that it is in, then who is there already', () => {
    const announcements = new Announcements(100);
    const [one, two, host] = [occupant(1), occupant(2), occupant(9, true)];
    for (const client of [one, two, host]) announcements.enter(client);
    expect(host.told).toEqual(['+9', '+1', '+2']);
    expect(one.told).toEqual(['+1', '+2', '+9']);
  });

  test('who is in already only hears it again; of who never was in, nobody hears', () => {
    const announcements = new Announcements(100);
    const [one, two] = [occupant(1), occupant(2)];
    announcements.enter(one);
    announcements.enter(one);
    announcements.leave(two);
    announcements.enter(two);
    announcements.leave(two);
    announcements.leave(two);
    expect(one.told).toEqual(['+1', '+1', '+2', '-2']);
  });

  test('N listeners that join cost O(N) messages', () => {
    const announcements = new Announcements(100);
    const host = occupant(1, true);
    const listeners = Array.from({ length: 2000 }, (_, index) => occupant(index + 2));
    for (const client of [host, ...listeners]) announcements.enter(client);
    const messages = listeners.reduce((sum, { told }) => sum + told.length, host.told.length);
    expect(messages).toBe(1 + 2000 + 2000 + (99 * 100) / 2);
  });

  test('a client that is dismissed for what it leaves unread, while it is told, disturbs nobody', () => {
    const announcements = new Announcements(100);
    const [one, two] = [occupant(1), occupant(2)];
    const slow: Occupant = { clientId: 3, isHost: false, tell: () => announcements.leave(slow) };
    announcements.enter(one);
    announcements.enter(slow);
    announcements.enter(two);
    expect(one.told).toContain('+2');
    expect(one.told.filter((told) => told === '-3').length).toBeLessThanOrEqual(1);
  });
});

test('a relay holds to its limit: two listeners hear of each other, three do not', async () => {
  const relay = await startTestRelay({ limits: { SMALL_AUDIENCE_LISTENERS: 2 } });
  const host = await udpHost(relay);
  const { podcast_id: podcast } = host.hello;
  const [one, two] = [await udpListener(relay, podcast), await udpListener(relay, podcast)];
  const three = await udpListener(relay, podcast);
  expect(new Set([host.id, one.id, two.id, three.id]).size).toBe(4);

  three.client.socket.close();
  await host.client.event(3, 1);
  two.client.socket.close();
  await host.client.event(3, 2);
  await one.client.event(3, 1);

  expect(host.client.ids(4)).toEqual([host.id, one.id, two.id, three.id]);
  expect(host.client.ids(3)).toEqual([three.id, two.id]);
  expect(one.client.ids(4)).toEqual([one.id, two.id]);
  expect(one.client.ids(3)).toEqual([two.id]);
  expect(two.client.ids(4)).toEqual([two.id]);
  expect(three.client.ids(4)).toEqual([three.id]);
});

test('a listener with audio=websocket is in at once, and takes part like everyone', async () => {
  const relay = await startTestRelay();
  const host = await udpHost(relay);
  const url = `${relay.socketUrl}/listen?id=${host.hello.podcast_id}&audio=websocket&events=all`;
  const listener = new NaiveUdpClient(url);
  const { client_id: id } = await listener.hello();
  await listener.event(4);
  await host.client.event(4, 2);
  expect(host.client.ids(4)).toEqual([host.id, id]);
  listener.socket.terminate();
  await host.client.event(3);
  expect(host.client.ids(3)).toEqual([id]);
});

test('of a client that never said Connected nobody hears', async () => {
  const relay = await startTestRelay();
  const { id } = await makePodcast(relay.url, headersOf(relay));
  const host = await udpHost(relay, `?id=${id}`);
  const silent = new NaiveUdpClient(`${relay.socketUrl}/listen?id=${id}`);
  await silent.hello();
  silent.socket.close();
  await silent.ending;
  const loud = await udpListener(relay, id);
  await host.client.event(4, 2);
  expect(host.client.ids(4)).toEqual([host.id, loud.id]);
  expect(host.client.ids(3)).toEqual([]);
});
