/** The port of the UDP lane: what the relay needs of UDP, and the choice between the two engines that give it. */
import { lookup } from 'node:dns/promises';
import type { Logger } from 'pino';
import { openDgramSocket } from './dgram-socket.ts';
import { openSendmmsgSocket } from './sendmmsg-socket.ts';

/**
 * One bound UDP port. Both engines keep these promises, and one conformance suite holds them to it:
 * - every datagram leaves from `port`;
 * - a destination gets the packets of an audience in the order of `publish`, except that packets of different
 *   speakers handed over in the same turn of the event loop may change places;
 * - a destination that cannot be sent to costs nobody else a packet;
 * - audio that cannot be sent in time is dropped and counted, never queued without bound;
 * - nothing here throws because of what a stranger sent, nor logs for each datagram.
 */
export interface DatagramSocket {
  /** The bound UDP port. */
  readonly port: number;
  /** Which engine it is: `sendmmsg` or `dgram`. */
  readonly engine: DatagramEngine;
  /** Totals since the socket was opened, of all its audiences and single datagrams. */
  readonly counters: DatagramCounters;
  /**
   * Called for every datagram that arrives; set it before the first await after opening.
   * @param datagram the receiver's to keep
   * @param address IPv4 as dotted text, on a dual-stack socket too
   */
  onDatagram: (datagram: Buffer, address: string, port: number) => void;
  /** One datagram to one address, now: best effort, never throws, a failure is counted. */
  send(datagram: Uint8Array, address: string, port: number): void;
  /** A podcast's audience: destinations that get every packet. */
  audience(): Audience;
  /** Closes all audiences and the port; settles when nothing is left of either. */
  close(): Promise<void>;
}

export interface Audience {
  readonly size: number;
  /**
   * Costs O(1), amortised. Who is added while a packet is being sent gets the next one.
   * @param address IPv4 or IPv6 text
   * @throws TypeError when `address` is not an IP address
   */
  add(address: string, port: number): Destination;
  /**
   * Costs O(1). After it returns not one further datagram is handed to the system for this destination. Where a
   * worker thread is just sending to this audience, the call waits for its present system call: at most 64 messages,
   * some 0.2 ms. Whoever is out already stays out.
   */
  remove(destination: Destination): void;
  /**
   * Hands a packet to everybody, at the end of this turn of the event loop. What is not sent within `LATE_MS` is
   * dropped.
   * @param datagram kept until it is sent; its bytes must not change
   */
  publish(datagram: Uint8Array): void;
  /**
   * Throws away what waits for anybody. After it returns not one further datagram that was published before is handed
   * to the system; it may wait for a worker as `remove` does.
   * @returns how many datagrams that were
   */
  retract(): number;
  /** Forgets everybody and what waits for them. */
  close(): void;
}

/** One place in one audience; compared by identity. */
export interface Destination {
  readonly address: string;
  readonly port: number;
}

/** Datagrams, except where it says otherwise. What a worker thread does is counted when it has reported it. */
export interface DatagramCounters {
  /** Taken by the system. */
  readonly sent: number;
  /** Dropped, because they had waited longer than `LATE_MS`. */
  readonly late: number;
  /** Dropped, because an audience had `PENDING_PACKETS_MAX` packets waiting. */
  readonly queueFull: number;
  /** Refused by the system for the destination's sake: unroutable, forbidden, port 0, too large. */
  readonly badDestination: number;
  /** How often the system had no room (EAGAIN, ENOBUFS): audio is tried again, a single datagram is lost. */
  readonly noRoom: number;
}

export type DatagramEngine = 'sendmmsg' | 'dgram';

export interface DatagramSocketOptions {
  /** An address or a name; `::` takes IPv4 too, and becomes `0.0.0.0` where there is no IPv6. */
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
  readonly log: Pick<Logger, 'info' | 'warn'>;
  /** `auto` is sendmmsg where its self-test passes, else dgram. Naming one forces it. */
  readonly engine?: 'auto' | DatagramEngine;
  /**
   * Destinations that the event loop's own thread sends to before worker threads take the further ones (3000). The
   * workers start at half of it; with 0 or 1 the socket is open only once they have.
   */
  readonly shardBeyond?: number;
  /** Worker threads that may be started (one less than there are cores, 3 at most); 0 for none. */
  readonly shardsMax?: number;
  /** ms that never go back, by which audio is late; a test may stop them. */
  readonly nowMs?: () => number;
}

/**
 * Opens a UDP port with the best engine there is, and logs in one line which and why.
 * @throws the system's error when the port cannot be bound
 */
export async function openDatagramSocket(options: DatagramSocketOptions): Promise<DatagramSocket> {
  const { address } = await lookup(options.host);
  try {
    return await openOn({ ...options, host: address });
  } catch (error) {
    if (address !== '::' || !isWithoutIpv6(error)) throw error;
    return openOn({ ...options, host: '0.0.0.0' });
  }
}

async function openOn(options: DatagramSocketOptions): Promise<DatagramSocket> {
  const { engine = 'auto', log } = options;
  let because = 'it was asked for';
  if (engine !== 'dgram') {
    try {
      const { socket, description } = await openSendmmsgSocket(options);
      log.info({ port: socket.port }, `UDP sends with ${description}.`);
      return socket;
    } catch (error) {
      if (engine === 'sendmmsg') throw error;
      because = error instanceof Error ? error.message : String(error);
    }
  }
  const socket = await openDgramSocket(options);
  log.info({ port: socket.port }, `UDP sends with plain dgram: ${because}.`);
  return socket;
}

function isWithoutIpv6(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'EAFNOSUPPORT' || code === 'EADDRNOTAVAIL';
}
