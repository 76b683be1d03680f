/** Listens to one podcast for the whole process, and gives each 20 ms of it to every guild that plays it. */
import type { Logger } from 'pino';
import { JitterBuffer } from '../../audio/jitter-buffer.ts';
import type { OpusCodec } from '../../audio/opus-codec.ts';
import type { HeardFrame, PodcastListener } from '../../client/podcast-listener.ts';
import { EndedError, type Ending } from '../../client/relay-socket.ts';
import type { Beats } from './metronome.ts';
import { UNITY_PERCENT, Volume } from './volume.ts';

/** What plays a podcast in one guild. As a rule one of the first three is called every 20 ms. All times in ms of `performance.now`. */
export interface Player {
  /** @param opus the same array for others too: to be read, not kept */
  play(opus: Buffer, nowMs: number): void;
  /** These 20 ms are missing. */
  skip(nowMs: number): void;
  /** There is nothing to be heard. */
  rest(nowMs: number): void;
  /** The podcast is over, or can be heard no more. Nothing follows. */
  over(ending: Ending): void;
}

export interface TunerOptions {
  readonly podcastId: number;
  /** To the programme of this podcast, and to nothing else; closed with the tuner. */
  readonly listener: Listener;
  readonly beats: Beats;
  /** The clock of the beats, ms. */
  readonly nowMs: () => number;
  /** For other volumes than 100 %; undefined until it is loaded. */
  readonly codec: () => OpusCodec | undefined;
  readonly log: Logger;
  /** Nothing listens here any more: the podcast is over, or the last player has left. Once. */
  readonly onClosed: () => void;
}

export type Listener = Pick<PodcastListener, 'on' | 'setGuilds' | 'close'>;

/** Those who play it at one volume. */
interface Group {
  readonly players: Set<Player>;
  /** Undefined while it is not ready, and for the volume at which frames go out as they came. */
  volume: Volume | undefined;
  /** Working it out has failed, and that has been logged. */
  hasFailed: boolean;
}

const FAILED: Ending = { code: 1011, reason: 'Playing it failed, and the fault is mine.' };

export class Tuner {
  readonly #options: TunerOptions;
  readonly #listener: Listener;
  readonly #listening = Promise.withResolvers<void>();
  /** By percent; in each group somebody plays. */
  readonly #groups = new Map<number, Group>();
  #buffer = new JitterBuffer();
  #ssrc: number | undefined;
  #unfollow: (() => void) | undefined;
  #isClosed = false;

  constructor(options: TunerOptions) {
    this.#options = options;
    this.#listening.promise.catch(() => {});
    const { podcastId: podcast, listener, log, nowMs } = options;
    this.#listener = listener;
    this.#listener.on('listening', () => this.#listening.resolve());
    this.#listener.on('frame', (frame) => this.#onFrame(frame, nowMs()));
    this.#listener.on('interrupted', (why) =>
      log.warn({ podcast, why }, 'podcast interrupted, listening on'),
    );
    this.#listener.on('retracted', () => this.#buffer.clear());
    this.#listener.on('ended', (ending) => {
      this.#listening.reject(new EndedError(ending));
      this.#close(ending);
    });
    this.#unfollow = options.beats.follow((dueMs) => this.#beat(dueMs));
  }

  /** Resolves when the relay has let it listen. @throws EndedError when it does not */
  async listening(): Promise<void> {
    await this.#listening.promise;
  }

  /** How many play it. */
  get players(): number {
    let count = 0;
    for (const { players } of this.#groups.values()) count += players.size;
    return count;
  }

  /** Plays it to this player too, or at another volume from now on. @param percent one of the steps of `volumeStep` */
  add(player: Player, percent: number): void {
    this.#removeFromGroup(player);
    const group = this.#groups.get(percent) ?? { players: new Set(), volume: undefined, hasFailed: false };
    this.#groups.set(percent, group);
    group.players.add(player);
    if (!this.#isClosed) this.#listener.setGuilds(this.players);
  }

  /** With the last player it stops listening. */
  remove(player: Player): void {
    this.#removeFromGroup(player);
    if (this.#isClosed) return;
    if (this.#groups.size === 0) this.#close(undefined);
    else this.#listener.setGuilds(this.players);
  }

  #removeFromGroup(player: Player): void {
    for (const [percent, { players, volume }] of this.#groups) {
      if (!players.delete(player) || players.size > 0) continue;
      volume?.free();
      this.#groups.delete(percent);
    }
  }

  /** Frames of the one stream that there is; their array is the listener's, made for this frame alone. */
  #onFrame({ opus, rtp }: HeardFrame, nowMs: number): void {
    if (!rtp) return;
    if (rtp.ssrc !== this.#ssrc) {
      // A stream that was made anew, with other numbers and another clock.
      this.#ssrc = rtp.ssrc;
      this.#buffer = new JitterBuffer();
    }
    this.#buffer.push({ sequence: rtp.sequence, timestamp: rtp.timestamp, opus }, nowMs);
  }

  #beat(dueMs: number): void {
    const playout = this.#buffer.pull(dueMs);
    switch (playout.is) {
      case 'frame':
        this.#play(playout.opus, dueMs);
        break;
      // Undecoded, two frames cannot be made into one, and none into two. Those who hear it can do that: they get both
      // frames at once, or none, with RTP times that go on, as from anybody whose clock is a little faster or slower.
      case 'merge':
        this.#play(playout.first, dueMs);
        this.#play(playout.second, dueMs);
        break;
      case 'hold':
        break;
      case 'lost':
        this.#each((player) => player.skip(dueMs));
        break;
      case 'silence':
        this.#each((player) => player.rest(dueMs));
    }
  }

  #play({ buffer, byteOffset, byteLength }: Uint8Array, nowMs: number): void {
    const opus = Buffer.from(buffer, byteOffset, byteLength);
    for (const [percent, group] of this.#groups) {
      const frame = this.#atVolume(opus, percent, group);
      for (const player of group.players) {
        this.#tell(player, () => (frame ? player.play(frame, nowMs) : player.skip(nowMs)));
      }
    }
  }

  /** Byte for byte as it came at 100 %, and until the codec is there. Undefined when it cannot be worked out. */
  #atVolume(opus: Buffer, percent: number, group: Group): Buffer | undefined {
    if (percent === UNITY_PERCENT) return opus;
    try {
      const codec = group.volume ? undefined : this.#options.codec();
      if (codec) group.volume = Volume.of(percent, codec);
      return group.volume ? group.volume.process(opus) : opus;
    } catch (error) {
      if (!group.hasFailed) this.#options.log.error({ err: error, percent }, 'a volume failed');
      group.hasFailed = true;
      return undefined;
    }
  }

  #each(act: (player: Player) => void): void {
    for (const { players } of this.#groups.values()) {
      for (const player of players) this.#tell(player, () => act(player));
    }
  }

  /** A player that fails plays no more; that is no other's trouble. */
  #tell(player: Player, act: () => void): void {
    try {
      act();
    } catch (error) {
      this.#options.log.error({ err: error }, 'a player failed');
      this.#dismiss(player, FAILED);
    }
  }

  #dismiss(player: Player, ending: Ending): void {
    try {
      player.over(ending);
    } catch (error) {
      this.#options.log.error({ err: error }, 'a player failed at its end');
    }
    this.remove(player);
  }

  #close(ending: Ending | undefined): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#unfollow?.();
    this.#options.onClosed();
    void this.#listener.close();
    if (!ending) return;
    const players = [...this.#groups.values()].flatMap((group) => [...group.players]);
    for (const player of players) this.#dismiss(player, ending);
  }
}
