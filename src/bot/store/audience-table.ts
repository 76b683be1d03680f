/** The guilds that listen to a podcast right now, so that they go on after a restart: one audience a guild. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';

export interface StoredAudience {
  readonly guildId: string;
  /** The voice channel in which it is played. */
  readonly channelId: string;
  readonly podcastId: number;
  /** Who asked for it. */
  readonly userId: string;
  /** 1 is as it came. */
  readonly volume: number;
  /** The listen key of a private podcast, sealed by whoever saves it; null for any other podcast. Never in clear. */
  readonly sealedListenKey: Uint8Array | null;
  /** ms since 1970. */
  readonly startedAtMs: number;
}

export class AudienceTable {
  readonly #save: StatementSync;
  readonly #setVolume: StatementSync;
  readonly #forget: StatementSync;
  readonly #all: StatementSync;

  constructor(database: DatabaseSync) {
    this.#save = database.prepare('INSERT OR REPLACE INTO audiences VALUES (?, ?, ?, ?, ?, ?, ?)');
    this.#setVolume = database.prepare('UPDATE audiences SET volume = ? WHERE guild_id = ?');
    this.#forget = database.prepare('DELETE FROM audiences WHERE guild_id = ?');
    this.#all = database.prepare(`
      SELECT guild_id AS guildId, channel_id AS channelId, podcast_id AS podcastId, user_id AS userId, volume,
        sealed_listen_key AS sealedListenKey, started_at_ms AS startedAtMs
      FROM audiences ORDER BY started_at_ms
    `);
  }

  /** In place of what was kept for this guild. */
  save(audience: StoredAudience): void {
    const { guildId, channelId, podcastId, userId, volume, sealedListenKey, startedAtMs } = audience;
    this.#save.run(guildId, channelId, podcastId, userId, volume, sealedListenKey, startedAtMs);
  }

  setVolume(guildId: string, volume: number): void {
    this.#setVolume.run(volume, guildId);
  }

  forget(guildId: string): void {
    this.#forget.run(guildId);
  }

  /** Oldest first. */
  all(): readonly StoredAudience[] {
    return this.#all.all() as unknown as StoredAudience[];
  }
}
