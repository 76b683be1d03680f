/** Opens the accounts of a data folder: the relay and the command line share them. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { AccountStore } from './accounts/account-store.ts';
import { openSqliteAccounts } from './accounts/sqlite-accounts.ts';

/** Makes the folder, for its owner alone, when it does not exist. */
export function openAccounts(dataDir: string): AccountStore {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  return openSqliteAccounts(join(dataDir, 'accounts.db'));
}
