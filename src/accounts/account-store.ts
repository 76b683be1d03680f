/** Who may host: the port that the relay and the command line use. */

export interface Account {
  /** Decimal digits, at most 20 (a Discord snowflake fits). */
  readonly id: string;
  /** For people; may be empty. */
  readonly name: string;
  /** ms since 1970. */
  readonly createdAtMs: number;
}

export interface NewAccount {
  /** Decimal digits, at most 20; a random u32 when absent. */
  readonly id?: string;
  readonly name?: string;
}

/** What a new account's owner is told, once. */
export interface Credentials {
  readonly id: string;
  /** 32 random bytes in hex: it can be typed after an option, and a double click takes it whole. */
  readonly secret: string;
}

/**
 * Every implementation keeps these obligations; one suite of tests holds them all to it.
 * - A secret is returned once, by `add`, and never stored: only a salted hash is.
 * - `verify` takes as long for an unknown account as for a wrong secret, and never throws for what a stranger sent.
 * - A removal holds from the moment its promise resolves, in every process that has the store open.
 */
export interface AccountStore {
  /** @throws AccountError when the id is malformed or taken */
  add(account: NewAccount): Promise<Credentials>;
  /** True when there was such an account. */
  remove(id: string): Promise<boolean>;
  /** Oldest first. */
  list(): Promise<readonly Account[]>;
  /** @throws AccountsBusyError when too many verifications wait already */
  verify(id: string, secret: string): Promise<boolean>;
  /** Whether `verify` said yes to this pair within the last minutes, and it holds still. At no cost; false proves nothing. */
  remembers(id: string, secret: string): boolean;
  /** No call may follow. */
  close(): void;
}

/** An account cannot be made as asked; the message says why. */
export class AccountError extends Error {
  override readonly name = 'AccountError';
}

/** More secrets are to be verified than this machine can; ask again later. */
export class AccountsBusyError extends Error {
  override readonly name = 'AccountsBusyError';
}
