import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { AccountError, type AccountStore } from '../../src/accounts/account-store.ts';
import type { AccountsOptions } from '../../src/accounts/accounts.ts';
import { openMemoryAccounts } from '../../src/accounts/memory-accounts.ts';
import { openSqliteAccounts } from '../../src/accounts/sqlite-accounts.ts';

const CHEAP = { cost: 2, blockSize: 1, parallelization: 1 };

function temporaryFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'accounts-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, 'accounts.sqlite');
}

function openFile(file: string, options: AccountsOptions = { cost: CHEAP }): AccountStore {
  const store = openSqliteAccounts(file, options);
  onTestFinished(() => store.close());
  return store;
}

const STORES: Record<string, (options?: AccountsOptions) => AccountStore> = {
  memory: (options) => openMemoryAccounts({ cost: CHEAP, ...options }),
  sqlite: (options) => openFile(temporaryFile(), { cost: CHEAP, ...options }),
};

describe.each(Object.entries(STORES))('accounts in %s', (_, open) => {
  test('verify the secret that was given when they were made, and nothing else', async () => {
    const store = open();
    const { id, secret } = await store.add({ name: 'bot' });
    const other = await store.add({});
    expect(Buffer.from(secret, 'hex')).toHaveLength(32);
    expect(await store.verify(id, secret)).toBe(true);
    for (const wrong of [other.secret, '', secret.slice(1), `${secret}=`, secret.toUpperCase(), '\0']) {
      expect(await store.verify(id, wrong)).toBe(false);
    }
    expect(await store.verify(other.id, secret)).toBe(false);
    expect(await store.verify('no such id', secret)).toBe(false);
  });

  test('are remembered once they have proved themselves, until they are removed', async () => {
    const store = open();
    const { id, secret } = await store.add({});
    expect(store.remembers(id, secret)).toBe(false);
    await store.verify(id, secret);
    expect(store.remembers(id, secret)).toBe(true);
    expect(store.remembers(id, `${secret}0`)).toBe(false);
    await store.remove(id);
    expect(store.remembers(id, secret)).toBe(false);
  });

  test('have the id that was asked for, or a random u32', async () => {
    const store = open();
    expect((await store.add({ id: '12345678901234567890' })).id).toBe('12345678901234567890');
    const { id } = await store.add({});
    expect(Number(id)).toBeGreaterThan(0);
    expect(Number(id)).toBeLessThan(2 ** 32);
  });

  test('keep the first of two with one id', async () => {
    const store = open();
    const { secret } = await store.add({ id: '7', name: 'first' });
    await expect(store.add({ id: '7', name: 'second' })).rejects.toThrow('There is an account 7 already.');
    expect(await store.verify('7', secret)).toBe(true);
    expect(await store.list()).toMatchObject([{ name: 'first' }]);
  });

  test.each(['', '1'.repeat(21), '-1', '1.5', 'bot', '１'])('refuse the id "%s"', async (id) => {
    await expect(open().add({ id })).rejects.toThrow(AccountError);
  });

  test('are listed oldest first, without anything of their secrets', async () => {
    const store = open();
    const beforeMs = Date.now();
    for (const id of ['9', '10', '1']) await store.add({ id, name: `name of ${id}` });
    const list = await store.list();
    expect(list).toEqual([
      { id: '9', name: 'name of 9', createdAtMs: expect.any(Number) },
      { id: '10', name: 'name of 10', createdAtMs: expect.any(Number) },
      { id: '1', name: 'name of 1', createdAtMs: expect.any(Number) },
    ]);
    expect(list[0]?.createdAtMs).toBeGreaterThanOrEqual(beforeMs);
  });

  test('are gone at once when removed, also for who was verified a moment ago', async () => {
    const store = open();
    const { id, secret } = await store.add({});
    expect(await store.verify(id, secret)).toBe(true);
    expect(await store.remove(id)).toBe(true);
    expect(await store.verify(id, secret)).toBe(false);
    expect(await store.remove(id)).toBe(false);
    expect(await store.list()).toEqual([]);
  });

  test('are gone for who is being verified just then, too', async () => {
    const store = open();
    const { id, secret } = await store.add({});
    const verdict = store.verify(id, secret);
    await store.remove(id);
    expect(await verdict).toBe(false);
  });

  test('made again under an old id do not take the old secret', async () => {
    const store = open();
    const old = await store.add({ id: '5' });
    await store.verify('5', old.secret);
    await store.remove('5');
    const { secret } = await store.add({ id: '5' });
    expect(await store.verify('5', old.secret)).toBe(false);
    expect(await store.verify('5', secret)).toBe(true);
  });

  test('refuse to verify more at once than they can, and say so', async () => {
    const store = open({ cost: { cost: 1024, blockSize: 8, parallelization: 1 } });
    const outcomes = await Promise.allSettled(Array.from({ length: 67 }, () => store.verify('1', 'x')));
    const refused = outcomes.filter(({ status }) => status === 'rejected');
    expect(refused).toMatchObject([{ reason: { name: 'AccountsBusyError' } }]);
    expect(await store.verify('1', 'x')).toBe(false);
  });

  test('cost an unknown account as much as a wrong secret', async () => {
    const store = open({ cost: { cost: 4096, blockSize: 8, parallelization: 1 } });
    const { id } = await store.add({});
    const cpuOf = async (account: string): Promise<number> => {
      const before = process.cpuUsage();
      for (let i = 0; i < 10; i += 1) await store.verify(account, 'wrong');
      const { user, system } = process.cpuUsage(before);
      return user + system;
    };
    const [known, unknown] = [await cpuOf(id), await cpuOf('404')];
    // A look-up alone would be a thousand times cheaper.
    expect(unknown).toBeGreaterThan(known / 5);
  });

  test('remember a verified pair for some minutes, so that a reconnect costs nothing', async () => {
    let nowMs = 0;
    const store = open({ cost: { cost: 16_384, blockSize: 8, parallelization: 1 }, nowMs: () => nowMs });
    const { id, secret } = await store.add({});
    const cpuOf = async (given: string): Promise<number> => {
      const before = process.cpuUsage();
      await store.verify(id, given);
      const { user, system } = process.cpuUsage(before);
      return user + system;
    };
    const first = await cpuOf(secret);
    const second = await cpuOf(secret);
    expect(second).toBeLessThan(first / 3);
    expect(await store.verify(id, 'wrong')).toBe(false);
    nowMs += 5 * 60_000;
    expect(await cpuOf(secret)).toBeGreaterThan(first / 3);
  });
});

