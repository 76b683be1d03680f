/**
 * Finding one's own address by UDP: Discord's 74-byte packet, whose answer also proves who received it (protocol.md §4,
 * Finding one's address). Request and answer have one size, so that nobody is amplified.
 */

//  0          2            4               8                     56             72         74
//  +----------+------------+---------------+---------------------+--------------+----------+
//  | type u16 | length u16 | client_id u32 | address, then NULs  | cookie       | port u16 |
//  +----------+------------+---------------+---------------------+--------------+----------+
//    1: request   70                         Discord's field of 64 bytes: text to the first NUL
//    2: answer
const LENGTH_OFFSET = 2;
const CLIENT_ID_OFFSET = 4;
const ADDRESS_OFFSET = 8;
const COOKIE_OFFSET = 56;
const PORT_OFFSET = 72;
const DISCOVERY_BYTES = 74;
/** What follows type and length. */
const LENGTH = 70;
const TYPE_REQUEST = 1;
const TYPE_ANSWER = 2;
export const COOKIE_BYTES = PORT_OFFSET - COOKIE_OFFSET;

const utf8 = new TextEncoder();
const text = new TextDecoder();

export interface DiscoveryAnswer {
  /** u32, as it was asked with. */
  readonly clientId: number;
  /** Where the request came from, as seen by who answers; at most 47 bytes. */
  readonly address: string;
  readonly port: number;
  /** 16 bytes. */
  readonly cookie: Uint8Array;
}

/** @param clientId u32, out of Hello; any number for who wants no cookie */
export function writeDiscoveryRequest(clientId: number): Uint8Array {
  return packetOf(TYPE_REQUEST, clientId);
}

/** The client_id of a request; undefined for every other datagram. What stands in its address and port is not looked at. */
export function readDiscoveryRequest(datagram: Uint8Array): number | undefined {
  return clientIdIn(datagram, TYPE_REQUEST);
}

/** An address longer than its place is cut off. */
export function writeDiscoveryAnswer({ clientId, address, port, cookie }: DiscoveryAnswer): Uint8Array {
  const datagram = packetOf(TYPE_ANSWER, clientId);
  utf8.encodeInto(address, datagram.subarray(ADDRESS_OFFSET, COOKIE_OFFSET - 1));
  datagram.set(cookie.subarray(0, COOKIE_BYTES), COOKIE_OFFSET);
  viewOf(datagram).setUint16(PORT_OFFSET, port);
  return datagram;
}

/** Undefined for every other datagram. The cookie is a view into it. */
export function readDiscoveryAnswer(datagram: Uint8Array): DiscoveryAnswer | undefined {
  const clientId = clientIdIn(datagram, TYPE_ANSWER);
  if (clientId === undefined) return undefined;
  const [address = ''] = text.decode(datagram.subarray(ADDRESS_OFFSET, COOKIE_OFFSET)).split('\0');
  const cookie = datagram.subarray(COOKIE_OFFSET, PORT_OFFSET);
  return { clientId, address, port: viewOf(datagram).getUint16(PORT_OFFSET), cookie };
}

function packetOf(type: number, clientId: number): Uint8Array {
  const datagram = new Uint8Array(DISCOVERY_BYTES);
  const view = viewOf(datagram);
  view.setUint16(0, type);
  view.setUint16(LENGTH_OFFSET, LENGTH);
  view.setUint32(CLIENT_ID_OFFSET, clientId);
  return datagram;
}

function clientIdIn(datagram: Uint8Array, type: number): number | undefined {
  if (datagram.length !== DISCOVERY_BYTES) return undefined;
  const view = viewOf(datagram);
  if (view.getUint16(0) !== type || view.getUint16(LENGTH_OFFSET) !== LENGTH) return undefined;
  return view.getUint32(CLIENT_ID_OFFSET);
}

function viewOf({ buffer, byteOffset, length }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, length);
}
