/** What a show is made of, and what it says of itself. */
import type { VoiceBasedChannel } from 'discord.js';
import type { Logger } from 'pino';
import type { PodcastHost } from '../../client/podcast-host.ts';
import type { Account, PodcastDescription } from '../../client/rest-client.ts';
import type { Text } from '../../texts/catalogue.ts';
import type { Consent } from '../consent/consent.ts';
import type { VoiceStatuses } from '../marker/voice-statuses.ts';
import type { PresenceTimings } from '../voice/voice-presence.ts';
import type { ListenerPoll } from './listener-poll.ts';
import type { EarlierSigns } from './on-air-signs.ts';

export interface BroadcastOptions {
  readonly channel: VoiceBasedChannel;
  readonly description: PodcastDescription;
  /** Of the podcast of a show that goes on after a restart, which is on air again; otherwise one is made. */
  readonly host?: PodcastHost | undefined;
  /** How long to wait before joining, ms; at once when absent. */
  readonly joinDelayMs?: number;
  /** Who asked for the show: the key of a private one is for this person alone. */
  readonly hostUserId: string;
  /** The relay's address as this process reaches it. */
  readonly relay: string;
  readonly account: Account;
  readonly timings: PresenceTimings;
  readonly log: Logger;
  /** Asked for each packet before anything else sees it. */
  readonly consent: Pick<Consent, 'isOnAir' | 'isOptIn' | 'showsNames'>;
  readonly statuses: VoiceStatuses;
  readonly listenerPoll: ListenerPoll;
  /** Of a show that goes on after a restart: when it began, and by what it was known. */
  readonly earlier?: (EarlierSigns & { readonly startedAtMs: number }) | undefined;
  /** `status()` or `signs` says something new: on air, out of the channel for now, back, over. Not for every frame. */
  readonly onChanged?: (() => void) | undefined;
  /** Over after it was on air, whoever ended it; with why. Once. */
  readonly onEnded: (why: Text) => void;
}

/** How a show goes. All counts since it began. */
export interface BroadcastStatus {
  /** Names of those who speak right now, as they stand in a message. */
  readonly speaking: readonly string[];
  /** Frames that went to the relay. */
  readonly frames: number;
  /** Frames and packets that did not, by reason; only the reasons that occurred. */
  readonly drops: Readonly<Record<string, number>>;
}
