/** Adds, removes and verifies accounts over a table of them, wherever that table is kept. */
import { createHmac, randomBytes, randomInt, timingSafeEqual } from 'node:crypto';
import {
  AccountError,
  type Account,
  type AccountStore,
  type Credentials,
  type NewAccount,
} from './account-store.ts';
import { SecretHasher, type ScryptCost, type SecretHash } from './secret-hash.ts';

const SECRET_BYTES = 32;
const ID_PATTERN = /^\d{1,20}$/;
const U32_LIMIT = 2 ** 32;
/** How long a verified pair is remembered: a host that reconnects over and over costs no scrypt. */
const REMEMBER_MS = 5 * 60_000;

/** One stored account. */
export interface AccountRow extends Account {
  readonly secret: SecretHash;
}

/** Where the rows are. */
export interface AccountTable {
  /** False when the id is taken. */
  insert(row: AccountRow): boolean;
  find(id: string): AccountRow | undefined;
  /** False when there was none. */
  delete(id: string): boolean;
  /** Oldest first. */
  all(): readonly Account[];
  close(): void;
}

export interface AccountsOptions {
  readonly cost?: ScryptCost;
  /** ms; monotonic. */
  readonly nowMs?: () => number;
}

interface Remembered {
  /** Of the row that it was verified against: a removed and newly made account has another. */
  readonly salt: Uint8Array;
  readonly mac: Buffer;
  readonly untilMs: number;
}

export class Accounts implements AccountStore {
  readonly #table: AccountTable;
  readonly #hasher: SecretHasher;
  readonly #nowMs: () => number;
  readonly #macKey = randomBytes(32);
  readonly #verified = new Map<string, Remembered>();

  constructor(table: AccountTable, options: AccountsOptions = {}) {
    this.#table = table;
    this.#hasher = new SecretHasher(options.cost);
    this.#nowMs = options.nowMs ?? (() => performance.now());
  }

  async add({ id = String(randomInt(1, U32_LIMIT)), name = '' }: NewAccount): Promise<Credentials> {
    if (!ID_PATTERN.test(id))
      throw new AccountError(`An account id is 1 to 20 decimal digits; this is "${id}".`);
    const secret = randomBytes(SECRET_BYTES).toString('hex');
    const row = { id, name, createdAtMs: Date.now(), secret: await this.#hasher.hash(secret) };
    if (!this.#table.insert(row)) throw new AccountError(`There is an account ${id} already.`);
    return { id, secret };
  }

  remove(id: string): Promise<boolean> {
    this.#verified.delete(id);
    return Promise.resolve(this.#table.delete(id));
  }

  list(): Promise<readonly Account[]> {
    const accounts = this.#table.all().map(({ id, name, createdAtMs }) => ({ id, name, createdAtMs }));
    return Promise.resolve(accounts);
  }

  async verify(id: string, secret: string): Promise<boolean> {
    // The row is read first even for a remembered pair: another process may have removed the account.
    const row = this.#table.find(id);
    const mac = this.#macOf(id, secret);
    if (row && this.#remembers(row, mac)) return true;
    const matches = await this.#hasher.matches(secret, row?.secret);
    // The computation took a while, in which the account may have been removed.
    if (!matches || !row || !isSameRow(row, this.#table.find(id))) return false;
    this.#verified.set(id, { salt: row.secret.salt, mac, untilMs: this.#nowMs() + REMEMBER_MS });
    return true;
  }

  remembers(id: string, secret: string): boolean {
    const row = this.#table.find(id);
    return row !== undefined && this.#remembers(row, this.#macOf(id, secret));
  }

  close(): void {
    this.#table.close();
  }

  #macOf(id: string, secret: string): Buffer {
    return createHmac('sha256', this.#macKey).update(`${id}:${secret}`).digest();
  }

  #remembers(row: AccountRow, mac: Buffer): boolean {
    const remembered = this.#verified.get(row.id);
    if (!remembered) return false;
    if (this.#nowMs() >= remembered.untilMs || Buffer.compare(remembered.salt, row.secret.salt) !== 0) {
      this.#verified.delete(row.id);
      return false;
    }
    return timingSafeEqual(remembered.mac, mac);
  }
}

/** A salt is drawn for each account that is made, so it tells one from another that came later under its id. */
function isSameRow(row: AccountRow, now: AccountRow | undefined): boolean {
  return now !== undefined && Buffer.compare(row.secret.salt, now.secret.salt) === 0;
}
