/** How loud podcasts play in each guild, and the codec that another volume than the usual one takes. */
import type { OpusCodec } from '../../audio/opus-codec.ts';
import { UNITY_PERCENT } from './volume.ts';

export class GuildVolumes {
  readonly #load: () => Promise<OpusCodec>;
  /** By guild, where it is not what is usual. */
  readonly #percents = new Map<string, number>();
  #loading: Promise<OpusCodec> | undefined;
  #codec: OpusCodec | undefined;

  /** @param load called when the first volume that takes a codec is set, and again after it has failed */
  constructor(load: () => Promise<OpusCodec>) {
    this.#load = load;
  }

  /** Undefined until a volume has been set that takes one. */
  get codec(): OpusCodec | undefined {
    return this.#codec;
  }

  /** How many guilds have a volume of their own. */
  get count(): number {
    return this.#percents.size;
  }

  /** The volume of a guild, 100 where none was set. */
  of(guildId: string): number {
    return this.#percents.get(guildId) ?? UNITY_PERCENT;
  }

  /** @param percent one of the steps of `volumeStep`. @throws Error when it takes a codec and that cannot be loaded */
  async set(guildId: string, percent: number): Promise<void> {
    if (percent === UNITY_PERCENT) {
      this.#percents.delete(guildId);
      return;
    }
    await this.#loadCodec();
    this.#percents.set(guildId, percent);
  }

  /** The bot is in this guild no more. */
  forget(guildId: string): void {
    this.#percents.delete(guildId);
  }

  async #loadCodec(): Promise<void> {
    this.#loading ??= this.#load();
    try {
      this.#codec = await this.#loading;
    } catch (error) {
      // Perhaps it can be loaded the next time.
      this.#loading = undefined;
      throw error;
    }
  }
}
