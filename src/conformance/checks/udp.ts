/** Audio over UDP (PROTOCOL.md §4). */
import { randomBytes } from 'node:crypto';
import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import { type Check, must, quoted } from '../check.ts';
import { CODE, type EventsClient, hostEvents, joinByUdp, listenEvents } from '../events-client.ts';
import type { Target } from '../target.ts';
import { UdpProbe } from '../udp-probe.ts';
import { NONCE_BYTES, SealingKey } from '../wire.ts';

const section = '4 UDP';

interface UdpOnAir {
  readonly host: EventsClient;
  readonly hostUdp: UdpProbe;
  readonly listenerUdp: UdpProbe;
}

async function udpOnAir(target: Target): Promise<UdpOnAir> {
  const host = await hostEvents(target);
  const hostUdp = await joinByUdp(target, host);
  const listenerUdp = await joinByUdp(target, await listenEvents(target, host.podcast));
  return { host, hostUdp, listenerUdp };
}

/** Says `bad` by `sayBad` and then audio until some is heard, which must not be the bad one. @throws Broken */
async function mustNotPass(show: UdpOnAir, bad: Buffer, sayBad: () => void): Promise<void> {
  sayBad();
  const { host, hostUdp, listenerUdp } = show;
  const heard = await listenerUdp.audio(() => hostUdp.send(host.key.datagram()));
  const isBad = heard.subarray(0, NONCE_BYTES).equals(bad.subarray(0, NONCE_BYTES));
  must(!isBad, 'the datagram not to be passed on', 'it came');
}

const discoveryChecks: readonly Check[] = [
  {
    section,
    demand:
      'A discovery request is answered with 74 bytes: type 2, the address seen from outside and a cookie.',
    async run(target) {
      const host = await hostEvents(target);
      const udp = await UdpProbe.open(host.relay, target.signal);
      target.finally(() => udp.close());
      const { ip, port, cookie } = await udp.discover(host.id);
      must(isIP(ip) !== 0, 'an address', `it was ${quoted(ip)}`);
      const own = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
      // Behind a NAT only the relay knows the port.
      const isSeen = own.some(({ address }) => address === ip) ? port === udp.port : port > 0;
      must(isSeen, `the port ${udp.port}`, `it was ${port}`);
      must(!/^0+$/.test(cookie), 'a cookie', 'it was 16 zeros');
    },
  },
  {
    section,
    demand: 'A cookie that was sent to another address or client is closed with 4007.',
    async run(target) {
      const host = await hostEvents(target);
      const udp = await UdpProbe.open(host.relay, target.signal);
      target.finally(() => udp.close());
      const { cookie } = await udp.discover(host.id);
      const { socket } = await listenEvents(target, host.podcast);
      socket.send(JSON.stringify({ t: CODE.connected, data: { ip: '192.0.2.1', port: 50_000, cookie } }));
      await socket.mustClose(4007);
    },
  },
];

const passingChecks: readonly Check[] = [
  {
    section,
    demand: 'Datagrams of the host come to listeners byte for byte.',
    async run(target) {
      const { host, hostUdp, listenerUdp } = await udpOnAir(target);
      for (const opusBytes of [1, 100, 1275]) {
        const sent: Buffer[] = [];
        const heard = await listenerUdp.audio(() => {
          sent.push(host.key.datagram(opusBytes));
          hostUdp.send(sent.at(-1)!);
        });
        const isSame = sent.some((datagram) => datagram.equals(heard));
        must(isSame, 'a datagram as it was sent', `one of ${heard.length} bytes came that was not sent`);
      }
    },
  },
  {
    section,
    demand: 'A listener of section 3 hears a host of section 4.',
    async run(target) {
      const host = await hostEvents(target);
      const hostUdp = await joinByUdp(target, host);
      const listener = target.listen(host.podcast);
      await listener.hello();
      const datagram = host.key.datagram();
      // UDP may lose it; a nonce that came is not passed on twice.
      const sending = setInterval(() => hostUdp.send(datagram), 100);
      target.finally(() => clearInterval(sending));
      const heard = await listener.audio();
      must(heard.subarray(1).equals(datagram), '1 ‖ the datagram', 'another packet came');
    },
  },
  {
    section,
    demand: 'A listener of section 4 hears a host of section 3.',
    async run(target) {
      const host = await hostEvents(target);
      host.socket.drop();
      const { socket, hello } = await target.takeUp(host.podcast);
      const listenerUdp = await joinByUdp(target, await listenEvents(target, host.podcast));
      const sent: Buffer[] = [];
      const heard = await listenerUdp.audio(() => {
        sent.push(hello.key.packet());
        socket.send(sent.at(-1)!);
      });
      must(
        sent.some((packet) => packet.subarray(1).equals(heard)),
        'the packet without its first byte',
        'another came',
      );
    },
  },
];

const droppingChecks: readonly Check[] = [
  {
    section,
    demand: 'A datagram that does not open under the key is not passed on.',
    async run(target) {
      const show = await udpOnAir(target);
      const forged = new SealingKey(randomBytes(32)).datagram();
      await mustNotPass(show, forged, () => show.hostUdp.send(forged));
    },
  },
  {
    section,
    demand: 'A datagram whose nonce was there before is not passed on.',
    async run(target) {
      const show = await udpOnAir(target);
      const sent: Buffer[] = [];
      const heard = await show.listenerUdp.audio(() => {
        sent.push(show.host.key.datagram());
        show.hostUdp.send(sent.at(-1)!);
      });
      await mustNotPass(show, heard, () => show.hostUdp.send(heard));
    },
  },
  {
    section,
    demand: 'A datagram from another address than the host confirmed is not passed on.',
    async run(target) {
      const show = await udpOnAir(target);
      const elsewhere = await UdpProbe.open(show.host.relay, target.signal);
      target.finally(() => elsewhere.close());
      const datagram = show.host.key.datagram();
      await mustNotPass(show, datagram, () => elsewhere.send(datagram));
    },
  },
  {
    section,
    demand: 'A datagram of a listener is not passed on.',
    async run(target) {
      const show = await udpOnAir(target);
      const other = await joinByUdp(target, await listenEvents(target, show.host.podcast));
      const datagram = show.host.key.datagram();
      await mustNotPass(show, datagram, () => other.send(datagram));
    },
  },
  {
    section,
    demand: 'Datagrams too short or too long are not passed on, and the host stays.',
    async run(target) {
      const show = await udpOnAir(target);
      const short = randomBytes(40);
      await mustNotPass(show, short, () => show.hostUdp.send(short));
      const long = show.host.key.datagram(1276);
      await mustNotPass(show, long, () => show.hostUdp.send(long));
    },
  },
];

export const udpChecks: readonly Check[] = [...discoveryChecks, ...passingChecks, ...droppingChecks];
