/** What page, receiver and player say to each other. Sound goes from receiver to player only. */
import type { PodcastFacts } from '../../src/protocol/podcast-facts.ts';
import type { DecodedPacket } from './decoded-packet.ts';
import type { PlayedQuality } from './listening.ts';
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
  /** What comes from now on can be heard, … */
  | { readonly is: 'hear' }
  /** … or cannot, as at first: it is thrown away. */
  | { readonly is: 'deafen' };

export type ReceiverToPage =
  /** It listens to the page from now on; what was said before may have been lost, because its modules wait for WebAssembly. */
  | { readonly is: 'ready' }
  | { readonly is: 'state'; readonly state: SoundState }
  | { readonly is: 'podcast'; readonly facts: PodcastFacts }
  /** How long a question to the relay and its answer took. */
  | { readonly is: 'round-trip'; readonly ms: number };

export type ReceiverToPlayer =
  | { readonly is: 'packet'; readonly packet: DecodedPacket }
  | { readonly is: 'retract'; readonly ssrc: number }
  /** What waits is out of date. */
  | { readonly is: 'clear' };

export type PlayerToPage =
  | { readonly is: 'levels'; readonly levels: readonly SpeakerLevel[] }
  | { readonly is: 'quality'; readonly quality: PlayedQuality };
