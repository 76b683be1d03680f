/** What page, receiver and player say to each other. Sound goes from receiver to player only. */
import type { PodcastFacts } from '../../src/protocol/podcast-facts.ts';
import type { SoundState, SpeakerLevel } from './sound.ts';

export type PageToReceiver =
  | {
      readonly is: 'listen';
      /** `ws://…/listen?…` */
      readonly socketUrl: string;
      /** Anything that the relay answers: says that it is there, and how far away. */
      readonly pulseUrl: string;
      readonly player: MessagePort;
    }
  /** Nothing can be heard: what comes from now on is thrown away; until `hear`. */
  | { readonly is: 'deafen' }
  | { readonly is: 'hear' };

export type ReceiverToPage =
  | { readonly is: 'state'; readonly state: SoundState }
  | { readonly is: 'podcast'; readonly facts: PodcastFacts }
  /** How long a question to the relay and its answer took. */
  | { readonly is: 'round-trip'; readonly ms: number };

/** A packet and its sound. */
export interface DecodedPacket {
  /** u32. */
  readonly ssrc: number;
  /** u16. */
  readonly sequence: number;
  /** u32, ticks of 48 kHz. */
  readonly timestamp: number;
  /** As it came. */
  readonly opus: Uint8Array;
  /** Of 48 kHz, within ±1, channels interleaved: two if the packet says that it has two, else one. */
  readonly pcm: Float32Array;
  /** When it came, ms since 1970. */
  readonly arrivedMs: number;
}

export type ReceiverToPlayer =
  | { readonly is: 'packet'; readonly packet: DecodedPacket }
  | { readonly is: 'retract'; readonly ssrc: number }
  /** What waits is out of date. */
  | { readonly is: 'clear' };

export type PlayerToPage =
  | { readonly is: 'levels'; readonly levels: readonly SpeakerLevel[] }
  | { readonly is: 'quality'; readonly quality: PlayedQuality };

/** Of one second. */
export interface PlayedQuality {
  /** From a packet's arrival to its place on the context's clock: `contextTime` in ms, less ms since 1970. Undefined when none was played. */
  readonly arrivalToContextMs: number | undefined;
  /** 0 … 1. */
  readonly lostShare: number;
}
