/** Keeps podcasts over a restart, in a SQLite file that only its owner can read; key and tokens are sealed in it. */
import { closeSync, openSync } from 'node:fs';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { About, Podcast } from '../podcast/podcast.ts';
import { NONCE_BYTES } from '../protocol/packet.ts';
import type { Visibility } from '../protocol/rest.ts';
import { open, seal } from '../protocol/sealing.ts';

const STORAGE_KEY_BYTES = 32;

/** What of a podcast that has been on air outlives the process. */
export interface KeptPodcast extends Pick<
  Podcast,
  'id' | 'host' | 'about' | 'key' | 'listenKey' | 'resumeToken'
> {
  /** ms since 1970: when its first sender connected. */
  readonly activeSinceMs: number;
  /** ms since 1970 by the machine's clock, which the next process has as well: when it was last known to be on air. */
  readonly lastLiveMs: number;
}

/** Every method may throw what SQLite throws: a full disk, a file of somebody else. */
export interface PodcastStore {
  /** Adds a podcast, or replaces what was kept of it. */
  put(podcast: KeptPodcast): void;
  /** These podcasts are on air at this time. */
  touch(ids: readonly number[], wallMs: number): void;
  remove(ids: readonly number[]): void;
  /** What is kept, and the ids of podcasts that were sealed under another key or changed since. */
  load(): { readonly podcasts: readonly KeptPodcast[]; readonly unreadable: readonly number[] };
  /** No call may follow. */
  close(): void;
}

const OWNER_ONLY = 0o600;
const IN_MEMORY = ':memory:';
const BUSY_TIMEOUT_MS = 1000;

// NORMAL: a commit does not wait for the disk while audio waits for the commit. A crash of the program loses nothing by
// it; a power failure may lose the last writes.
const SCHEMA = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  CREATE TABLE IF NOT EXISTS podcasts (
    id INTEGER PRIMARY KEY,
    host TEXT NOT NULL,
    title TEXT NOT NULL,
    description TEXT NOT NULL,
    visibility TEXT NOT NULL,
    active_since_ms INTEGER NOT NULL,
    last_live_ms INTEGER NOT NULL,
    sealed BLOB NOT NULL
  ) STRICT;
`;
/** What a file of an earlier version lacks. */
const GUILD_COLUMN = `ALTER TABLE podcasts ADD COLUMN guild TEXT NOT NULL DEFAULT ''`;

/** A row of the table as SQLite gives it. */
interface StoredRow {
  readonly id: number;
  readonly host: string;
  readonly title: string;
  readonly description: string;
  readonly visibility: Visibility;
  readonly active_since_ms: number;
  readonly last_live_ms: number;
  readonly sealed: Uint8Array;
  readonly guild: string;
}

/**
 * What is not to be read on the disk, as JSON; and what of its row nobody may change: who the host is decides who may send
 * and end it, and what is private must not become public.
 */
interface Secrets extends Pick<StoredRow, 'id' | 'host' | 'visibility'> {
  /** Hex. */
  readonly key: string;
  readonly listenKey?: string | undefined;
  readonly resumeToken: string;
}

/**
 * @param file made with mode 0600 when it does not exist; its folder must. `:memory:` lives as long as the store
 * @param storageKey 32 bytes; whoever has it and the file has the podcasts
 */
export function openPodcastStore(file: string, storageKey: Uint8Array): PodcastStore {
  if (storageKey.length !== STORAGE_KEY_BYTES) {
    throw new Error(`This is a storage key of ${storageKey.length} bytes: it has ${STORAGE_KEY_BYTES}.`);
  }
  // SQLite would make the file readable to everyone; its -wal and -shm files copy the mode of this one.
  if (file !== IN_MEMORY) closeSync(openSync(file, 'a', OWNER_ONLY));
  return new SqlitePodcasts(new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MS }), storageKey);
}

class SqlitePodcasts implements PodcastStore {
  readonly #database: DatabaseSync;
  readonly #storageKey: Uint8Array;
  readonly #put: StatementSync;
  readonly #touch: StatementSync;
  readonly #remove: StatementSync;
  readonly #all: StatementSync;

  constructor(database: DatabaseSync, storageKey: Uint8Array) {
    this.#database = database;
    this.#storageKey = storageKey;
    database.exec(SCHEMA);
    const columns = database.prepare('SELECT name FROM pragma_table_info(?)').all('podcasts');
    if (!columns.some(({ name }) => name === 'guild')) database.exec(GUILD_COLUMN);
    this.#put = database.prepare('INSERT OR REPLACE INTO podcasts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)');
    this.#touch = database.prepare('UPDATE podcasts SET last_live_ms = ? WHERE id = ?');
    this.#remove = database.prepare('DELETE FROM podcasts WHERE id = ?');
    this.#all = database.prepare('SELECT * FROM podcasts ORDER BY active_since_ms');
  }

  put(podcast: KeptPodcast): void {
    const { id, host, about, activeSinceMs, lastLiveMs } = podcast;
    const { title, description, visibility, guild } = about;
    const sealed = sealSecrets(podcast, this.#storageKey);
    this.#put.run(id, host, title, description, visibility, activeSinceMs, lastLiveMs, sealed, guild);
  }

  touch(ids: readonly number[], wallMs: number): void {
    this.#inOne(() => {
      for (const id of ids) this.#touch.run(wallMs, id);
    });
  }

  remove(ids: readonly number[]): void {
    this.#inOne(() => {
      for (const id of ids) this.#remove.run(id);
    });
  }

  load(): { podcasts: KeptPodcast[]; unreadable: number[] } {
    const podcasts: KeptPodcast[] = [];
    const unreadable: number[] = [];
    for (const row of this.#all.all() as unknown as StoredRow[]) {
      const podcast = podcastOf(row, this.#storageKey);
      if (podcast) podcasts.push(podcast);
      else unreadable.push(row.id);
    }
    return { podcasts, unreadable };
  }

  close(): void {
    this.#database.close();
  }

  /** One commit for all: hundreds of rows then cost as much as one. */
  #inOne(write: () => void): void {
    this.#database.exec('BEGIN');
    try {
      write();
      this.#database.exec('COMMIT');
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
  }
}

/** @returns a random nonce of 24 bytes, then what it seals */
function sealSecrets(podcast: KeptPodcast, storageKey: Uint8Array): Buffer {
  const { id, host, about, listenKey, resumeToken } = podcast;
  const key = Buffer.from(podcast.key).toString('hex');
  const secrets: Secrets = { id, host, visibility: about.visibility, key, listenKey, resumeToken };
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  return Buffer.concat([nonce, seal(Buffer.from(JSON.stringify(secrets)), nonce, storageKey)]);
}

function podcastOf(row: StoredRow, storageKey: Uint8Array): KeptPodcast | undefined {
  const { id, host, title, description, visibility, guild, sealed } = row;
  const opened = open(sealed.subarray(NONCE_BYTES), sealed.subarray(0, NONCE_BYTES), storageKey);
  if (!opened) return undefined;
  // Whatever opens was written here.
  const secrets = JSON.parse(Buffer.from(opened).toString()) as Secrets;
  if (secrets.id !== id || secrets.host !== host || secrets.visibility !== visibility) return undefined;
  const about: About = { title, description, guild, visibility };
  return {
    id,
    host,
    about,
    key: new Uint8Array(Buffer.from(secrets.key, 'hex')),
    listenKey: secrets.listenKey,
    resumeToken: secrets.resumeToken,
    activeSinceMs: row.active_since_ms,
    lastLiveMs: row.last_live_ms,
  };
}
