/** Opens the accounts of a data folder: the relay and the command line share them. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { AccountStore } from './accounts/account-store.ts';
import { openSqliteAccounts } from './accounts/sqlite-accounts.ts';
import { assertWhole } from './whole-database.ts';

/** Makes the folder, for its owner alone, when it does not exist. @throws Error with a sentence when the file is damaged */
export function openAccounts(dataDir: string): AccountStore {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const file = join(dataDir, 'accounts.db');
  assertWhole(file, 'Without it no account exists: add those of other hosts anew.');
  return openSqliteAccounts(file);
}
