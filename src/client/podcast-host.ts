/** Hosts a podcast: seals Opus frames and streams them to a relay, through drops and back (protocol.md §3). */
import { EventEmitter } from 'node:events';
import { type HelloAdditions, writeEvent } from '../protocol/events.ts';
import { NonceWriter, type RtpMetadata } from '../protocol/nonce.ts';
import { NONCE_BYTES, OPUS_MAX_BYTES, writeAudioPacket, writeEventPacket } from '../protocol/packet.ts';
import type { NamedSpeaker } from '../protocol/podcast-facts.ts';
import type { PodcastObject } from '../protocol/rest.ts';
import { seal } from '../protocol/sealing.ts';
import { looksEncrypted } from './encrypted-opus.ts';
import { relayAddress } from './relay-address.ts';
import { type PacketHello, readPacketMessage } from './relay-message.ts';
import { EndedError, type Ending, RelaySocket } from './relay-socket.ts';
import {
  type Account,
  type PodcastDescription,
  accountHeaders,
  createPodcast,
  deletePodcast,
  getPodcast,
} from './rest-client.ts';

/** One frame of one speaker. */
export interface OpusFrame extends RtpMetadata {
  /** 1 … 1275 bytes. */
  readonly opus: Uint8Array;
}

/** Why a frame did not leave this host. */
export type HostDropReason = 'not-connected' | 'relay-slow' | 'not-opus' | 'still-encrypted';

export interface PodcastHostOptions {
  /** The relay's address, such as `http://127.0.0.1:8080`. */
  readonly relay: string;
  readonly account: Account;
  readonly description?: PodcastDescription;
  /** A podcast of this account that is taken up, where none is to be made. */
  readonly podcastId?: number | undefined;
}

interface HostEvents {
  /** On air: after the first connection and after each resumption. */
  live: [];
  /** The connection dropped; the relay waits for us while we try to come back. */
  interrupted: [why: string];
  /** Over, and not by our doing. */
  ended: [ending: Ending];
}

// Two seconds of three speakers. More than that waiting for TCP is no longer live.
const BUFFERED_MAX_BYTES = 65_536;
const RESUME_DEFAULT_SECONDS = 30;
const DELETE_MS = 1000;

/** Makes a podcast, or takes one up, and connects as its host; resolves when it is on air. @throws RestError, or EndedError when the socket is refused */
export async function hostPodcast(options: PodcastHostOptions): Promise<PodcastHost> {
  const { relay, account, description, podcastId } = options;
  const podcast =
    podcastId === undefined
      ? await createPodcast(relay, account, description)
      : await getPodcast(relay, podcastId, account);
  const host = new PodcastHost(options, podcast);
  await new Promise<void>((resolve, reject) => {
    host.once('live', resolve);
    host.once('ended', (ending) => reject(new EndedError(ending)));
  });
  return host;
}

export class PodcastHost extends EventEmitter<HostEvents> {
  /** As it was when it was made or taken up. */
  readonly podcast: PodcastObject;
  /** Frames that were sent. */
  sent = 0;
  readonly drops: Record<HostDropReason, number> = {
    'not-connected': 0,
    'relay-slow': 0,
    'not-opus': 0,
    'still-encrypted': 0,
  };
  readonly #options: PodcastHostOptions;
  readonly #socket: RelaySocket<PacketHello>;
  readonly #nonce = new Uint8Array(NONCE_BYTES);
  #nonces = new NonceWriter();
  #key: Uint8Array | undefined;
  #resume: HelloAdditions['resume'];
  /** SSRCs that were retracted while there was no connection. */
  readonly #unsaidRetracts = new Set<number>();
  /** Who speaks, as it was last said; undefined: nothing was. */
  #speakers: readonly NamedSpeaker[] | undefined;

