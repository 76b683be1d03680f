/** The SQLite file in which the bot remembers: who may be heard, and what runs right now. Only its owner can read it. */
import { closeSync, openSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

const OWNER_ONLY = 0o600;
/** A file of this name never touches the disk. */
export const IN_MEMORY = ':memory:';

/** What leads from each version of the schema to the next; `user_version` says how many of them a file has. Only ever added to. */
const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE guild_settings (
    guild_id TEXT PRIMARY KEY,
    opt_in INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE choices (
    guild_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    on_air INTEGER NOT NULL,
    PRIMARY KEY (guild_id, user_id)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE shows (
    guild_id TEXT PRIMARY KEY,
    channel_id TEXT NOT NULL,
    podcast_id INTEGER NOT NULL,
    host_user_id TEXT NOT NULL,
    panel_message_id TEXT,
    previous_nickname TEXT,
    previous_status TEXT,
    started_at_ms INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE audiences (
    guild_id TEXT PRIMARY KEY,
    channel_id TEXT NOT NULL,
    podcast_id INTEGER NOT NULL,
    user_id TEXT NOT NULL,
    volume REAL NOT NULL,
    sealed_listen_key BLOB,
    started_at_ms INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  'ALTER TABLE guild_settings ADD COLUMN names INTEGER NOT NULL DEFAULT 0;',
];

/**
 * @param file made with mode 0600 when it does not exist, its folder must; `IN_MEMORY` for none
 * @throws Error when the file is of a later version of this program, or no database
 */
export function openBotDatabase(file: string): DatabaseSync {
  // SQLite would make the file readable to everyone; its -wal and -shm files copy the mode of this one.
  if (file !== IN_MEMORY) closeSync(openSync(file, 'a', OWNER_ONLY));
  const database = new DatabaseSync(file);
  try {
    const version = versionOf(database, file);
    // A choice must outlive the power cut after it, not only the process: hence `full`.
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
    for (const [index, migration] of MIGRATIONS.entries()) {
      if (index >= version) database.exec(`BEGIN; ${migration} PRAGMA user_version = ${index + 1}; COMMIT;`);
    }
  } catch (error) {
    database.close();
    throw error;
  }
  return database;
}

/** @throws Error when it is later than any that this program knows */
function versionOf(database: DatabaseSync, file: string): number {
  const row = database.prepare('PRAGMA user_version').get();
  const version = Number(row?.['user_version']);
  if (version <= MIGRATIONS.length) return version;
  throw new Error(
    `${file} was written by a later version of Guildcast (schema ${version}; this one knows ${MIGRATIONS.length}).`,
  );
}
