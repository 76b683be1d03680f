import { describe, expect, test } from 'vitest';
import { makePodcast, NaiveClient } from '../../support/naive-client.ts';
import { discover, Ear, NaiveUdpClient } from '../../support/naive-udp-client.ts';
import { startTestRelay } from '../../support/test-relay.ts';
import { headersOf, udpHost, udpListener } from '../../support/udp-on-air.ts';

async function onAir(query = '') {
  const relay = await startTestRelay();
  const host = await udpHost(relay, query);
  const listener = await udpListener(relay, host.hello.podcast_id);
  return { relay, host, listener, podcast: host.hello.podcast_id };
}

describe('a podcast that is over', () => {
  test.each([1000, undefined])('by its host closing with %s: End, then 4003', async (code) => {
    const { host, listener, relay, podcast } = await onAir();
    const firewalled = new NaiveUdpClient(`${relay.socketUrl}/listen?id=${podcast}&audio=websocket`);
    await firewalled.event(4);
    const silent = new NaiveUdpClient(`${relay.socketUrl}/listen?id=${podcast}`);
    await silent.hello();
    host.client.socket.close(code);
    for (const client of [listener.client, firewalled, silent]) {
      expect(await client.ending).toEqual({ code: 4003, reason: 'The host left: the podcast is over.' });
      expect(client.messages.at(-1)).toEqual({ t: 5, data: {} });
      expect(client.ids(3)).toEqual([]);
    }
  });

  test('by a host on WebSocket that says good night first: who hears over WebSocket hears it before End', async () => {
    const relay = await startTestRelay();
    const { id, url } = await makePodcast(relay.url, headersOf(relay));
    const host = new NaiveClient(url, { ...headersOf(relay), isSender: 'true' });
    const listener = new NaiveUdpClient(`${relay.socketUrl}/listen?id=${id}&audio=websocket`);
    await Promise.all([host.hello, listener.event(4)]);
    host.sendFrame(Buffer.from('good night'));
    host.socket.close(1000);
    expect((await listener.ending).code).toBe(4003);
    expect(await listener.opened(listener.packets.map((packet) => packet.subarray(1)))).toEqual([
      'good night',
    ]);
    expect(listener.messages.at(-1)).toEqual({ t: 5, data: {} });
  });

  test('by DELETE: host and listeners get End, then 4003', async () => {
    const { host, listener, relay, podcast } = await onAir();
    await fetch(`${relay.url}/podcast?id=${podcast}`, { method: 'DELETE', headers: headersOf(relay) });
    for (const client of [host.client, listener.client]) {
      expect((await client.ending).code).toBe(4003);
      expect(client.messages.at(-1)).toEqual({ t: 5, data: {} });
    }
  });

  test('because no sender came: 4005, without an End, because nobody left', async () => {
    const relay = await startTestRelay();
    const { id } = await makePodcast(relay.url, headersOf(relay));
    const { client } = await udpListener(relay, id);
    relay.clock.advance(10_000);
    expect((await client.ending).code).toBe(4005);
    expect(client.messages.at(-1)?.t).toBe(4);
  });

  test('because the relay stops: 4010, and the UDP port is free again', async () => {
    const { relay, host, listener } = await onAir();
    await relay.close();
    expect((await host.client.ending).code).toBe(4010);
    expect((await listener.client.ending).code).toBe(4010);
    const again = await startTestRelay({ udpPort: relay.udpPort });
    expect(again.udpPort).toBe(relay.udpPort);
  });
});

describe('a listener that leaves', () => {
  test.each(['closes', 'vanishes'])('and %s gets no further datagram', async (manner) => {
    const { host, listener, relay, podcast } = await onAir();
    const other = await udpListener(relay, podcast);
    await host.sendFrame('before');
    await Promise.all([listener.ear.heard(1), other.ear.heard(1)]);
    if (manner === 'closes') listener.client.socket.close();
    else listener.client.socket.terminate();
    await host.client.event(3);
    await host.sendFrame('after');
    await other.ear.heard(2);
    expect(await listener.ear.settled()).toHaveLength(1);
    expect(host.client.ids(3)).toEqual([listener.id]);
  });

  test('is counted out', async () => {
    const { host, listener, relay, podcast } = await onAir();
    listener.client.socket.close();
    await host.client.event(3);
    await listener.client.ending;
    const answer = await fetch(`${relay.url}/podcast?id=${podcast}`);
    expect(await answer.json()).toMatchObject({ listeners: 0 });
  });

  test('whose NAT has moved it says Connected again: the old address gets nothing more', async () => {
    const { host, listener } = await onAir();
    const moved = await Ear.open();
    await listener.client.connect(moved.port);
    await host.sendFrame('hello');
    await moved.heard(1);
    expect(await listener.ear.settled()).toEqual([]);
  });
});