  constructor(options: PodcastHostOptions, podcast: PodcastObject) {
    super();
    this.#options = options;
    this.podcast = podcast;
    const { socketUrl } = relayAddress(options.relay);
    this.#socket = new RelaySocket({
      request: () => ({
        url: `${socketUrl}/?id=${podcast.id}&events=all${this.#resumeQuery()}`,
        headers: { ...accountHeaders(options.account), isSender: 'true' },
      }),
      giveUpAfterMs: () => (this.#resume?.seconds ?? RESUME_DEFAULT_SECONDS) * 1000,
      read: readPacketMessage,
      onHello: ({ secretKey, additions }) => {
        this.#key = secretKey;
        this.#resume = additions?.resume;
        this.#nonces = new NonceWriter();
        const unsaid = [...this.#unsaidRetracts];
        this.#unsaidRetracts.clear();
        for (const ssrc of unsaid) this.retract(ssrc);
        if (this.#speakers) this.nameSpeakers(this.#speakers);
        this.emit('live');
      },
      onAudio: () => {},
      onInterrupted: (why) => this.emit('interrupted', why),
      onEnded: (ending) => {
        this.emit('ended', ending);
      },
    });
  }

  /** Seals one frame and sends it now. False, and counted in `drops`, when it did not leave. Never throws. */
  send(frame: OpusFrame): boolean {
    const { opus } = frame;
    const reason = reasonToDrop(opus) ?? this.#reasonToWait();
    if (reason || !this.#key) {
      this.drops[reason ?? 'not-connected'] += 1;
      return false;
    }
    const nonce = this.#nonces.next(frame, this.#nonce);
    this.#socket.send(writeAudioPacket(nonce, seal(opus, nonce, this.#key)));
    this.sent += 1;
    return true;
  }

  /** Whether frames can leave right now. */
  get isConnected(): boolean {
    return this.#socket.bufferedBytes !== undefined;
  }

  /**
   * What was sent of this speaker and has not been heard yet is not to be heard: the relay throws it away, and tells
   * listeners to do the same, at once or when the connection is back. What is sent later goes out as ever. Never throws.
   * @param ssrc u32
   */
  retract(ssrc: number): void {
    if (this.#socket.bufferedBytes === undefined) this.#unsaidRetracts.add(ssrc);
    else this.#socket.send(writeEventPacket(writeEvent({ type: 'retract', ssrc })));
  }

  /**
   * Tells listeners who speaks: everyone, each time, at most SPEAKERS_MAX of them, with names of at most
   * SPEAKER_NAME_MAX_CHARACTERS. Said again after each drop. A relay takes it some five times a second. Never throws.
   */
  nameSpeakers(speakers: readonly NamedSpeaker[]): void {
    this.#speakers = speakers;
    if (this.#socket.bufferedBytes === undefined) return;
    this.#socket.send(writeEventPacket(writeEvent({ type: 'speakers', speakers })));
  }

  /** Ends the podcast for everyone, also while the connection is being sought. Never throws. */
  async close(): Promise<void> {
    this.removeAllListeners('ended');
    if (await this.#socket.close()) return;
    const { relay, account } = this.#options;
    // A relay that cannot be reached this way either ends the podcast by itself when nobody has resumed.
    await deletePodcast(relay, this.podcast.id, account, DELETE_MS).catch(() => {});
  }

  /**
   * Leaves the podcast without ending it: for as long as the relay waits for a host that dropped, `hostPodcast` with its id
   * goes on with it. Never throws.
   */
  async suspend(): Promise<void> {
    this.removeAllListeners('ended');
    await this.#socket.close(1001);
  }

  #reasonToWait(): HostDropReason | undefined {
    const { bufferedBytes } = this.#socket;
    if (bufferedBytes === undefined) return 'not-connected';
    return bufferedBytes > BUFFERED_MAX_BYTES ? 'relay-slow' : undefined;
  }

  #resumeQuery(): string {
    return this.#resume ? `&resume=${this.#resume.token}` : '';
  }
}

function reasonToDrop(opus: Uint8Array): HostDropReason | undefined {
  if (opus.length === 0 || opus.length > OPUS_MAX_BYTES) return 'not-opus';
  return looksEncrypted(opus) ? 'still-encrypted' : undefined;
}
