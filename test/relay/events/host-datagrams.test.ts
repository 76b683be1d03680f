import fc from 'fast-check';
import nacl from 'tweetnacl';
import { describe, expect, test } from 'vitest';
import { Counters } from '../../../src/relay/counters.ts';
import { AddressCookies } from '../../../src/relay/events/address-cookie.ts';
import { DatagramDesk } from '../../../src/relay/events/datagram-desk.ts';
import type { DatagramSocket } from '../../../src/relay/udp/datagram-sender.ts';
import { Ear, NaiveUdpClient } from '../../support/naive-udp-client.ts';
import { startTestRelay } from '../../support/test-relay.ts';
import { headersOf, udpHost, udpListener } from '../../support/udp-on-air.ts';

async function onAir() {
  const relay = await startTestRelay();
  const host = await udpHost(relay);
  const listener = await udpListener(relay, host.hello.podcast_id);
  /** What listeners hear in the end is what the host said, and nothing else. */
  async function expectHeardOnly(frame: string): Promise<void> {
    await host.sendFrame(frame);
    await listener.ear.heard(1);
    expect(await listener.client.opened(await listener.ear.settled())).toEqual([frame]);
  }
  return { relay, host, listener, expectHeardOnly };
}

describe('a datagram is counted and goes no further', () => {
  test.each([
    ['another port of the same address', '127.0.0.1'],
    ['another address', '127.0.0.2'],
  ])('from %s, though it opens', async (_, address) => {
    const { relay, host, expectHeardOnly } = await onAir();
    const stranger = await Ear.open(address);
    stranger.socket.send(await host.client.sealed('intruder'), relay.udpPort, '127.0.0.1');
    await relay.counted('datagram-stranger', 1);
    await expectHeardOnly('mine');
  });

  test('from a listener', async () => {
    const { relay, host, listener, expectHeardOnly } = await onAir();
    listener.ear.socket.send(await host.client.sealed('intruder'), relay.udpPort, '127.0.0.1');
    await relay.counted('datagram-stranger', 1);
    await expectHeardOnly('mine');
  });

  test('that does not open, and its nonce does not stand in the way of the true one', async () => {
    const { relay, host, listener } = await onAir();
    const nonce = nacl.randomBytes(24);
    host.send(Buffer.concat([nonce, nacl.randomBytes(40)]));
    const changed = Buffer.from(await host.client.sealed('mine', nonce));
    changed[30] = (changed[30] ?? 0) ^ 1;
    host.send(changed);
    await relay.counted('datagram-unopened', 2);
    await host.sendFrame('mine', nonce);
    await listener.ear.heard(1);
    expect(await listener.client.opened(await listener.ear.settled())).toEqual(['mine']);
  });

  test('that comes a second time', async () => {
    const { relay, host, listener } = await onAir();
    const datagram = await host.sendFrame('mine');
    host.send(datagram);
    await relay.counted('replay', 1);
    await listener.ear.heard(1);
    expect(await listener.ear.settled()).toEqual([datagram]);
  });

  test.each([0, 1, 8, 40, 1316, 1500])('of %i bytes', async (length) => {
    const { relay, host, expectHeardOnly } = await onAir();
    host.send(Buffer.alloc(length, 1));
    await relay.counted('datagram-size', 1);
    await expectHeardOnly('mine');
  });

  test('before the host has said Connected', async () => {
    const relay = await startTestRelay();
    const client = new NaiveUdpClient(`${relay.socketUrl}/ws`, headersOf(relay));
    const mouth = await Ear.open();
    mouth.socket.send(await client.sealed('early'), relay.udpPort, '127.0.0.1');
    await relay.counted('datagram-stranger', 1);
    expect(relay.count('packets-in')).toBe(0);
  });

  test('after the host has left', async () => {
    const { relay, host } = await onAir();
    const datagram = await host.client.sealed('late');
    host.client.socket.close(1000);
    await host.client.ending;
    await relay.logged('podcast ended');
    host.send(datagram);
    await relay.counted('datagram-stranger', 1);
    expect(relay.count('packets-in')).toBe(0);
  });
});

describe('a host whose NAT has moved it', () => {
  test('says Connected again, and from then on only its new address counts', async () => {
    const { relay, host, listener } = await onAir();
    const moved = await Ear.open();
    expect(await host.client.connect(moved.port)).toBe(host.id);
    await host.sendFrame('from the old address');
    await relay.counted('datagram-stranger', 1);
    moved.socket.send(await host.client.sealed('from the new'), relay.udpPort, '127.0.0.1');
    await listener.ear.heard(1);
    expect(await listener.client.opened(listener.ear.datagrams)).toEqual(['from the new']);
  });
});

test('two hosts that name one endpoint are told apart by their keys, and neither shuts the other out', async () => {
  const relay = await startTestRelay();
  const hosts = [await udpHost(relay), await udpHost(relay)] as const;
  const [first, second] = hosts;
  await second.client.connect(first.mouth.port);
  const listeners = [
    await udpListener(relay, first.hello.podcast_id),
    await udpListener(relay, second.hello.podcast_id),
  ] as const;
  first.send(await first.client.sealed('first'));
  first.send(await second.client.sealed('second'));
  for (const [index, { client, ear }] of listeners.entries()) {
    await ear.heard(1);
    expect(await client.opened(await ear.settled())).toEqual([['first', 'second'][index]]);
  }
  expect(relay.count('datagram-unopened')).toBe(0);
});

test('whatever datagrams arrive, each is answered, taken or counted, and no answer is longer than its request', () => {
  const key = nacl.randomBytes(32);
  const ours = { address: '203.0.113.7', port: 5000 };
  const anywhere = fc.constantFrom(
    ours.address,
    `::ffff:${ours.address}`,
    '203.0.113.8',
    '2001:db8::1',
    'fe80::1%eth0',
  );
  const request = fc
    .uint8Array({ minLength: 70, maxLength: 70 })
    .map((rest) => Uint8Array.of(0, 1, 0, 70, ...rest));
  const datagrams = fc.array(
    fc.tuple(fc.oneof(fc.uint8Array({ maxLength: 1500 }), request), anywhere, fc.constantFrom(5000, 5001)),
  );
  fc.assert(
    fc.property(datagrams, (all) => {
      const answers: number[] = [];
      const counters = new Counters();
      const socket: Pick<DatagramSocket, 'onDatagram' | 'send'> = {
        onDatagram: () => undefined,
        send: (answer) => void answers.push(answer.length),
      };
      const desk = new DatagramDesk({ socket, cookies: new AddressCookies(), counters });
      desk.hostAt(ours, { key, take: () => expect.unreachable('forged') });
      for (const [datagram, address, port] of all) socket.onDatagram(Buffer.from(datagram), address, port);
      const { discovery, ...counts } = counters.snapshot();
      expect(answers).toEqual(Array(discovery).fill(74));
      const dropped = counts['datagram-stranger'] + counts['datagram-size'] + counts['datagram-unopened'];
      expect(discovery + dropped).toBe(all.length);
    }),
  );
});
