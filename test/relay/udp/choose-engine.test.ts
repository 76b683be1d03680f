/** Which engine is taken, and what the log says of it. */
import { expect, onTestFinished, test } from 'vitest';
import {
  type DatagramSocket,
  type DatagramSocketOptions,
  openDatagramSocket,
} from '../../../src/relay/udp/datagram-sender.ts';
import { testPath } from '../../../src/relay/udp/self-test.ts';

const isLinux = process.platform === 'linux';

async function openedBy(
  options: Partial<DatagramSocketOptions>,
): Promise<{ socket: DatagramSocket; lines: string[] }> {
  const lines: string[] = [];
  const take = (_fields: unknown, line: string): void => void lines.push(line);
  const log = { info: take, warn: take } as DatagramSocketOptions['log'];
  const socket = await openDatagramSocket({ host: '127.0.0.1', port: 0, log, ...options });
  onTestFinished(() => socket.close());
  return { socket, lines };
}

function pretendToBe(platform: NodeJS.Platform): void {
  const original = process.platform;
  Object.defineProperty(process, 'platform', { value: platform });
  onTestFinished(() => void Object.defineProperty(process, 'platform', { value: original }));
}

test.runIf(isLinux)('Linux sends with sendmmsg, and one line says so', async () => {
  const { socket, lines } = await openedBy({});
  expect(socket.engine).toBe('sendmmsg');
  expect(lines).toEqual([expect.stringMatching(/^UDP sends with sendmmsg/)]);
});

test('another platform sends with dgram, and one line says why', async () => {
  pretendToBe('darwin');
  const { socket, lines } = await openedBy({});
  expect(socket.engine).toBe('dgram');
  expect(lines).toEqual(["UDP sends with plain dgram: sendmmsg is Linux's, and this is darwin."]);
});

test('an engine that was asked for is not replaced', async () => {
  pretendToBe('darwin');
  await expect(openedBy({ engine: 'sendmmsg' })).rejects.toThrow("sendmmsg is Linux's");
});

test('dgram can be asked for', async () => {
  const { socket, lines } = await openedBy({ engine: 'dgram' });
  expect(socket.engine).toBe('dgram');
  expect(lines).toEqual(['UDP sends with plain dgram: it was asked for.']);
});

test('a name is looked up', async () => {
  const { socket } = await openedBy({ host: 'localhost' });
  expect(socket.port).toBeGreaterThan(0);
});

/** A socket whose audiences hand each turn's packets to `arrives`, which says what comes back of them. */
function loopback(arrives: (packets: Buffer[]) => Buffer[]): DatagramSocket {
  const socket = {
    onDatagram: () => undefined,
    audience: () => {
      const packets: Buffer[] = [];
      return {
        add: () => undefined,
        close: () => undefined,
        publish(packet: Buffer) {
          if (packets.push(packet) > 1) return;
          queueMicrotask(() => {
            for (const back of arrives(packets.splice(0))) socket.onDatagram(back, '127.0.0.1', 1);
          });
        },
      };
    },
  } as unknown as DatagramSocket;
  return socket;
}

test('the self-test passes what comes back as it was sent, strangers’ datagrams aside', async () => {
  const stranger = Buffer.from('stranger');
  expect(
    await testPath(
      loopback((packets) => [stranger, ...packets]),
      '127.0.0.1',
      1,
    ),
  ).toBe(true);
});

const wrongCut = (packets: Buffer[]): Buffer[] => {
  const bytes = Buffer.concat(packets);
  return packets.length === 1 ? packets : [bytes.subarray(0, 132), bytes.subarray(132)];
};

test('the self-test finds out that combined packets are cut wrongly', async () => {
  expect(await testPath(loopback(wrongCut), '127.0.0.1', 1)).toBe(false);
});

test('the self-test fails when nothing comes back', async () => {
  const testing = testPath(
    loopback(() => []),
    '127.0.0.1',
    1,
  );
  await expect(testing).rejects.toThrow('what sendmmsg sent to itself did not arrive');
});
