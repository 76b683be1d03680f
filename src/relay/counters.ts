/** Counts what the relay does, drops and refuses: plain numbers under fixed names. */
import { CLOSE } from '../protocol/close-codes.ts';
import { REST_ERRORS, type RestErrorCode } from '../protocol/rest.ts';

type CloseNumber = (typeof CLOSE)[keyof typeof CLOSE]['code'];

/** What is counted besides closes and REST errors. */
const PLAIN = [
  'podcasts-created',
  'podcasts-ended',
  /** Audio packets that a host sent and the relay took. */
  'packets-in',
  'bytes-in',
  /** Audio packets due to listeners: those on time, those queued, and those of `slow-listener`. */
  'packets-out',
  /** Packets whose nonce had been seen. */
  'replay',
  /** Packets, and pages of radio streams, dropped because a listener's queue was full. */
  'slow-listener',
  /** Packets and pages thrown away because the host took them back, over all listeners. */
  'retracted',
  /** Frames of programmes that were made. */
  'programme-frames',
  /** Packets that a thread which makes programmes had no room for. */
  'programme-overrun',
  /** Packets for a programme that do not open under the key of their podcast. */
  'programme-unopened',
  /** Frames of programmes that were not made, because their thread had stood still. */
  'programme-skipped',
  /** Packets of speakers that came to a programme after their turn. */
  'programme-late',
  /** … that newer ones of the same speaker took the place of. */
  'programme-overflow',
  /** … that are not Opus of 10 ms or of a multiple of 20 ms. */
  'programme-malformed',
  /** … that had come before. */
  'programme-duplicate',
  /** … of speakers who were too many, and speakers who made room for others. */
  'programme-displaced',
  /** … that came after their speaker was taken back. */
  'programme-retracted',
  /** … that no decoder takes. */
  'programme-undecodable',
  /** Times that a speaker waited for a decoder, or a programme for an encoder. */
  'programme-unready',
  /** Frames that were made up for lost ones. */
  'programme-concealed',
  /** Programmes that failed and were begun anew. */
  'programme-fault',
  /** Threads that make programmes and died. */
  'programme-worker-lost',
  /** Pages of encodings that were made. */
  'encoding-pages',
  /** Packets of programmes that a thread which makes encodings had no room for. */
  'encoding-overrun',
  /** Packets for an encoding that are no packets of a programme or do not open under the key of their podcast. */
  'encoding-unopened',
  /** Frames of programmes that came to an encoding after their turn, or twice. */
  'encoding-late',
  /** … that are not Opus of 20 ms, or that no decoder takes. */
  'encoding-undecodable',
  /** Times that an encoding waited for a decoder or for an encoder. */
  'encoding-unready',
  /** Frames of silence in place of what the programme did not have. */
  'encoding-silence',
  /** Frames that were never encoded, because their thread had stood still for too long. */
  'encoding-skipped',
  /** Encodings that failed and were begun anew. */
  'encoding-fault',
  /** Threads that make encodings and died. */
  'encoding-worker-lost',
  /** Discovery requests that were answered. */
  'discovery',
  /** Datagrams that are no discovery and come from no host's confirmed endpoint. */
  'datagram-stranger',
  /** Datagrams of a host that are too short or too long for audio. */
  'datagram-size',
  /** Datagrams of a host's endpoint that do not open under the key of its podcast. */
  'datagram-unopened',
  /** Datagrams of a host that arrived just after it had retracted their SSRC. */
  'datagram-retracted',
  /** Pages due to listeners of radio streams: those on time, those queued, and those of `slow-listener`. */
  'radio-pages',
  /** Requests for a piece of a radio stream, as players make that only look what it is; who stays becomes a listener. */
  'radio-probes',
  /** Radio streams that were ended because their encoder gave nothing any more. */
  'radio-stalled',
  /** Connections that stopped answering pings. */
  'dead-peer',
] as const;

/** `close-CODE`: sockets that this relay closed so. `rest-ERROR`: HTTP requests answered so, upgrades too. */
export type CounterName = (typeof PLAIN)[number] | `close-${CloseNumber}` | `rest-${RestErrorCode}`;
export type CounterSnapshot = Readonly<Record<CounterName, number>>;

export class Counters {
  readonly #values: Record<CounterName, number>;

  constructor() {
    const closes = Object.values(CLOSE).map(({ code }) => `close-${code}` as const);
    const errors = Object.keys(REST_ERRORS).map((code) => `rest-${code as RestErrorCode}` as const);
    const names: readonly CounterName[] = [...PLAIN, ...closes, ...errors];
    this.#values = Object.fromEntries(names.map((name) => [name, 0])) as Record<CounterName, number>;
  }

  add(name: CounterName, count = 1): void {
    this.#values[name] += count;
  }

  /** A copy: every name is in it, from the start. */
  snapshot(): CounterSnapshot {
    return { ...this.#values };
  }
}

/** The counter of a close code of the table. */
export function closeCounter(code: number): CounterName {
  return `close-${code as CloseNumber}`;
}
