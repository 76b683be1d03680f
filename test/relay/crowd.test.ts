import { once } from 'node:events';
import { type Socket, connect } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { DEFAULT_LIMITS } from '../../src/protocol/limits.ts';
import { startTalkingRelay, type TalkingRelay } from '../support/talking-relay.ts';

/** Of each way to listen. */
const DEAF = 100;
/** Of 128 kbit/s. */
const BYTES_PER_SECOND = 16_000;

const UPGRADE = [
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
];

/** One who asks, on a socket that nothing is read from until somebody does. */
async function asks({ relay }: TalkingRelay, path: string, headers: readonly string[] = []): Promise<Socket> {
  const socket = connect(relay.port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.write([`GET ${path} HTTP/1.1`, 'Host: relay', ...headers, '', ''].join('\r\n'));
  return socket;
}

async function answerOn(socket: Socket): Promise<string> {
  const [chunk] = (await once(socket, 'data')) as [Buffer];
  return chunk.toString('latin1');
}

function bytesOf(chunks: readonly Buffer[]): number {
  return chunks.reduce((sum, chunk) => sum + chunk.length, 0);
}

test('A crowd that never reads costs those who read nothing, and is refused where it is too many', async () => {
  const onAir = await startTalkingRelay({
    options: {
      limits: { ...DEFAULT_LIMITS, LISTENERS_PER_PODCAST: 2 * DEAF + 2, LISTENERS_PER_ADDRESS: 3 * DEAF },
    },
  });
  const link = new URL(onAir.page).pathname;
  const pagePath = `/listen?id=${onAir.host.podcast.id}&audio=websocket&from=page`;
  const heard: Buffer[][] = [[], []];
  for (const chunks of heard) {
    const reader = await asks(onAir, `${link}/live.mp3`);
    reader.on('data', (chunk: Buffer) => chunks.push(chunk));
  }
  await expect.poll(() => Math.min(...heard.map((chunks) => bytesOf(chunks)))).toBeGreaterThan(0);
  const crowd = Array.from({ length: DEAF }, () => [
    asks(onAir, `${link}/live.mp3`),
    asks(onAir, pagePath, UPGRADE),
    asks(onAir, `${link}/live.m3u8`),
  ]);
  await Promise.all(crowd.flat());
  const listeners = async (): Promise<unknown> => {
    const answer = await fetch(`${onAir.relay.url}/podcast?id=${onAir.host.podcast.id}`);
    return ((await answer.json()) as { listeners: number }).listeners;
  };
  await expect.poll(listeners).toBe(2 * DEAF + 2);
  const refused = await answerOn(await asks(onAir, `${link}/live.mp3`));
  expect(refused).toMatch(/^HTTP\/1.1 503 [^]*retry-after: \d+/i);
  const before = heard.map((chunks) => bytesOf(chunks));
  await expect
    .poll(() => Math.min(...heard.map((chunks, index) => bytesOf(chunks) - (before[index] ?? 0))))
    .toBeGreaterThan(BYTES_PER_SECOND);
  const [one, other] = heard.map((chunks) => Buffer.concat(chunks));
  if (!one || !other) throw new Error('nobody read');
  const shared = other.subarray(0, Math.min(one.length, other.length) - BYTES_PER_SECOND);
  const from = one.indexOf(shared.subarray(0, 4096));
  expect(one.subarray(from, from + shared.length).equals(shared)).toBe(true);
});
