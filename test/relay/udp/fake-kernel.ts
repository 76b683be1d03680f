/** sendmmsg(2) without a kernel: reads the same bytes at the same addresses, and answers as a test says. */
import type { SendCalls } from '../../../src/relay/udp/libc.ts';

/** Far apart, so that a wrong pointer meets nothing. */
const FIRST_ADDRESS = 0x1000_0000;
const ADDRESS_STEP = 0x100_0000;
const HEADER_BYTES = 64;
const SOL_UDP = 17;
const UDP_SEGMENT = 103;

export interface SentMessage {
  readonly family: number;
  readonly port: number;
  readonly address: Buffer;
  /** As the kernel cuts it. */
  readonly datagrams: readonly Buffer[];
}

/** `sent`: takes no more than so many. `errno`: fails. */
export type Answer = { readonly sent: number } | { readonly errno: number };

export class FakeKernel implements SendCalls {
  readonly sent: SentMessage[] = [];
  /** For the next calls; then everything is taken. */
  readonly answers: Answer[] = [];
  /** The errno of every call that has no answer, while it is set. */
  refuses: number | undefined;
  calls = 0;
  readonly #memory: Buffer[] = [];

  addressOf(memory: ArrayBuffer): number {
    return FIRST_ADDRESS + (this.#memory.push(Buffer.from(memory)) - 1) * ADDRESS_STEP;
  }

  sendmmsg(headers: number, count: number): number {
    this.calls += 1;
    const answer =
      this.answers.shift() ?? (this.refuses === undefined ? { sent: count } : { errno: this.refuses });
    if ('errno' in answer) return -answer.errno;
    const sent = Math.min(answer.sent, count);
    for (let index = 0; index < sent; index += 1) this.sent.push(this.#read(headers + index * HEADER_BYTES));
    return sent;
  }

  #at(address: number, bytes: number): Buffer {
    const offset = (address - FIRST_ADDRESS) % ADDRESS_STEP;
    const memory = this.#memory[Math.floor((address - FIRST_ADDRESS) / ADDRESS_STEP)];
    if (!memory || offset + bytes > memory.length) throw new Error(`EFAULT at ${address}, ${bytes} bytes`);
    return memory.subarray(offset, offset + bytes);
  }

  #read(address: number): SentMessage {
    const header = this.#at(address, HEADER_BYTES);
    const pointer = (offset: number): number => Number(header.readBigUInt64LE(offset));
    const name = this.#at(pointer(0), header.readUInt32LE(8));
    if (pointer(24) !== 1) throw new Error(`${pointer(24)} iovecs`);
    const iov = this.#at(pointer(16), 16);
    const bytes = this.#at(Number(iov.readBigUInt64LE(0)), Number(iov.readBigUInt64LE(8)));
    const control = this.#at(pointer(32), pointer(40));
    const family = name.readUInt16LE(0);
    return {
      family,
      port: name.readUInt16BE(2),
      address: Buffer.from(family === 2 ? name.subarray(4, 8) : name.subarray(8, 24)),
      datagrams: cut(Buffer.from(bytes), control.length === 0 ? bytes.length : segmentBytes(control)),
    };
  }
}

function segmentBytes(control: Buffer): number {
  const kind = [Number(control.readBigUInt64LE(0)), control.readInt32LE(8), control.readInt32LE(12)];
  if (kind.join(' ') !== `18 ${SOL_UDP} ${UDP_SEGMENT}`) throw new Error(`control message ${kind.join(' ')}`);
  return control.readUInt16LE(16);
}

function cut(bytes: Buffer, size: number): Buffer[] {
  const count = Math.ceil(bytes.length / size);
  return Array.from({ length: count }, (_, index) => bytes.subarray(index * size, (index + 1) * size));
}
