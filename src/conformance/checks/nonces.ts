/** Which nonces are taken, and that none is taken twice (PROTOCOL.md §3, Which nonce). */
import { randomBytes } from 'node:crypto';
import { type Check, must } from '../check.ts';
import { hear, onAir } from '../on-air.ts';
import type { ProbeSocket } from '../probe-socket.ts';
import { NONCE_BYTES } from '../wire.ts';

const section = '3 Nonces';
/** Below the least that the setting REPLAY_WINDOW_PACKETS can have. */
const PACKETS_BETWEEN = 50;

/** @throws Broken when a packet with this nonce comes before `last` */
async function mustNotComeBefore(listener: ProbeSocket, nonce: Uint8Array, last: Uint8Array): Promise<void> {
  for (;;) {
    const came = (await listener.audio()).subarray(1, 1 + NONCE_BYTES);
    must(!came.equals(nonce), 'no packet of a nonce that was there before', 'it came a second time');
    if (came.equals(last)) return;
  }
}

export const nonceChecks: readonly Check[] = [
  {
    section,
    demand: 'A packet whose nonce was there before is not passed on, and the host stays.',
    async run(target) {
      const { host, key, listener } = await onAir(target);
      const [nonce, last] = [randomBytes(NONCE_BYTES), randomBytes(NONCE_BYTES)];
      const packet = key.packet(60, nonce);
      host.send(packet);
      await listener.audio();
      host.send(packet);
      host.send(key.packet(60, last));
      await mustNotComeBefore(listener, nonce, last);
    },
  },
  {
    section,
    demand: 'A repeated nonce counts as repeated whatever is sealed under it.',
    async run(target) {
      const { host, key, listener } = await onAir(target);
      const [nonce, last] = [randomBytes(NONCE_BYTES), randomBytes(NONCE_BYTES)];
      host.send(key.packet(60, nonce));
      await listener.audio();
      host.send(key.packet(61, nonce));
      host.send(key.packet(60, last));
      await mustNotComeBefore(listener, nonce, last);
    },
  },
  {
    section,
    demand: `A repeat is found ${PACKETS_BETWEEN} packets later.`,
    async run(target) {
      const { host, key, listener } = await onAir(target);
      const [nonce, last] = [randomBytes(NONCE_BYTES), randomBytes(NONCE_BYTES)];
      const packet = key.packet(60, nonce);
      host.send(packet);
      for (let sent = 0; sent < PACKETS_BETWEEN; sent += 1) host.send(key.packet());
      await hear(listener, 1 + PACKETS_BETWEEN);
      host.send(packet);
      host.send(key.packet(60, last));
      await mustNotComeBefore(listener, nonce, last);
    },
  },
  {
    section,
    demand: 'A repeat is found after the host came back.',
    async run(target) {
      const { podcast, host, key, listener } = await onAir(target);
      const [nonce, last] = [randomBytes(NONCE_BYTES), randomBytes(NONCE_BYTES)];
      const packet = key.packet(60, nonce);
      host.send(packet);
      await listener.audio();
      host.drop();
      const { socket } = await target.takeUp(podcast);
      socket.send(packet);
      socket.send(key.packet(60, last));
      await mustNotComeBefore(listener, nonce, last);
    },
  },
  {
    section,
    demand: 'Any nonce that is new is taken: in one byte, at its end, or with an RTP header that is old.',
    async run(target) {
      const { host, key, listener } = await onAir(target);
      const rtp = Buffer.concat([Buffer.of(0x80, 0x78, 0, 1), randomBytes(NONCE_BYTES - 4)]);
      const nonces = [rtp, Buffer.from(rtp), Buffer.from(rtp), Buffer.alloc(NONCE_BYTES)];
      nonces[1]!.writeUInt8(rtp[NONCE_BYTES - 1]! ^ 1, NONCE_BYTES - 1);
      nonces[2]!.writeUInt8(rtp[12]! ^ 1, 12);
      for (const nonce of nonces) host.send(key.packet(60, nonce));
      await hear(listener, nonces.length);
    },
  },
];
