/** Audio from a host to its listeners (PROTOCOL.md §3). */
import { type Check, must } from '../check.ts';
import { hear, onAir } from '../on-air.ts';
import { shown } from '../wire.ts';

const section = '3 Audio';
const FRAMES = 100;
/** Around each length where a WebSocket frame's header grows (RFC 6455 §5.2), and both ends of what is allowed. */
const OPUS_BYTES = [1, 84, 85, 144, 1274, 1275];

function hexOf(packets: readonly Buffer[]): string[] {
  return packets.map((packet) => packet.toString('hex'));
}

export const audioChecks: readonly Check[] = [
  {
    section,
    demand: 'Audio comes byte for byte, from the smallest packet (42 bytes) to the largest (1316 bytes).',
    async run(target) {
      const { host, key, listener } = await onAir(target);
      const sent = OPUS_BYTES.map((bytes) => key.packet(bytes));
      for (const packet of sent) host.send(packet);
      const heard = new Set(hexOf(await hear(listener, sent.length)));
      const missing = sent.find((packet) => !heard.has(packet.toString('hex')));
      const came = missing && `none of the packets that came is the one of ${shown(missing)}`;
      must(missing === undefined, 'every packet as it was sent', came ?? '');
    },
  },
  {
    section,
    demand: 'Every packet comes, in the order of the host.',
    async run(target) {
      const { host, key, listener } = await onAir(target);
      const sent = Array.from({ length: FRAMES }, () => key.packet());
      for (const packet of sent) host.send(packet);
      const order = new Map(hexOf(sent).map((hex, index) => [nonceOf(hex), index]));
      for (const [index, hex] of hexOf(await hear(listener, FRAMES)).entries()) {
        const came = order.get(nonceOf(hex));
        must(came === index, `packet ${index + 1} of ${FRAMES}`, `packet ${(came ?? NaN) + 1} came`);
      }
    },
  },
  {
    section,
    demand: 'Every listener hears the host.',
    async run(target) {
      const { host, key, listeners } = await onAir(target, { listeners: 5 });
      host.send(key.packet());
      await Promise.all(listeners.map((listener) => listener.audio()));
    },
  },
  {
    section,
    demand: 'A listener that joins later is told the key of the podcast and hears it from then on.',
    async run(target) {
      const { podcast, host, key, listener } = await onAir(target);
      host.send(key.packet());
      await listener.audio();
      const late = target.listen(podcast);
      const { key: told } = await late.hello();
      const isSame = Buffer.from(told.bytes).equals(key.bytes);
      must(isSame, 'the key of the podcast', 'it was another');
      host.send(key.packet());
      await late.audio();
    },
  },
  {
    section,
    demand: 'The audio of one podcast does not come to the listeners of another.',
    async run(target) {
      const [one, two] = [await onAir(target), await onAir(target)];
      const [strange, own] = [one.key.packet(), two.key.packet()];
      one.host.send(strange);
      await one.listener.audio();
      two.host.send(own);
      const heard = await two.listener.audio();
      must(heard.subarray(1, 25).equals(own.subarray(1, 25)), "the podcast's own packet", 'another came');
    },
  },
  {
    section,
    demand: 'Compression is not offered.',
    async run(target) {
      const socket = target.listen(await target.standing());
      await socket.hello();
      must(socket.extensions === '', 'no extension', `the relay agreed to ${socket.extensions}`);
    },
  },
];

/** A packet is known by its nonce, whatever became of its audio. */
function nonceOf(hex: string): string {
  return hex.slice(2, 50);
}
