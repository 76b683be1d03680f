/**
 * One contender of udp-fan-out in a process of its own: what arrives on the UDP port is sent on to 127.0.0.1, ports
 * BASE … BASE + LISTENERS − 1.
 * Usage: node --expose-gc udp-fan-out-server.ts OPTIONS BASE LISTENERS, OPTIONS being JSON for openDatagramSocket and
 * `isNeverLate`: whatever else the machine does, nothing is dropped.
 */
import { type DatagramSocketOptions, openDatagramSocket } from '../src/relay/udp/datagram-sender.ts';

const [json = '{}', base = '0', listeners = '0'] = process.argv.slice(2);
const log = { info: () => undefined, warn: () => undefined };
const { isNeverLate, ...options } = JSON.parse(json) as Partial<DatagramSocketOptions> & {
  isNeverLate?: boolean;
};
const nowMs = isNeverLate ? () => 0 : () => performance.now();
const socket = await openDatagramSocket({ host: '127.0.0.1', port: 0, log, nowMs, ...options });
const audience = socket.audience();
const held = (): number => {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
};
const before = held();
for (let index = 0; index < Number(listeners); index += 1) audience.add('127.0.0.1', Number(base) + index);
const bytesEach = Math.round((held() - before) / Number(listeners));
socket.onDatagram = (datagram) => audience.publish(datagram);
process.stdout.write(`${JSON.stringify({ port: socket.port, bytesEach })}\n`);
