/** The bot's own account on the relay that runs in the same process. */
import type { AccountStore, Credentials } from './accounts/account-store.ts';

const NAME = 'the bot of this relay';

/**
 * Made at the first start; at every later one it gets a new secret under its old id.
 * So the secret lives in this process alone, and never on the disk.
 */
export async function ownAccount(accounts: AccountStore): Promise<Credentials> {
  const existing = (await accounts.list()).find(({ name }) => name === NAME);
  if (!existing) return accounts.add({ name: NAME });
  await accounts.remove(existing.id);
  return accounts.add({ id: existing.id, name: NAME });
}
