/** The podcasts of one relay: draws their ids and keys, and keeps them within the limits (protocol.md §2, §6). */
import { CLOSE, ContractError } from '../protocol/close-codes.ts';
import type { Limits } from '../protocol/limits.ts';
import { ReplayWindow } from '../protocol/replay-window.ts';
import { SECRET_KEY_BYTES } from '../protocol/secret-key.ts';
import { type About, type Interrupted, type Podcast } from './podcast.ts';

const ID_BYTES = 4;
const ID_MASK = 0x7fffffff;
const LISTEN_KEY_BYTES = 16;
const RESUME_TOKEN_BYTES = 32;

/** So many unpredictable bytes. */
export type RandomBytes = (length: number) => Uint8Array;

export class Roster {
  readonly #limits: Limits;
  readonly #senderTimeoutMs: number;
  readonly #randomBytes: RandomBytes;
  readonly #podcasts = new Map<number, Podcast>();

  constructor(limits: Limits, senderTimeoutSeconds: number, randomBytes: RandomBytes = systemRandomBytes) {
    this.#limits = limits;
    this.#senderTimeoutMs = senderTimeoutSeconds * 1000;
    this.#randomBytes = randomBytes;
  }

  /**
   * Makes a podcast that waits for its sender.
   * @throws ContractError (4009) when the account or the relay has as many podcasts as it may
   */
  add(host: string, about: About, nowMs: number): Podcast {
    this.#assertRoomFor(host);
    const podcast: Podcast = {
      id: this.#unusedId(),
      host,
      about,
      key: this.#randomBytes(SECRET_KEY_BYTES),
      listenKey: about.visibility === 'private' ? this.#token(LISTEN_KEY_BYTES) : undefined,
      resumeToken: this.#token(RESUME_TOKEN_BYTES),
      replay: new ReplayWindow(this.#limits.REPLAY_WINDOW_PACKETS),
      state: { name: 'created', deadlineMs: nowMs + this.#senderTimeoutMs },
    };
    this.#podcasts.set(podcast.id, podcast);
    return podcast;
  }

  /**
   * Takes back a podcast of an earlier process, which waits for its sender; the limits were kept when it was made.
   * Its replay window begins empty, and that is safe: a host that comes back writes a new epoch into its nonces, so
   * it repeats none, and whoever repeats an old packet for it achieves what is possible at any time with one that
   * is older than the window.
   */
  restore(kept: Omit<Podcast, 'replay' | 'state'>, state: Interrupted): Podcast {
    const { id, host, about, key, listenKey, resumeToken } = kept;
    const replay = new ReplayWindow(this.#limits.REPLAY_WINDOW_PACKETS);
    const podcast: Podcast = { id, host, about, key, listenKey, resumeToken, replay, state };
    this.#podcasts.set(id, podcast);
    return podcast;
  }

  /** A private podcast's listen key opens it no longer; another one does. */
  renewListenKey(podcast: Podcast): void {
    podcast.listenKey = this.#token(LISTEN_KEY_BYTES);
  }

  /** Its id may be drawn again. */
  remove(podcast: Podcast): void {
    this.#podcasts.delete(podcast.id);
  }

  #assertRoomFor(host: string): void {
    const { PODCASTS_PER_RELAY, PODCASTS_PER_ACCOUNT } = this.#limits;
    if (this.#podcasts.size >= PODCASTS_PER_RELAY) {
      throw new ContractError(
        CLOSE.capacity,
        `This relay has ${PODCASTS_PER_RELAY} podcasts: that is the most.`,
      );
    }
    let ofThisHost = 0;
    for (const podcast of this.#podcasts.values()) if (podcast.host === host) ofThisHost += 1;
    if (ofThisHost >= PODCASTS_PER_ACCOUNT) {
      throw new ContractError(
        CLOSE.capacity,
        `This account has ${PODCASTS_PER_ACCOUNT} podcasts: that is the most.`,
      );
    }
  }

  /** Random, so that the ids of unlisted podcasts cannot be counted up; below 2³¹, so that signed readers can hold it. */
  #unusedId(): number {
    for (;;) {
      const bytes = this.#randomBytes(ID_BYTES);
      const id = new DataView(bytes.buffer, bytes.byteOffset, ID_BYTES).getUint32(0) & ID_MASK;
      if (id !== 0 && !this.#podcasts.has(id)) return id;
    }
  }

  #token(bytes: number): string {
    return Buffer.from(this.#randomBytes(bytes)).toString('hex');
  }
}

function systemRandomBytes(length: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(length));
}
