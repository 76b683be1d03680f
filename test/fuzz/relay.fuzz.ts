/** Throws hostile input at a relay while a healthy podcast runs beside it, and looks for any trace of it there. */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect } from 'vitest';
import { WebSocket } from 'ws';
import { Random } from '../../simulator/random.ts';
import { accountHeaders, makePodcast, NaiveClient } from '../support/naive-client.ts';
import { Ear, NaiveUdpClient } from '../support/naive-udp-client.ts';
import { startTestRelay, type TestRelay } from '../support/test-relay.ts';
import { HostileInput } from './hostile-input.ts';

/** How the hostile inputs share the total: most are datagrams, because those need no connection. */
const DATAGRAMS_A_CONNECTION = 60;
const MESSAGES_A_CONNECTION = 4;
const BATCH = 500;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** @param inputs how many hostile datagrams and messages */
export async function fuzzRelay(inputs: number, seed: number): Promise<void> {
  const relay = await startTestRelay({
    limits: {
      REST_REQUESTS_PER_MINUTE: 10_000_000,
      FAILED_LOGINS_PER_ADDRESS: 10_000_000,
      HOST_MESSAGES_PER_SECOND: 10_000_000,
      LISTENERS_PER_ADDRESS: 10_000,
    },
  });
  const healthy = await startHealthyPodcast(relay);
  const random = new Random(seed);
  const attack = await startAttack(relay, random, healthy);
  let before = 0;
  for (let done = 0; done < inputs; done += BATCH) {
    await attack.batch();
    await healthy.talk();
    // The first rounds fill caches and warm code up.
    if (done < 10 * BATCH) before = usedMiB();
  }
  await attack.close();
  await healthy.check();
  expectToHaveArrived(relay, inputs);
  expect(usedMiB() - before).toBeLessThan(30);
  expect(process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length).toBeLessThan(12);
}

/** Every input went somewhere that counts it, but for what the kernel had no room for; and every way was gone. */
function expectToHaveArrived(relay: TestRelay, inputs: number): void {
  const ways = ['discovery', 'datagram-stranger', 'datagram-size', 'datagram-unopened'] as const;
  const counts = ways.map((way) => relay.count(way));
  expect(counts.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(inputs * 0.8);
  expect(Math.min(...counts)).toBeGreaterThan(inputs / 200);
  for (const code of [4000, 4001, 4002, 4006] as const)
    expect(relay.count(`close-${code}`)).toBeGreaterThan(0);
}

function usedMiB(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 2 ** 20;
}

interface HealthyPodcast {
  readonly id: number;
  readonly key: Uint8Array;
  readonly sentBefore: Buffer;
  readonly listenerPort: number;
  /** The host says something; resolves when both listeners have heard it. */
  talk(): Promise<void>;
  /** Both have heard exactly what was said, in order. */
  check(): Promise<void>;
}

/** A host and a listener on WebSocket, a listener on UDP. */
async function startHealthyPodcast(relay: TestRelay): Promise<HealthyPodcast> {
  const headers = { ...accountHeaders(2023, relay.account.id, relay.account.secret), isSender: 'true' };
  const { id } = await makePodcast(relay.url, headers);
  const url = `${relay.socketUrl}/?id=${id}`;
  const host = new NaiveClient(url, headers);
  const { secretKey } = await host.hello;
  const byWebSocket = new NaiveClient(url);
  await byWebSocket.hello;
  const byUdp = new NaiveUdpClient(`${relay.socketUrl}/listen?id=${id}`);
  await byUdp.hello();
  const ear = await Ear.open();
  await byUdp.connect(ear.port);
  let said = 0;
  const talk = async (): Promise<void> => {
    said += 1;
    host.sendFrame(Buffer.from(`word ${said}`));
    await Promise.all([byWebSocket.heard(said), ear.heard(said)]);
  };
  await talk();
  return {
    id,
    key: Uint8Array.from(secretKey),
    sentBefore: Buffer.from(byWebSocket.packets[0]!.subarray(1)),
    listenerPort: ear.port,
    talk,
    async check() {
      const expected = Array.from({ length: said }, (_, index) => `word ${index + 1}`);
      expect(byWebSocket.frames()).toEqual(expected);
      expect(await byUdp.opened(await ear.settled())).toEqual(expected);
    },
  };
}

async function boundSocket(): Promise<Socket> {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return socket;
}

interface Attack {
  /** Sends `BATCH` inputs, and lets the relay answer them. */
  batch(): Promise<void>;
  close(): Promise<void>;
}

async function startAttack(relay: TestRelay, random: Random, healthy: HealthyPodcast): Promise<Attack> {
  const hostile = new HostileInput(random, healthy);
  const [socket, stranger] = [await boundSocket(), await boundSocket()];
  const account = accountHeaders(2023, relay.account.id, relay.account.secret);
  const { id: ownId } = await makePodcast(relay.url, account);
  // This socket is also a host's: what it sends is looked at more closely than a stranger's.
  const host = new NaiveUdpClient(`${relay.socketUrl}/ws`, account);
  await host.hello();
  await host.connect(socket.address().port);

  const headers = [
    {},
    account,
    { ...account, isSender: 'true' },
    { isSender: 'true' },
    { ...account, client_secret: 'wrong', isHost: 'true' },
  ];

  /** Somebody who connects somewhere, says a few things and is thrown out, or leaves. */
  async function visit(): Promise<void> {
    const paths = [
      hostile.path(),
      `/?id=${healthy.id}`,
      `/listen?id=${healthy.id}`,
      `/ws?id=${ownId}`,
      `/?id=${ownId}`,
    ];
    const visitor = new WebSocket(relay.socketUrl + paths[random.below(paths.length)]!, {
      headers: headers[random.below(headers.length)]!,
    });
    visitor.on('error', () => undefined);
    const closed = new Promise<void>((resolve) => visitor.on('close', () => resolve()));
    visitor.on('open', () => {
      for (let message = 0; message < MESSAGES_A_CONNECTION; message++) {
        visitor.send(random.chance(0.5) ? hostile.packet() : hostile.event());
      }
      if (random.chance(0.5)) visitor.close();
      else visitor.terminate();
    });
    await closed;
  }

  return {
    async batch() {
      const visits: Promise<void>[] = [];
      for (let input = 0; input < BATCH; input++) {
        if (input % DATAGRAMS_A_CONNECTION === 0) visits.push(visit());
        const from = input % 2 === 0 ? socket : stranger;
        from.send(hostile.datagram(), relay.udpPort, '127.0.0.1');
      }
      visits.push(
        fetch(`${relay.url}${hostile.path()}`).then(
          (answer) => void answer.arrayBuffer(),
          () => undefined,
        ),
      );
      await Promise.all(visits);
    },
    async close() {
      host.socket.close();
      await host.ending;
      for (const each of [socket, stranger]) {
        each.close();
        await once(each, 'close');
      }
    },
  };
}
