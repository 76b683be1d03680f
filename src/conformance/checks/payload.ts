/** Messages that are not of the contract (PROTOCOL.md §3, Host → relay). */
import { randomBytes } from 'node:crypto';
import { type Check, must } from '../check.ts';
import { onAir } from '../on-air.ts';

const section = '3 Audio';

const BAD_MESSAGES: readonly (readonly [string, Uint8Array | string])[] = [
  ['an empty message', Buffer.alloc(0)],
  ['a text message', 'hello'],
  ['a message that starts with another byte than 1', Buffer.concat([Buffer.of(7), randomBytes(99)])],
  ['an event', Buffer.from('\0{"type":0,"content":{}}')],
  ['a packet of 41 bytes', Buffer.concat([Buffer.of(1), randomBytes(40)])],
  ['a packet of 1317 bytes', Buffer.concat([Buffer.of(1), randomBytes(1316)])],
  ['a message of 100000 bytes', Buffer.concat([Buffer.of(1), randomBytes(99_999)])],
];

const hostChecks = BAD_MESSAGES.map(([what, message]): Check => ({
  section,
  demand: `A host that sends ${what} is closed with 4002.`,
  async run(target) {
    const { host } = await onAir(target, { listeners: 0 });
    host.send(message);
    await host.mustClose(4002);
  },
}));

export const payloadChecks: readonly Check[] = [
  ...hostChecks,
  {
    section,
    demand: 'Listeners do not notice that a host is closed with 4002, and hear it when it is back.',
    async run(target) {
      const { podcast, host, listener } = await onAir(target);
      host.send(randomBytes(5));
      await host.ending('a close code');
      const { socket, hello } = await target.takeUp(podcast);
      socket.send(hello.key.packet());
      await listener.audio();
    },
  },
  ...['text', 'audio'].map((kind): Check => ({
    section,
    demand: `A listener that sends ${kind} is closed with 4002, and nobody hears of it.`,
    async run(target) {
      const { host, key, listeners } = await onAir(target, { listeners: 2 });
      const [noisy = host, quiet = host] = listeners;
      const strange = key.packet();
      noisy.send(kind === 'text' ? 'hello' : strange);
      await noisy.mustClose(4002);
      const sent = key.packet();
      host.send(sent);
      const heard = await quiet.audio();
      const isHosts = !heard.subarray(1, 25).equals(strange.subarray(1, 25));
      must(isHosts, "the host's packet", "the listener's came");
    },
  })),
];
