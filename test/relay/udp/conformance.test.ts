/** What every engine of the UDP port promises, on real sockets. */
import { execFile } from 'node:child_process';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  type DatagramCounters,
  type DatagramSocket,
  type DatagramSocketOptions,
  openDatagramSocket,
} from '../../../src/relay/udp/datagram-sender.ts';
import { audioDatagram, UdpReceiver } from './udp-receiver.ts';

const log = { info: () => undefined, warn: () => undefined };
/** Stopped: a machine that is busy elsewhere makes nothing late. */
const nowMs = (): number => 0;
const isLinux = process.platform === 'linux';
const ENGINES: readonly (readonly [string, Partial<DatagramSocketOptions>, boolean])[] = [
  ['dgram', { engine: 'dgram' }, true],
  ['sendmmsg', { engine: 'sendmmsg', shardsMax: 0 }, isLinux],
  ['sendmmsg on a worker', { engine: 'sendmmsg', shardsMax: 1, shardBeyond: 0 }, isLinux],
  [
    'sendmmsg on two workers and the own thread',
    { engine: 'sendmmsg', shardsMax: 2, shardBeyond: 1 },
    isLinux,
  ],
];
const MAX_BYTES = 1340;

const sorted = (datagrams: Buffer[]): Buffer[] => datagrams.toSorted((a, b) => a.compare(b));

const total = (counters: DatagramCounters): number =>
  Object.values(counters).reduce((sum: number, count: number) => sum + count, 0);

