/** What the relay's thread and a thread that makes programmes say to each other. */

export type ToWorker =
  | {
      readonly type: 'start';
      /** u32, of this programme alone. */
      readonly programme: number;
      /** 32 bytes, of the podcast: it opens what comes in and seals what goes out. */
      readonly key: Uint8Array;
      /** u32, of the stream that goes out. */
      readonly ssrc: number;
    }
  | { readonly type: 'stop'; readonly programme: number }
  | {
      readonly type: 'retract';
      readonly programme: number;
      /** The speaker's. */
      readonly ssrc: number;
      /** What frames are marked with that are made from now on. */
      readonly generation: number;
    }
  | {
      readonly type: 'packets';
      /** PacketRecords of packets of hosts, `1 ‖ nonce ‖ sealed`. */
      readonly records: ArrayBuffer;
      /** When they came, by `sharedNowMs`. */
      readonly atMs: number;
    };

/** Why something that was said is not in a programme as it was said; the counters of the relay have their meanings. */
export const PROGRAMME_LOSSES = [
  'late',
  'overflow',
  'malformed',
  'duplicate',
  'displaced',
  'retracted',
  'undecodable',
  'unready',
  'concealed',
] as const;
export type ProgrammeLosses = Readonly<Record<(typeof PROGRAMME_LOSSES)[number], number>>;

/** What was done since the last one; at most one a round of the worker's loop. */
export interface FromWorker {
  /** PacketRecords of frames, `1 ‖ nonce ‖ sealed`, each marked with its programme's generation. */
  readonly records: ArrayBuffer;
  /** Bytes of `packets` that wait no longer. */
  readonly takenBytes: number;
  /** Messages that wait no longer. */
  readonly takenMessages: number;
  /** Packets that did not open under their podcast's key. */
  readonly unopened: number;
  /** Frames that were never made, because the thread had stood still. */
  readonly skipped: number;
  /** Of all its programmes; undefined for none. */
  readonly losses: ProgrammeLosses | undefined;
  /** Why a programme had to be begun anew; one of them. */
  readonly fault: string | undefined;
}

/** ms that never go back, the same in every thread of the process: `performance.now` begins anew in each. */
export function sharedNowMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
