import { describe, expect, test } from 'vitest';
import { AddressCookies } from '../../../src/relay/events/address-cookie.ts';
import { discover, Ear, NaiveUdpClient } from '../../support/naive-udp-client.ts';
import { startTestRelay, type TestRelay } from '../../support/test-relay.ts';
import { type UdpHost, udpHost, udpListener } from '../../support/udp-on-air.ts';

// Clients come from 127.0.0.1. Whoever is at another address of loopback is somebody else.
const ELSEWHERE = '127.0.0.2';

interface Scene {
  readonly relay: TestRelay;
  readonly host: UdpHost;
  readonly victim: Ear;
  readonly attacker: NaiveUdpClient;
  readonly attackerId: number;
}

async function scene(): Promise<Scene> {
  const relay = await startTestRelay();
  const host = await udpHost(relay);
  const victim = await Ear.open(ELSEWHERE);
  const attacker = new NaiveUdpClient(`${relay.socketUrl}/listen?id=${host.hello.podcast_id}&events=all`);
  const { client_id: attackerId = 0 } = await attacker.hello();
  return { relay, host, victim, attacker, attackerId };
}

/** The attacker is turned away, and audio that flows goes to others only. */
async function expectRefusal({ relay, host, victim, attacker }: Scene, sentence: RegExp): Promise<void> {
  expect(await attacker.ending).toEqual({ code: 4007, reason: expect.stringMatching(sentence) });
  expect(relay.count('close-4007')).toBe(1);
  const witness = await udpListener(relay, host.hello.podcast_id);
  await host.sendFrame('secret');
  await witness.ear.heard(1);
  expect(await victim.settled()).toEqual([]);
}

describe('no audio goes to an address that is not confirmed', () => {
  test('a Connected that names somebody else is closed with 4007', async () => {
    const all = await scene();
    all.attacker.say(2, { ip: ELSEWHERE, port: all.victim.port });
    await expectRefusal(
      all,
      /^127\.0\.0\.2 is not 127\.0\.0\.1, where your WebSocket comes from, and no cookie confirms it/,
    );
  });

  test('a cookie for one address opens no other', async () => {
    const all = await scene();
    const own = await discover(await Ear.open('127.0.0.3'), all.relay.udpPort, all.attackerId);
    all.attacker.say(2, { ip: ELSEWHERE, port: all.victim.port, cookie: own.cookie });
    await expectRefusal(all, /this cookie was not sent there to you/);
  });

  test('a cookie for one port opens no other port of that address', async () => {
    const all = await scene();
    const own = await discover(await Ear.open(ELSEWHERE), all.relay.udpPort, all.attackerId);
    all.attacker.say(2, { ip: ELSEWHERE, port: all.victim.port, cookie: own.cookie });
    await expectRefusal(all, /this cookie was not sent there to you/);
  });

  test('the cookie of another client is none, even for the address that it was sent to', async () => {
    const all = await scene();
    const stolen = await discover(all.victim, all.relay.udpPort, all.attackerId + 1);
    all.attacker.say(2, { ip: ELSEWHERE, port: all.victim.port, cookie: stolen.cookie });
    await expectRefusal(all, /this cookie was not sent there to you/);
  });

  test('the cookie of a connection that has ended is worth nothing to the next', async () => {
    const all = await scene();
    const { victim, relay, attacker, attackerId, host } = all;
    const { cookie } = await discover(victim, relay.udpPort, attackerId);
    await attacker.connect(victim.port, ELSEWHERE, cookie);
    attacker.socket.close();
    await attacker.ending;
    const again = new NaiveUdpClient(`${relay.socketUrl}/listen?id=${host.hello.podcast_id}`);
    await again.hello();
    again.say(2, { ip: ELSEWHERE, port: victim.port, cookie });
    await expectRefusal({ ...all, attacker: again }, /this cookie was not sent there to you/);
  });

  test('the cookie of another run of the relay is worth nothing', async () => {
    const all = await scene();
    const endpoint = { address: ELSEWHERE, port: all.victim.port };
    const cookie = new AddressCookies().of(all.attackerId, endpoint).toString('hex');
    all.attacker.say(2, { ip: ELSEWHERE, port: all.victim.port, cookie });
    await expectRefusal(all, /this cookie was not sent there to you/);
  });

  test('a spoofed discovery brings its victim no more bytes than it cost, and the attacker no cookie', async () => {
    const all = await scene();
    // What a spoofed request does: the answer, and the cookie with it, goes to the victim.
    const request = Buffer.alloc(74);
    request.writeUInt16BE(1, 0);
    request.writeUInt16BE(70, 2);
    request.writeUInt32BE(all.attackerId, 4);
    all.victim.socket.send(request, all.relay.udpPort, '127.0.0.1');
    await all.victim.heard(1);
    expect(all.victim.datagrams.splice(0)).toEqual([expect.objectContaining({ length: request.length })]);
    all.attacker.say(2, { ip: ELSEWHERE, port: all.victim.port, cookie: '00'.repeat(16) });
    await expectRefusal(all, /this cookie was not sent there to you/);
  });

  test('a second Connected that names somebody else ends the first as well', async () => {
    const all = await scene();
    const own = await Ear.open();
    await all.attacker.connect(own.port);
    all.attacker.say(2, { ip: ELSEWHERE, port: all.victim.port });
    await expectRefusal(all, /no cookie confirms it/);
    expect(await own.settled()).toEqual([]);
  });

  test('a host is held to the same', async () => {
    const { relay, host } = await scene();
    host.client.say(2, { ip: ELSEWHERE, port: host.mouth.port });
    expect((await host.client.ending).code).toBe(4007);
    await relay.logged('podcast interrupted');
  });

  test('X-Forwarded-For of a proxy that is not trusted is no address of the WebSocket', async () => {
    const { relay, host, victim } = await scene();
    const url = `${relay.socketUrl}/listen?id=${host.hello.podcast_id}`;
    const liar = new NaiveUdpClient(url, { 'x-forwarded-for': ELSEWHERE });
    await liar.hello();
    liar.say(2, { ip: ELSEWHERE, port: victim.port });
    expect((await liar.ending).code).toBe(4007);
  });

  test('many connections that name one endpoint do not multiply what it gets', async () => {
    const { relay, host } = await scene();
    const ear = await Ear.open();
    const clients = [1, 2, 3].map(
      () => new NaiveUdpClient(`${relay.socketUrl}/listen?id=${host.hello.podcast_id}`),
    );
    for (const client of clients) await client.hello();
    for (const client of clients) await client.connect(ear.port);
    await host.sendFrame('once');
    await ear.heard(1);
    // It stays until the last of them has left.
    for (const client of clients.slice(0, 2)) {
      client.socket.close();
      await client.ending;
    }
    await host.sendFrame('twice');
    await ear.heard(2);
    expect(await ear.settled()).toHaveLength(2);
  });
});

