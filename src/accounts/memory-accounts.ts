/** Accounts that live as long as the process: for tests, and for a relay that only its own bot uses. */
import { Accounts, type AccountRow, type AccountTable, type AccountsOptions } from './accounts.ts';
import type { AccountStore } from './account-store.ts';

export function openMemoryAccounts(options?: AccountsOptions): AccountStore {
  return new Accounts(new MemoryTable(), options);
}

class MemoryTable implements AccountTable {
  readonly #rows = new Map<string, AccountRow>();

  insert(row: AccountRow): boolean {
    if (this.#rows.has(row.id)) return false;
    this.#rows.set(row.id, row);
    return true;
  }

  find(id: string): AccountRow | undefined {
    return this.#rows.get(id);
  }

  delete(id: string): boolean {
    return this.#rows.delete(id);
  }

  all(): readonly AccountRow[] {
    return [...this.#rows.values()];
  }

  close(): void {
    this.#rows.clear();
  }
}
