/** Uses a UDP port and closes it: the process ends by itself only when nothing is left behind. Usage: OPTIONS as JSON */
import { type DatagramSocketOptions, openDatagramSocket } from '../../../src/relay/udp/datagram-sender.ts';
import { audioDatagram, UdpReceiver } from './udp-receiver.ts';

const options = JSON.parse(process.argv[2] ?? '{}') as Partial<DatagramSocketOptions>;
const log = { info: () => undefined, warn: () => undefined };
const socket = await openDatagramSocket({ host: '127.0.0.1', port: 0, log, nowMs: () => 0, ...options });
const receiver = await UdpReceiver.open();
const audience = socket.audience();
for (let count = 0; count < 8; count += 1) audience.add('127.0.0.1', receiver.port);
audience.publish(audioDatagram(1, 0, 100));
await receiver.until(8);
audience.publish(audioDatagram(1, 1, 100));
await socket.close();
await receiver.close();
process.stdout.write('closed\n');
