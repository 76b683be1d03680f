/**
 * The structs that sendmmsg(2) reads, as 64-bit little-endian Linux with glibc lays them out (sendmmsg(2), sendmsg(2),
 * cmsg(3), ip(7), ipv6(7), udp(7)). Offsets are in bytes.
 */
import type { IpAddress } from './ip-address.ts';

export const AF_INET = 2;
export const AF_INET6 = 10;

//  sockaddr_in    0        2          4                8                16
//                 +--------+----------+----------------+----------------+
//                 | family | port, BE | IPv4 address   | zero           |
//                 +--------+----------+----------------+----------------+
//  sockaddr_in6   0        2          4                8                24        28
//                 +--------+----------+----------------+----------------+---------+
//                 | family | port, BE | flow info      | IPv6 address   | scope   |
//                 +--------+----------+----------------+----------------+---------+
const NAME_PORT = 2;
const NAME_IPV4 = 4;
const NAME_IPV6 = 8;
const NAME_SCOPE = 24;
const SOCKADDR_IN_BYTES = 16;
const SOCKADDR_IN6_BYTES = 28;
/** Room for either. */
export const NAME_BYTES = 32;

/** Writes a sockaddr of the address's own family at `offset`, and returns its length. */
export function writeName(view: DataView, offset: number, { bytes, scope }: IpAddress, port: number): number {
  const isV4 = bytes.length === 4;
  for (let at = 0; at < NAME_BYTES; at += 8) view.setBigUint64(offset + at, 0n);
  view.setUint16(offset, isV4 ? AF_INET : AF_INET6, true);
  view.setUint16(offset + NAME_PORT, port);
  const to = offset + (isV4 ? NAME_IPV4 : NAME_IPV6);
  for (const [index, byte] of bytes.entries()) view.setUint8(to + index, byte);
  if (!isV4) view.setUint32(offset + NAME_SCOPE, scope, true);
  return isV4 ? SOCKADDR_IN_BYTES : SOCKADDR_IN6_BYTES;
}

//  mmsghdr   0      8          16    24      32        40           48      56        64
//            +------+----------+-----+-------+---------+------------+-------+---------+
//            | name | name len | iov | count | control | control len| flags | msg_len |
//            +------+----------+-----+-------+---------+------------+-------+---------+
const HEADER_NAME = 0;
const HEADER_NAME_BYTES = 8;
const HEADER_IOV = 16;
const HEADER_IOV_COUNT = 24;
const HEADER_CONTROL = 32;
const HEADER_CONTROL_BYTES = 40;
export const HEADER_BYTES = 64;

/** Writes a header of one iovec and no control data. The pointers are addresses in this process. */
export function writeHeader(
  view: DataView,
  offset: number,
  pointers: { readonly name: number; readonly iov: number; readonly control: number },
): void {
  view.setBigUint64(offset + HEADER_NAME, BigInt(pointers.name), true);
  view.setBigUint64(offset + HEADER_IOV, BigInt(pointers.iov), true);
  view.setBigUint64(offset + HEADER_IOV_COUNT, 1n, true);
  view.setBigUint64(offset + HEADER_CONTROL, BigInt(pointers.control), true);
  view.setBigUint64(offset + HEADER_CONTROL_BYTES, 0n, true);
}

export function writeNameBytes(view: DataView, offset: number, bytes: number): void {
  view.setUint32(offset + HEADER_NAME_BYTES, bytes, true);
}

export function readNameBytes(view: DataView, offset: number): number {
  return view.getUint32(offset + HEADER_NAME_BYTES, true);
}

/** @param bytes 0: the kernel does not look at the control data */
export function writeControlBytes(view: DataView, offset: number, bytes: number): void {
  view.setUint32(offset + HEADER_CONTROL_BYTES, bytes, true);
}

//  iovec     0      8       16
//            +------+--------+
//            | base | length |
//            +------+--------+
export const IOV_BYTES = 16;

const IOV_LENGTH = 8;

export function writeIovBase(view: DataView, offset: number, base: number): void {
  view.setBigUint64(offset, BigInt(base), true);
}

/** @param bytes below 4 GiB: the upper half stays 0 */
export function writeIovLength(view: DataView, offset: number, bytes: number): void {
  view.setUint32(offset + IOV_LENGTH, bytes, true);
}

//  cmsghdr   0        8       12     16             18      24
//            +--------+-------+------+--------------+-------+
//            | length | level | type | segment size | (pad) |
//            +--------+-------+------+--------------+-------+
const SOL_UDP = 17;
const UDP_SEGMENT = 103;
const SEGMENT_CONTROL_LENGTH = 18;
export const SEGMENT_CONTROL_BYTES = 24;

/** Has the kernel cut a message into datagrams of `bytes`, the last one of what is left (udp(7), UDP_SEGMENT). */
export function writeSegmentControl(view: DataView, offset: number, bytes: number): void {
  view.setBigUint64(offset, BigInt(SEGMENT_CONTROL_LENGTH), true);
  view.setInt32(offset + 8, SOL_UDP, true);
  view.setInt32(offset + 12, UDP_SEGMENT, true);
  view.setUint16(offset + 16, bytes, true);
}
