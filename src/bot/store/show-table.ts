/** The shows that run right now, so that they go on after a restart: one a guild. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';

export interface StoredShow {
  readonly guildId: string;
  /** The voice channel that is on air. */
  readonly channelId: string;
  readonly podcastId: number;
  readonly hostUserId: string;
  /** The panel, in the channel's own chat; null while it does not stand there. */
  readonly panelMessageId: string | null;
  /** The bot's nickname before the show; null when it had none. */
  readonly previousNickname: string | null;
  /** The channel's status before the show, empty when it had none; null when Discord had not told it. */
  readonly previousStatus: string | null;
  /** ms since 1970. */
  readonly startedAtMs: number;
}

export class ShowTable {
  readonly #save: StatementSync;
  readonly #forget: StatementSync;
  readonly #all: StatementSync;

  constructor(database: DatabaseSync) {
    this.#save = database.prepare('INSERT OR REPLACE INTO shows VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
    this.#forget = database.prepare('DELETE FROM shows WHERE guild_id = ?');
    this.#all = database.prepare(`
      SELECT guild_id AS guildId, channel_id AS channelId, podcast_id AS podcastId, host_user_id AS hostUserId,
        panel_message_id AS panelMessageId,
        previous_nickname AS previousNickname, previous_status AS previousStatus, started_at_ms AS startedAtMs
      FROM shows ORDER BY started_at_ms
    `);
  }

  /** In place of what was kept for this guild. */
  save(show: StoredShow): void {
    this.#save.run(
      show.guildId,
      show.channelId,
      show.podcastId,
      show.hostUserId,
      show.panelMessageId,
      show.previousNickname,
      show.previousStatus,
      show.startedAtMs,
    );
  }

  forget(guildId: string): void {
    this.#forget.run(guildId);
  }

  /** Oldest first. */
  all(): readonly StoredShow[] {
    return this.#all.all() as unknown as StoredShow[];
  }
}