describe.each(ENGINES.filter(([, , runs]) => runs))('%s', (_name, options) => {
  const sockets: DatagramSocket[] = [];
  const receivers: UdpReceiver[] = [];
  let socket: DatagramSocket;

  const open = async (host: string): Promise<DatagramSocket> => {
    const opened = await openDatagramSocket({ host, port: 0, log, nowMs, ...options });
    sockets.push(opened);
    return opened;
  };
  const receiver = async (host?: string): Promise<UdpReceiver> => {
    const opened = await UdpReceiver.open(host);
    receivers.push(opened);
    return opened;
  };
  /** Waits until all that was sent to the receiver before has arrived. */
  const drained = async (to: UdpReceiver): Promise<void> => {
    socket.send(Buffer.from('marker'), '127.0.0.1', to.port);
    await to.untilText('marker');
  };

  /** Waits until so many datagrams are accounted for. */
  const counted = async (datagrams: number): Promise<void> => {
    while (total(socket.counters) < datagrams) await nextTurn();
  };

  beforeEach(async () => {
    socket = await open('127.0.0.1');
  });

  afterEach(async () => {
    await Promise.all([...sockets.splice(0), ...receivers.splice(0)].map((opened) => opened.close()));
  });

  test('delivers every packet to every destination, in order, from the bound port', async () => {
    const audience = socket.audience();
    const all = await Promise.all(Array.from({ length: 10 }, () => receiver()));
    for (const { port } of all) audience.add('127.0.0.1', port);
    for (let sequence = 0; sequence < 50; sequence += 1) {
      audience.publish(audioDatagram(1, sequence, 60 + ((sequence * 37) % 200)));
      if (sequence % 3 === 0) await all[0]?.until(sequence + 1);
    }
    for (const each of all) {
      await each.until(50);
      expect(each.sequences).toEqual(Array.from({ length: 50 }, (_, index) => index));
      expect([...each.sources]).toEqual([socket.port]);
    }
    await counted(500);
    expect(socket.counters).toMatchObject({ sent: 500, late: 0, queueFull: 0, badDestination: 0 });
  });

  test('delivers datagrams of several speakers whatever their sizes, each as it was', async () => {
    const audience = socket.audience();
    const one = await receiver();
    audience.add('127.0.0.1', one.port);
    const sizes = [160, 160, 160, 41, 1340, 172, 171, 1340, 41, 900];
    for (let turn = 0; turn < 20; turn += 1) {
      const datagrams = sizes.map((_, ssrc) => {
        return audioDatagram(ssrc, turn, sizes[(ssrc + turn) % sizes.length] ?? MAX_BYTES);
      });
      for (const datagram of datagrams) audience.publish(datagram);
      await one.until((turn + 1) * sizes.length);
      expect(sorted(one.datagrams.slice(-sizes.length))).toEqual(sorted(datagrams));
    }
  });

  test('keeps the order of one speaker whose packets come in the same turn', async () => {
    const audience = socket.audience();
    const one = await receiver();
    audience.add('127.0.0.1', one.port);
    for (const [sequence, bytes] of [100, 200, 200, 60, 300, 60, 60].entries()) {
      audience.publish(audioDatagram(7, sequence, bytes));
    }
    await one.until(7);
    expect(one.sequences).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  test('sends nothing to a destination after its removal, and everything to the others', async () => {
    const audience = socket.audience();
    const [stays, goes] = [await receiver(), await receiver()];
    const destination = audience.add('127.0.0.1', goes.port);
    audience.add('127.0.0.1', stays.port);
    audience.publish(audioDatagram(1, 0, 100));
    await Promise.all([stays.until(1), goes.until(1)]);
    audience.publish(audioDatagram(1, 1, 100));
    audience.remove(destination);
    audience.remove(destination);
    audience.publish(audioDatagram(1, 2, 100));
    await stays.until(3);
    await drained(goes);
    expect(audience.size).toBe(1);
    expect(goes.sequences).toEqual([0]);
    expect(stays.sequences).toEqual([0, 1, 2]);
  });

  test('sends nothing of what was taken back, and everything after it', async () => {
    const audience = socket.audience();
    const one = await receiver();
    audience.add('127.0.0.1', one.port);
    audience.publish(audioDatagram(1, 0, 100));
    await one.until(1);
    audience.publish(audioDatagram(1, 1, 100));
    audience.publish(audioDatagram(2, 1, 100));
    expect(audience.retract()).toBe(2);
    audience.publish(audioDatagram(1, 2, 100));
    await one.until(2);
    await drained(one);
    expect(one.sequences).toEqual([0, 2]);
  });

  test('loses and repeats nothing for who stays while others come and go at every moment', async () => {
    const audience = socket.audience();
    const sink = await receiver();
    const stays = await receiver();
    // More than one slice, so that some come and go in the middle of a packet's way.
    const crowd = Array.from({ length: 2100 }, () => audience.add('127.0.0.1', sink.port));
    audience.add('127.0.0.1', stays.port);
    for (let sequence = 0; sequence < 20; sequence += 1) {
      audience.publish(audioDatagram(1, sequence, 64));
      for (let turn = 0; stays.datagrams.length <= sequence; turn += 1) {
        for (const index of [0, 700, 1400]) {
          const [gone] = crowd.splice(index + turn, 1);
          if (gone) audience.remove(gone);
        }
        crowd.push(audience.add('127.0.0.1', sink.port));
        await nextTurn();
      }
    }
    expect(stays.sequences).toEqual(Array.from({ length: 20 }, (_, index) => index));
  });

  test('sends to IPv4 and IPv6 from one port, and tells IPv4 senders by their dotted address', async () => {
    socket = await open('::');
    const [four, six] = [await receiver('127.0.0.1'), await receiver('::1')];
    const audience = socket.audience();
    audience.add('127.0.0.1', four.port);
    audience.add('::1', six.port);
    audience.publish(audioDatagram(1, 5, 100));
    await Promise.all([four.until(1), six.until(1)]);
    expect([...four.sources, ...six.sources]).toEqual([socket.port, socket.port]);
    const heard: string[] = [];
    const both = new Promise<void>((resolve) => {
      socket.onDatagram = (datagram, address, port) => {
        if (heard.push(`${datagram.toString()} ${address} ${port}`) === 2) resolve();
      };
    });
    four.send(Buffer.from('four'), socket.port);
    six.send(Buffer.from('six'), socket.port, '::1');
    await both;
    expect(heard.toSorted()).toEqual([`four 127.0.0.1 ${four.port}`, `six ::1 ${six.port}`]);
  });

  test('counts destinations that cannot be sent to, and gives the others everything', async () => {
    const audience = socket.audience();
    const all = await Promise.all(Array.from({ length: 3 }, () => receiver()));
    const bad = [['127.0.0.1', 0] as const, ['255.255.255.255', 9] as const, ['::1', 9] as const];
    for (const [index, { port }] of all.entries()) {
      const [address, badPort] = bad[index] ?? ['127.0.0.1', 0];
      audience.add(address, badPort);
      audience.add('127.0.0.1', port);
    }
    for (let sequence = 0; sequence < 4; sequence += 1) {
      audience.publish(audioDatagram(1, sequence, 100));
      // Together with the one before: refused combined packets are tried one by one.
      audience.publish(audioDatagram(2, sequence, 90));
      await Promise.all(all.map((each) => each.until((sequence + 1) * 2)));
    }
    await counted(48);
    await nextTurn();
    expect(socket.counters).toMatchObject({ sent: 24, badDestination: 24 });
  });

  test('throws only for what is not an address, and counts single datagrams that cannot be sent', async () => {
    expect(() => socket.audience().add('listener.example', 5000)).toThrow(TypeError);
    socket.send(Buffer.from('x'), 'listener.example', 5000);
    socket.send(Buffer.from('x'), '127.0.0.1', 0);
    socket.send(Buffer.from('x'), '255.255.255.255', 9);
    await counted(3);
    await nextTurn();
    expect(socket.counters).toMatchObject({ sent: 0, badDestination: 3 });
  });

  test('keeps the audiences of one socket apart', async () => {
    const [a, b] = [await receiver(), await receiver()];
    const [forA, forB] = [socket.audience(), socket.audience()];
    forA.add('127.0.0.1', a.port);
    const inB = forB.add('127.0.0.1', b.port);
    forA.remove(inB);
    forA.publish(audioDatagram(1, 1, 100));
    forB.publish(audioDatagram(1, 2, 100));
    await Promise.all([a.until(1), b.until(1)]);
    forA.close();
    forA.publish(audioDatagram(1, 3, 100));
    forB.publish(audioDatagram(1, 4, 100));
    await b.until(2);
    await drained(a);
    expect([a.sequences, b.sequences]).toEqual([[1], [2, 4]]);
    expect(forA.size).toBe(0);
  });

  test('frees its port, and sends no more, once it is closed', async () => {
    const second = await open('127.0.0.1');
    const audience = second.audience();
    const one = await receiver();
    audience.add('127.0.0.1', one.port);
    audience.publish(audioDatagram(1, 0, 100));
    await one.until(1);
    audience.publish(audioDatagram(1, 1, 100));
    await Promise.all([second.close(), second.close()]);
    audience.publish(audioDatagram(1, 2, 100));
    second.send(Buffer.from('x'), '127.0.0.1', one.port);
    await drained(one);
    expect(one.sequences).toEqual([0]);
    const again = await openDatagramSocket({ host: '127.0.0.1', port: second.port, log, ...options });
    sockets.push(again);
    expect(again.port).toBe(second.port);
  });

  test('leaves nothing behind that would keep a process from ending', async () => {
    const program = fileURLToPath(new URL('open-and-close.ts', import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, [program, JSON.stringify(options)]);
    expect(stdout).toBe('closed\n');
  });

  test('says why a port cannot be bound', async () => {
    const opening = openDatagramSocket({ host: '127.0.0.1', port: socket.port, log, ...options });
    await expect(opening).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});
