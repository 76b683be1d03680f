/** Who has said yes or no to being broadcast, which guilds ask for a yes first, and which show names. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';

/** What one person said in one guild. */
export interface Choice {
  readonly guildId: string;
  readonly userId: string;
  readonly onAir: boolean;
}

export class ConsentTable {
  readonly #setOptIn: StatementSync;
  readonly #optIns: StatementSync;
  readonly #setNames: StatementSync;
  readonly #namesGuilds: StatementSync;
  readonly #choose: StatementSync;
  readonly #choices: StatementSync;

  constructor(database: DatabaseSync) {
    this.#setOptIn = database.prepare(
      'INSERT INTO guild_settings (guild_id, opt_in) VALUES (?, ?) ON CONFLICT DO UPDATE SET opt_in = excluded.opt_in',
    );
    this.#optIns = database.prepare('SELECT guild_id AS guildId FROM guild_settings WHERE opt_in = 1');
    this.#setNames = database.prepare(
      'INSERT INTO guild_settings (guild_id, opt_in, names) VALUES (?, 0, ?) ON CONFLICT DO UPDATE SET names = excluded.names',
    );
    this.#namesGuilds = database.prepare('SELECT guild_id AS guildId FROM guild_settings WHERE names = 1');
    this.#choose = database.prepare(
      'INSERT INTO choices VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET on_air = excluded.on_air',
    );
    this.#choices = database.prepare(
      'SELECT guild_id AS guildId, user_id AS userId, on_air AS onAir FROM choices',
    );
  }

  setOptIn(guildId: string, optIn: boolean): void {
    this.#setOptIn.run(guildId, Number(optIn));
  }

  /** Ids of the guilds in which nobody is broadcast who has not said yes. */
  optInGuildIds(): string[] {
    return this.#optIns.all().map((row) => String(row['guildId']));
  }

  setNames(guildId: string, shown: boolean): void {
    this.#setNames.run(guildId, Number(shown));
  }

  /** Ids of the guilds whose listeners are told the names of those who speak. */
  namesGuildIds(): string[] {
    return this.#namesGuilds.all().map((row) => String(row['guildId']));
  }

  choose({ guildId, userId, onAir }: Choice): void {
    this.#choose.run(guildId, userId, Number(onAir));
  }

  *choices(): Generator<Choice> {
    for (const row of this.#choices.iterate()) {
      yield {
        guildId: String(row['guildId']),
        userId: String(row['userId']),
        onAir: row['onAir'] === 1,
      };
    }
  }
}
