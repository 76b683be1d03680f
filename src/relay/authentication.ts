/** Reads an account's headers in both published spellings and has them verified (protocol.md §1). */
import type { IncomingHttpHeaders } from 'node:http';
import type { AccountStore } from '../accounts/account-store.ts';
import type { LoginDelay } from './login-delay.ts';

/** What the relay asks of the accounts. */
export type AccountVerifier = Pick<AccountStore, 'verify' | 'remembers'>;

export type Authentication =
  | { readonly result: 'missing' }
  | { readonly result: 'invalid' }
  | { readonly result: 'verified'; readonly account: string };

export class Authenticator {
  readonly #accounts: AccountVerifier;
  readonly #delay: LoginDelay;

  constructor(accounts: AccountVerifier, delay: LoginDelay) {
    this.#accounts = accounts;
    this.#delay = delay;
  }

  /**
   * Who says so, and whether it is true. A wrong secret is answered the later the more of them came from the address.
   * @throws AccountsBusyError when too many verifications wait already
   */
  async authenticate(headers: IncomingHttpHeaders, address: string): Promise<Authentication> {
    const { account, secret } = credentialsIn(headers);
    if (account === undefined || secret === undefined) return { result: 'missing' };
    if (await this.#accounts.verify(account, secret)) return { result: 'verified', account };
    await this.#delay.afterFailure(address);
    return { result: 'invalid' };
  }
}

/** The account of a request whose secret was verified lately: known at once and at no cost. */
export function knownAccount(
  accounts: Pick<AccountStore, 'remembers'>,
  headers: IncomingHttpHeaders,
): string | undefined {
  const { account, secret } = credentialsIn(headers);
  if (account === undefined || secret === undefined) return undefined;
  return accounts.remembers(account, secret) ? account : undefined;
}

/** Whether a request carries an account's id or secret, right or wrong. */
export function namesAccount(headers: IncomingHttpHeaders): boolean {
  const { account, secret } = credentialsIn(headers);
  return account !== undefined || secret !== undefined;
}

function credentialsIn(headers: IncomingHttpHeaders): {
  account?: string | undefined;
  secret?: string | undefined;
} {
  return {
    account: headerIn(headers, 'client_id') ?? headerIn(headers, 'clientid'),
    secret: headerIn(headers, 'client_secret') ?? headerIn(headers, 'token'),
  };
}

/** A header that is there and not empty. */
export function headerIn(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}
