/** The system calls of the sendmmsg engine, made from Node through koffi. */
import { endianness } from 'node:os';
import { getSystemErrorName } from 'node:util';

/** What the wire needs: memory that the kernel can be pointed to, and one call. */
export interface SendCalls {
  /** Where the memory is in this process: it stays there for as long as the ArrayBuffer itself is referenced. */
  addressOf(memory: ArrayBuffer): number;
  /**
   * sendmmsg(2) on the engine's socket.
   * @param headers address of the first mmsghdr
   * @returns messages sent, at least 1, or −errno of the first
   */
  sendmmsg(headers: number, count: number): number;
}

export interface Libc {
  /** @returns a file descriptor, not blocking, closed on exec. @throws when there is none to be had */
  openUdp(family: number): number;
  /** @throws the system's error */
  setOption(fd: number, level: number, name: number, value: number): void;
  /** @throws the system's error */
  bind(fd: number, name: Uint8Array): void;
  close(fd: number): void;
  sendCalls(fd: number): SendCalls;
}

const GLIBC = 'libc.so.6';
const SOCK_DGRAM = 2;
const SOCK_NONBLOCK = 0o4000;
const SOCK_CLOEXEC = 0o2000000;

/** @throws Error with the reason where the structs of socket-structs.ts do not hold, or koffi cannot be had */
export async function loadLibc(): Promise<Libc> {
  const { platform, arch } = process;
  if (platform !== 'linux') throw new Error(`sendmmsg is Linux's, and this is ${platform}`);
  if (!['x64', 'arm64'].includes(arch) || endianness() !== 'LE') {
    throw new Error(`its structs are not laid out for ${arch}`);
  }
  const { default: koffi } = await import('koffi');
  // musl has another name and another msghdr.
  const library = koffi.load(GLIBC);
  const socket = library.func('int socket(int, int, int)') as (...all: number[]) => number;
  const setsockopt = library.func('int setsockopt(int, int, int, void*, uint32_t)') as SetSockOpt;
  const bind = library.func('int bind(int, void*, uint32_t)') as Bind;
  const close = library.func('int close(int)') as (fd: number) => number;
  const sendmmsg = library.func('int sendmmsg(int, uintptr_t, uint32_t, int)') as (
    ...all: number[]
  ) => number;
  const checked = (result: number, call: string): number => {
    if (result !== -1) return result;
    throw systemError(call, koffi.errno());
  };
  return {
    openUdp: (family) => checked(socket(family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), 'socket'),
    setOption(fd, level, name, value) {
      checked(setsockopt(fd, level, name, Int32Array.of(value), 4), 'setsockopt');
    },
    bind(fd, name) {
      checked(bind(fd, name, name.length), 'bind');
    },
    close(fd) {
      close(fd);
    },
    sendCalls: (fd) => ({
      addressOf: (memory) => Number(koffi.address(memory)),
      sendmmsg(headers, count) {
        const sent = sendmmsg(fd, headers, count, 0);
        return sent === -1 ? -koffi.errno() : sent;
      },
    }),
  };
}

type SetSockOpt = (fd: number, level: number, name: number, value: Int32Array, bytes: number) => number;
type Bind = (fd: number, name: Uint8Array, bytes: number) => number;

function systemError(call: string, errno: number): Error {
  const code = getSystemErrorName(-errno);
  return Object.assign(new Error(`${call} failed with ${code}`), { code, errno: -errno, syscall: call });
}