describe('audio goes to an address that is confirmed', () => {
  test('by the cookie that was sent to it', async () => {
    const { relay, host, victim: friend, attacker: client, attackerId: clientId } = await scene();
    const found = await discover(friend, relay.udpPort, clientId);
    expect(found).toMatchObject({ clientId, address: ELSEWHERE, port: friend.port });
    expect(await client.connect(found.port, found.address, found.cookie)).toBe(clientId);
    await host.sendFrame('hello');
    await friend.heard(1);
    expect(await client.opened(friend.datagrams)).toEqual(['hello']);
  });

  test('as the one that a trusted proxy says the WebSocket comes from', async () => {
    const relay = await startTestRelay({ trustProxy: '127.0.0.1' });
    const host = await udpHost(relay);
    const ear = await Ear.open(ELSEWHERE);
    const client = new NaiveUdpClient(`${relay.socketUrl}/listen?id=${host.hello.podcast_id}`, {
      'x-forwarded-for': ELSEWHERE,
    });
    await client.hello();
    await client.connect(ear.port);
    await host.sendFrame('hello');
    await ear.heard(1);
  });

  test.each(['127.0.0.1', '::ffff:127.0.0.1', '::FFFF:7f00:1', ''])('written as "%s"', async (ip) => {
    const { host, attacker: client } = await scene();
    const ear = await Ear.open();
    await client.connect(ear.port, ip);
    await host.sendFrame('hello');
    await ear.heard(1);
  });
});

test('a cookie depends on client, address and port, and on the key of the process', () => {
  const cookies = new AddressCookies(Buffer.alloc(32, 1));
  const endpoint = { address: '203.0.113.7', port: 5000 };
  const cookie = cookies.of(7, endpoint).toString('hex');
  expect(cookie).toMatch(/^[0-9a-f]{32}$/);
  expect(cookies.proves(7, endpoint, cookie)).toBe(true);
  expect(cookies.proves(7, endpoint, cookie.toUpperCase())).toBe(true);
  expect(cookies.proves(8, endpoint, cookie)).toBe(false);
  expect(cookies.proves(7, { ...endpoint, port: 5001 }, cookie)).toBe(false);
  expect(cookies.proves(7, { ...endpoint, address: '203.0.113.77' }, cookie)).toBe(false);
  expect(cookies.proves(7, endpoint, cookie.slice(2))).toBe(false);
  expect(new AddressCookies(Buffer.alloc(32, 2)).proves(7, endpoint, cookie)).toBe(false);
});