describe('a host whose connection dropped', () => {
  test('comes back with its token, confirms its address anew, and the listeners that stayed hear on', async () => {
    const { relay, host, listener, podcast } = await onAir('?events=all');
    expect(host.hello).toMatchObject({ client_id: host.id, resume_seconds: 5 });
    const { resume_token: token } = host.hello;
    await host.sendFrame('before');
    await listener.ear.heard(1);
    host.client.socket.terminate();
    await relay.logged('podcast interrupted');
    expect((await listener.client.event(3)).data).toEqual({ client_id: host.id });
    await host.sendFrame('while away');
    await relay.counted('datagram-stranger', 1);
    relay.clock.advance(4999);

    const back = await udpHost(relay, `?id=${podcast}&resume=${token}`, {});
    expect(back.hello.secret).toEqual(host.hello.secret);
    // Who was there already is told to the host that comes back, after its own ClientJoin.
    await back.client.event(4, 2);
    expect(back.client.ids(4)).toEqual([back.id, listener.id]);
    await back.sendFrame('after');
    await listener.ear.heard(2);
    expect(await listener.client.opened(listener.ear.datagrams)).toEqual(['before', 'after']);
  });

  test('comes back with its account, as clients do that never heard of tokens', async () => {
    const { relay, host, listener, podcast } = await onAir();
    host.client.socket.terminate();
    await relay.logged('podcast interrupted');
    const back = await udpHost(relay, `?id=${podcast}`);
    await back.sendFrame('after');
    await listener.ear.heard(1);
  });

  test('takes over from its old connection, whose datagrams count no more', async () => {
    const { relay, host, listener, podcast } = await onAir('?events=all');
    const back = await udpHost(relay, `?id=${podcast}&resume=${host.hello.resume_token}`, {});
    expect(await host.client.ending).toEqual({
      code: 4004,
      reason: 'The host came back on another connection.',
    });
    await host.sendFrame('from the old');
    await relay.counted('datagram-stranger', 1);
    await back.sendFrame('from the new');
    await listener.ear.heard(1);
    expect(await listener.client.opened(listener.ear.datagrams)).toEqual(['from the new']);
  });

  test('may come back on the other lane: from WebSocket to UDP and again to WebSocket', async () => {
    const relay = await startTestRelay();
    const { id, url } = await makePodcast(relay.url, headersOf(relay));
    const first = new NaiveClient(`${url}&events=all`, { ...headersOf(relay), isSender: 'true' });
    const { resume_token: token } = await first.hello;
    const listener = await udpListener(relay, id);
    const second = await udpHost(relay, `?id=${id}&resume=${token}`, {});
    expect((await first.ending).code).toBe(4004);
    await second.sendFrame('over UDP');
    await listener.ear.heard(1);
    const third = new NaiveClient(`${url}&resume=${token}`);
    await third.hello;
    expect((await second.client.ending).code).toBe(4004);
    third.sendFrame(Buffer.from('over WebSocket'));
    await listener.ear.heard(2);
    expect(await listener.client.opened(listener.ear.datagrams)).toEqual(['over UDP', 'over WebSocket']);
  });

  test('is refused with 4001 when its token is not of this podcast', async () => {
    const { relay, podcast } = await onAir();
    const url = `${relay.socketUrl}/ws?id=${podcast}&resume=x`;
    expect((await new NaiveUdpClient(url).ending).code).toBe(4001);
  });
});

describe('what this relay adds', () => {
  test('reaches only who asked for it', async () => {
    const relay = await startTestRelay();
    const plain = new NaiveUdpClient(`${relay.socketUrl}/ws`, headersOf(relay));
    expect(Object.keys(await plain.hello())).toEqual(['podcast_id', 'ip', 'port', 'secret']);
    const { podcast_id: id } = await plain.hello();
    const listener = new NaiveUdpClient(`${relay.socketUrl}/listen?id=${id}&events=all`);
    expect(Object.keys(await listener.hello())).toEqual(['podcast_id', 'ip', 'port', 'secret', 'client_id']);
    const host = new NaiveUdpClient(`${relay.socketUrl}/ws?events=all`, headersOf(relay));
    const added = ['client_id', 'resume_token', 'resume_seconds'];
    expect(Object.keys(await host.hello())).toEqual(['podcast_id', 'ip', 'port', 'secret', ...added]);
  });
});

test('a UDP port in use is named together with its setting, and nothing is left running', async () => {
  const { udpPort } = await startTestRelay();
  await expect(startTestRelay({ udpPort })).rejects.toThrow(
    `UDP port ${udpPort} of 127.0.0.1 is in use by another program: set UDP_PORT to a free one.`,
  );
});

test('one UDP port serves IPv4 and IPv6', async () => {
  const relay = await startTestRelay({ host: '::' });
  const host = await udpHost(relay);
  const { podcast_id: id } = host.hello;
  const four = await udpListener(relay, id);
  const six = new NaiveUdpClient(`ws://[::1]:${relay.port}/listen?id=${id}&events=all`);
  const ear = await Ear.open('::1');
  const { ip, client_id: clientId = 0 } = await six.hello();
  expect(ip).toBe('::1');
  const found = await discover(ear, relay.udpPort, clientId, ip);
  expect(found).toMatchObject({ address: '::1', port: ear.port });
  await six.connect(found.port, '0:0:0:0:0:0:0:1');
  await host.sendFrame('hello');
  await Promise.all([four.ear.heard(1), ear.heard(1)]);
  expect(ear.datagrams).toEqual(four.ear.datagrams);
});
