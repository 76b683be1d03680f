/** `guildcast account`: who may host on this relay. */
import type { AccountStore } from '../accounts/account-store.ts';

/** @returns lines for the terminal. @throws AccountError */
export async function addAccount(accounts: AccountStore, name: string): Promise<string[]> {
  const { id, secret } = await accounts.add({ name });
  return [
    `client_id:     ${id}`,
    `client_secret: ${secret}`,
    'The secret is shown this once: only its hash is kept. Whoever has it can host podcasts on this relay.',
  ];
}

export async function removeAccount(accounts: AccountStore, id: string): Promise<string[]> {
  const removed = await accounts.remove(id);
  return [removed ? `Account ${id} is removed.` : `There is no account ${id}.`];
}

export async function listAccounts(accounts: AccountStore): Promise<string[]> {
  const list = await accounts.list();
  if (list.length === 0) return ['There are no accounts yet; `guildcast account add` makes one.'];
  return list.map(({ id, name, createdAtMs }) =>
    [id.padEnd(20), new Date(createdAtMs).toISOString().slice(0, 16).replace('T', ' '), name]
      .join('  ')
      .trimEnd(),
  );
}
