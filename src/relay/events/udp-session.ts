/** The UDP side of one client: which endpoint it may use, and what of it counts. Neither sockets nor clocks (protocol.md §4). */
import { isIP } from 'node:net';
import { CLOSE, ContractError } from '../../protocol/close-codes.ts';
import type { Connected } from '../../protocol/json-events.ts';
import {
  AUDIO_PACKET_MAX_BYTES,
  AUDIO_PACKET_MIN_BYTES,
  NONCE_BYTES,
  writeAudioPacket,
} from '../../protocol/packet.ts';
import { open } from '../../protocol/sealing.ts';
import { canonicalAddress } from '../client-address.ts';

export interface Endpoint {
  /** Canonical: as `canonicalAddress` writes it. */
  readonly address: string;
  readonly port: number;
}

/** What speaks for a client that names an endpoint. */
interface Evidence {
  /** Canonical, of its WebSocket. */
  readonly ownAddress: string;
  /** Whether this cookie was sent to this endpoint for this client. */
  readonly isProof: (endpoint: Endpoint, cookieHex: string) => boolean;
}

export interface UdpSessionOptions extends Evidence {
  /** From now on the endpoint is the client's: audio goes there, or is taken from there, until the result is called. */
  readonly use: (endpoint: Endpoint) => () => void;
}

type State =
  /** Hello was said; the client has yet to say where its socket is. */
  | { readonly name: 'greeted' }
  /** The endpoint is the client's own beyond doubt, and in use. */
  | { readonly name: 'confirmed'; readonly endpoint: Endpoint; readonly release: () => void }
  | { readonly name: 'closed' };

export class UdpSession {
  readonly #options: UdpSessionOptions;
  #state: State = { name: 'greeted' };

  constructor(options: UdpSessionOptions) {
    this.#options = options;
  }

  /**
   * The client says where its socket is; again when a NAT has moved it: the new endpoint then takes the place of the old.
   * @throws ContractError 4002 for what is no address, 4007 for an address that could be anybody's
   */
  connected(claim: Connected): void {
    if (this.#state.name === 'closed') return;
    const endpoint = confirmedEndpoint(claim, this.#options);
    if (this.#state.name === 'confirmed') this.#state.release();
    this.#state = { name: 'confirmed', endpoint, release: this.#options.use(endpoint) };
  }

  /** The client is gone: nothing is sent to its endpoint or taken from it any more. */
  close(): void {
    if (this.#state.name === 'confirmed') this.#state.release();
    this.#state = { name: 'closed' };
  }
}

function confirmedEndpoint({ ip, port, cookie }: Connected, { ownAddress, isProof }: Evidence): Endpoint {
  const address = ip === '' ? ownAddress : canonicalAddress(ip);
  if (isIP(address) === 0) {
    throw new ContractError(
      CLOSE.invalidPayload,
      'This is a Connected whose ip is neither empty nor an IP address.',
    );
  }
  const endpoint = { address, port };
  if (address === ownAddress || (cookie !== undefined && isProof(endpoint, cookie))) return endpoint;
  const doubt = cookie === undefined ? 'no cookie confirms it' : 'this cookie was not sent there to you';
  throw new ContractError(
    CLOSE.unverifiedAddress,
    `${address} is not ${ownAddress}, where your WebSocket comes from, and ${doubt}.`,
  );
}

/** Why a host's datagram goes no further. */
export type DatagramFault = 'datagram-size' | 'datagram-unopened';

/**
 * A datagram `nonce ‖ sealed` from its host's confirmed endpoint, as the packet that listeners get.
 * It is opened to see that the host made it: whoever knows the endpoint can send in its name, and a nonce that was made up
 * would stand in the way of the host's own.
 * @param datagram not kept
 */
export function hostPacket(datagram: Uint8Array, key: Uint8Array): Uint8Array | DatagramFault {
  const packetBytes = 1 + datagram.length;
  if (packetBytes < AUDIO_PACKET_MIN_BYTES || packetBytes > AUDIO_PACKET_MAX_BYTES) return 'datagram-size';
  const nonce = datagram.subarray(0, NONCE_BYTES);
  const sealed = datagram.subarray(NONCE_BYTES);
  return open(sealed, nonce, key) ? writeAudioPacket(nonce, sealed) : 'datagram-unopened';
}

/** A packet as it goes over UDP: without the byte that says its kind. */
export function datagramOf(packet: Uint8Array): Uint8Array {
  return packet.subarray(1);
}
