import { describe, expect, test } from 'vitest';
import { makePodcast, NaiveClient } from '../../support/naive-client.ts';
import { discover, Ear, NaiveUdpClient } from '../../support/naive-udp-client.ts';
import { startTestRelay } from '../../support/test-relay.ts';
import { headersOf, udpHost, udpListener } from '../../support/udp-on-air.ts';

describe('a client that knows only JSON events and UDP', () => {
  test('makes a podcast by connecting, hosts it, and listeners open every frame', async () => {
    const relay = await startTestRelay();
    const host = await udpHost(relay);
    expect(host.hello).toEqual({
      podcast_id: expect.any(Number),
      ip: '127.0.0.1',
      port: relay.udpPort,
      secret: expect.any(Array),
    });
    const listeners = [
      await udpListener(relay, host.hello.podcast_id),
      await udpListener(relay, host.hello.podcast_id),
    ];

    const frames = Array.from({ length: 50 }, (_, index) => `frame ${index}`);
    const datagrams = await Promise.all(frames.map((frame) => host.client.sealed(frame)));
    for (const datagram of datagrams) host.send(datagram);

    for (const { client, ear } of listeners) {
      await ear.heard(frames.length);
      expect(ear.datagrams).toEqual(datagrams);
      expect(await client.opened(ear.datagrams)).toEqual(frames);
    }
    const listed = (await (await fetch(`${relay.url}/list`)).json()) as { podcasts: unknown[] };
    expect(listed.podcasts).toMatchObject([{ id: host.hello.podcast_id, title: '', listeners: 2 }]);
    expect(relay.count('packets-in')).toBe(50);
    expect(relay.count('packets-out')).toBe(100);
  });

  test('takes up a podcast that was made by POST /podcast', async () => {
    const relay = await startTestRelay();
    const { id } = await makePodcast(relay.url, headersOf(relay), { visibility: 'unlisted' });
    const host = await udpHost(relay, `?id=${id}`);
    expect(host.hello.podcast_id).toBe(id);
  });

  test('listens to a private podcast with its key, in the query or as a header', async () => {
    const relay = await startTestRelay();
    const podcast = await makePodcast(relay.url, headersOf(relay), { visibility: 'private' });
    const url = `${relay.socketUrl}/listen?id=${podcast.id}`;
    const key = String(podcast.listen_key);
    expect((await new NaiveUdpClient(`${url}&key=${key}`).hello()).podcast_id).toBe(podcast.id);
    expect((await new NaiveUdpClient(url, { listen_key: key }).hello()).podcast_id).toBe(podcast.id);
    expect((await new NaiveUdpClient(url).ending).code).toBe(4006);
  });

  test('finds its address by discovery, with any number for an id', async () => {
    const relay = await startTestRelay();
    const ear = await Ear.open();
    for (const clientId of [0, 7, 0xffffffff]) {
      const { cookie, ...found } = await discover(ear, relay.udpPort, clientId);
      expect(found).toEqual({ clientId, address: '127.0.0.1', port: ear.port });
      expect(cookie).toMatch(/^(?!0{32})[0-9a-f]{32}$/);
    }
    expect(relay.count('discovery')).toBe(3);
  });

  test('may have the smallest frame and the largest', async () => {
    const relay = await startTestRelay();
    const host = await udpHost(relay);
    const { client, ear } = await udpListener(relay, host.hello.podcast_id);
    const frames = ['x', 'y'.repeat(1275)];
    for (const frame of frames) host.send(await host.client.sealed(frame));
    await ear.heard(2);
    expect(ear.datagrams.map(({ length }) => length)).toEqual([41, 1315]);
    expect(await client.opened(ear.datagrams)).toEqual(frames);
  });
});

describe('any mixture of lanes', () => {
  test('a host on WebSocket is heard over UDP, over JSON events with audio=websocket, and over WebSocket', async () => {
    const relay = await startTestRelay();
    const { id, url } = await makePodcast(relay.url, headersOf(relay));
    const host = new NaiveClient(url, { ...headersOf(relay), isSender: 'true' });
    await host.hello;
    const overUdp = await udpListener(relay, id);
    const firewalled = new NaiveUdpClient(`${relay.socketUrl}/listen?id=${id}&audio=websocket`);
    await firewalled.event(4);
    const plain = new NaiveClient(`${relay.socketUrl}/ws?id=${id}`);
    await plain.hello;

    for (const frame of ['one', 'two', 'three']) host.sendFrame(Buffer.from(frame));

    await Promise.all([overUdp.ear.heard(3), firewalled.heard(3), plain.heard(3)]);
    expect(plain.frames()).toEqual(['one', 'two', 'three']);
    expect(firewalled.packets).toEqual(plain.packets);
    expect(overUdp.ear.datagrams).toEqual(plain.packets.map((packet) => packet.subarray(1)));
  });

  test('a host on UDP is heard on every lane', async () => {
    const relay = await startTestRelay();
    const host = await udpHost(relay);
    const { podcast_id: id } = host.hello;
    const overUdp = await udpListener(relay, id);
    const firewalled = new NaiveUdpClient(`${relay.socketUrl}/listen?id=${id}&audio=websocket`);
    await firewalled.event(4);
    const plain = new NaiveClient(`${relay.socketUrl}/?id=${id}`);
    await plain.hello;

    const datagrams = await Promise.all(['one', 'two'].map((frame) => host.client.sealed(frame)));
    for (const datagram of datagrams) host.send(datagram);

    await Promise.all([overUdp.ear.heard(2), firewalled.heard(2), plain.heard(2)]);
    expect(overUdp.ear.datagrams).toEqual(datagrams);
    expect(plain.frames()).toEqual(['one', 'two']);
    expect(firewalled.packets).toEqual(plain.packets);
  });

  test('/ws with a sender header is a host of 2022, with an account a host of 2023, with an id alone a listener of 2022', async () => {
    const relay = await startTestRelay();
    const { id } = await makePodcast(relay.url, headersOf(relay));
    const url = `${relay.socketUrl}/ws?id=${id}`;
    const host2022 = new NaiveClient(url, { ...headersOf(relay), isHost: 'true' });
    expect((await host2022.hello).secretKey).toHaveLength(32);
    const host2023 = new NaiveUdpClient(url, headersOf(relay));
    expect((await host2023.ending).code).toBe(4004);
    const listener2022 = new NaiveClient(url);
    await listener2022.hello;
    host2022.sendFrame(Buffer.from('hello'));
    await listener2022.heard(1);
  });
});
