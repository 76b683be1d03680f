/** Accounts in a SQLite file that only its owner can read; several processes may have it open. */
import { closeSync, openSync } from 'node:fs';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { Accounts, type AccountRow, type AccountTable, type AccountsOptions } from './accounts.ts';
import type { Account, AccountStore } from './account-store.ts';

const OWNER_ONLY = 0o600;
/** How long a command line and a relay wait for each other's writes. */
const BUSY_TIMEOUT_MS = 5000;

const SCHEMA = `
  PRAGMA journal_mode = WAL;
  CREATE TABLE IF NOT EXISTS accounts (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    created_at_ms INTEGER NOT NULL,
    salt BLOB NOT NULL,
    hash BLOB NOT NULL,
    cost INTEGER NOT NULL,
    block_size INTEGER NOT NULL,
    parallelization INTEGER NOT NULL
  ) STRICT;
`;

/** A row of the table as SQLite gives it. */
interface StoredRow {
  readonly id: string;
  readonly name: string;
  readonly created_at_ms: number;
  readonly salt: Uint8Array;
  readonly hash: Uint8Array;
  readonly cost: number;
  readonly block_size: number;
  readonly parallelization: number;
}

/** @param file made with mode 0600 when it does not exist; its folder must */
export function openSqliteAccounts(file: string, options?: AccountsOptions): AccountStore {
  return new Accounts(new SqliteTable(file), options);
}

class SqliteTable implements AccountTable {
  readonly #database: DatabaseSync;
  readonly #insert: StatementSync;
  readonly #find: StatementSync;
  readonly #delete: StatementSync;
  readonly #all: StatementSync;

  constructor(file: string) {
    // SQLite would make the file readable to everyone; its -wal and -shm files copy the mode of this one.
    closeSync(openSync(file, 'a', OWNER_ONLY));
    this.#database = new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MS });
    this.#database.exec(SCHEMA);
    this.#insert = this.#database.prepare('INSERT OR IGNORE INTO accounts VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
    this.#find = this.#database.prepare('SELECT * FROM accounts WHERE id = ?');
    this.#delete = this.#database.prepare('DELETE FROM accounts WHERE id = ?');
    this.#all = this.#database.prepare(
      'SELECT id, name, created_at_ms AS createdAtMs FROM accounts ORDER BY rowid',
    );
  }

  insert({ id, name, createdAtMs, secret }: AccountRow): boolean {
    const { salt, hash, cost, blockSize, parallelization } = secret;
    return (
      this.#insert.run(id, name, createdAtMs, salt, hash, cost, blockSize, parallelization).changes === 1
    );
  }

  find(id: string): AccountRow | undefined {
    const row = this.#find.get(id) as StoredRow | undefined;
    if (!row) return undefined;
    const {
      name,
      created_at_ms: createdAtMs,
      salt,
      hash,
      cost,
      block_size: blockSize,
      parallelization,
    } = row;
    return { id, name, createdAtMs, secret: { salt, hash, cost, blockSize, parallelization } };
  }

  delete(id: string): boolean {
    return this.#delete.run(id).changes === 1;
  }

  all(): readonly Account[] {
    return this.#all.all() as unknown as Account[];
  }

  close(): void {
    this.#database.close();
  }
}