describe('the file of the accounts', () => {
  test('is for its owner alone, with all that belongs to it', async () => {
    const file = temporaryFile();
    await openFile(file).add({});
    const folder = join(file, '..');
    const names = readdirSync(folder);
    expect(names.toSorted()).toEqual(['accounts.sqlite', 'accounts.sqlite-shm', 'accounts.sqlite-wal']);
    for (const name of names) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
  });

  test('keeps the mode that its owner gave it', () => {
    const file = temporaryFile();
    openSqliteAccounts(file).close();
    chmodSync(file, 0o640);
    openSqliteAccounts(file).close();
    expect(statSync(file).mode & 0o777).toBe(0o640);
  });

  test('holds no secret, and verifies after it was closed', async () => {
    const file = temporaryFile();
    const store = openSqliteAccounts(file, { cost: CHEAP });
    const { id, secret } = await store.add({});
    store.close();
    const content = readFileSync(file);
    expect(content.includes(secret)).toBe(false);
    expect(content.includes(Buffer.from(secret, 'hex'))).toBe(false);
    expect(await openFile(file).verify(id, secret)).toBe(true);
  });

  test('may be open twice: what one process removes the other no longer verifies', async () => {
    const file = temporaryFile();
    const [relay, commandLine] = [openFile(file), openFile(file)];
    const { id, secret } = await commandLine.add({});
    expect(await relay.verify(id, secret)).toBe(true);
    await commandLine.remove(id);
    expect(await relay.verify(id, secret)).toBe(false);
  });

  test('verifies secrets that were hashed at another cost', async () => {
    const file = temporaryFile();
    const { id, secret } = await openFile(file, { cost: CHEAP }).add({});
    expect(await openFile(file, { cost: { ...CHEAP, cost: 16 } }).verify(id, secret)).toBe(true);
  });
});
