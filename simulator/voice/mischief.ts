/** What a bot must survive: datagrams that no client of the call sent, and MLS messages that make no sense. */
import { createSocket } from 'node:dgram';
import type { Call } from './call.ts';
import type { DeliveryService } from './dave/delivery-service.ts';
import { ExternalSender } from './dave/external-sender.ts';
import { uint16, uint64 } from './dave/mls-codec.ts';
import { spreadProposals } from './dave/proposals.ts';
import { VoiceOp } from './opcodes.ts';
import { encodeRtp, type RtpPacket } from './rtp.ts';
import type { UdpRoute, VoicePeer } from './voice-peer.ts';

const longestRunt = 48;
const tagFromEnd = 8;
const strangeTransition = 0x7fff;
const opus = Buffer.from('78010203', 'hex');

export type ProposalFault = 'malformed' | 'wrong epoch' | 'wrong signature';

export class Mischief {
  readonly #call: () => Call;
  readonly #peer: () => VoicePeer | undefined;

  constructor(call: () => Call, peer: () => VoicePeer | undefined) {
    this.#call = call;
    this.#peer = peer;
  }

  /**
   * Sends well-formed datagrams whose tag is wrong.
   * @param ssrc whom they pretend to come from
   * @param from `stranger` sends them from another socket than the voice server's
   */
  async spoof(count: number, ssrc: number, from: 'server' | 'stranger' = 'server'): Promise<void> {
    const { route } = this.#victim();
    const datagrams = Array.from({ length: count }, (_, index) => {
      const datagram = route.cipher.seal(encodeRtp(packetOf(ssrc, index)));
      datagram.writeUInt8(datagram.readUInt8(datagram.length - tagFromEnd) ^ 1, datagram.length - tagFromEnd);
      return datagram;
    });
    await this.#deliver(datagrams, from);
  }

  /**
   * Sends one datagram of every length from 0 to 48 bytes, each the beginning of an RTP packet.
   * @param ssrc whom those that are long enough to tell pretend to come from
   */
  async runts(ssrc: number, from: 'server' | 'stranger' = 'server'): Promise<void> {
    const { header } = encodeRtp(packetOf(ssrc, 0));
    const whole = Buffer.concat([header, Buffer.alloc(longestRunt - header.length, 0x5a)]);
    const runts = Array.from({ length: longestRunt + 1 }, (_, length) => whole.subarray(0, length));
    await this.#deliver(runts, from);
  }

  /** Sends properly sealed packets of an SSRC that op 5 has never named. */
  unknownSsrc(count: number): void {
    const { route } = this.#victim();
    const nobody = 0xffff_ffff;
    for (let index = 0; index < count; index += 1)
      route.send(route.cipher.seal(encodeRtp(packetOf(nobody, index))));
  }

  /** Op 27 that must not be acted on. */
  proposal(fault: ProposalFault): void {
    const { peer } = this.#victim();
    if (fault === 'malformed') {
      peer.receive({ op: VoiceOp.mlsProposals, payload: Buffer.from('0005deadbeef00', 'hex') });
      return;
    }
    const { sender, epoch } = this.#delivery();
    const farAhead = 1000n;
    const proposal =
      fault === 'wrong epoch' ? sender.remove(epoch + farAhead, 0) : this.#impostor().remove(epoch, 0);
    peer.receive(spreadProposals([proposal]));
  }

  /** Op 25 again, of a server that nobody knows. */
  secondExternalSender(): void {
    this.#victim().peer.receive({ op: VoiceOp.mlsExternalSender, payload: this.#impostor().package });
  }

  /** Op 29 with a commit that cannot be read. */
  invalidCommit(): void {
    this.#garbage(VoiceOp.mlsAnnounceCommit);
  }

  /** Op 30 with a welcome that cannot be read. */
  invalidWelcome(): void {
    this.#garbage(VoiceOp.mlsWelcome);
  }

  #garbage(op: number): void {
    const payload = Buffer.concat([uint16(strangeTransition), Buffer.from('not a message of MLS')]);
    this.#victim().peer.receive({ op, payload });
  }

  #impostor(): ExternalSender {
    return new ExternalSender(uint64(BigInt(this.#call().channelId)));
  }

  #delivery(): DeliveryService {
    const { delivery } = this.#call();
    if (!delivery) throw new Error('the call is not encrypted: it has no MLS group');
    return delivery;
  }

  #victim(): { readonly peer: VoicePeer; readonly route: UdpRoute } {
    const peer = this.#peer();
    if (!peer?.route) throw new Error('the bot is not in the call');
    return { peer, route: peer.route };
  }

  async #deliver(datagrams: readonly Buffer[], from: 'server' | 'stranger'): Promise<void> {
    const { route } = this.#victim();
    if (from === 'server') {
      for (const datagram of datagrams) route.send(datagram);
      return;
    }
    const socket = createSocket('udp4');
    await Promise.all(datagrams.map(async (datagram) => await sendFrom(socket, datagram, route)));
    socket.close();
  }
}

function packetOf(ssrc: number, index: number): RtpPacket {
  return { sequence: index & 0xffff, timestamp: index * 960, ssrc, payload: opus };
}

async function sendFrom(
  socket: ReturnType<typeof createSocket>,
  datagram: Buffer,
  { port, address }: UdpRoute,
): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    socket.send(datagram, port, address, (error) => (error ? reject(error) : resolve()));
  });
}
