/** Looks at a database file before it is used: one that a broken disk or a bad copy has damaged ends the start with a sentence. */
import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

/** SQLite's own codes (https://sqlite.org/rescode.html): SQLITE_CORRUPT and SQLITE_NOTADB. */
const DAMAGES: readonly unknown[] = [11, 26];
const BUSY_TIMEOUT_MS = 5000;

/**
 * @param file does not need to exist
 * @param loss what is gone when the program starts without the file: a sentence
 * @throws Error with the path and what to do, when the file is no database or is damaged. Whatever else is wrong with it
 *   is for who opens it to say
 */
export function assertWhole(file: string, loss: string): void {
  const fault = existsSync(file) ? faultOf(file) : undefined;
  if (fault === undefined) return;
  throw new Error(
    `${file} is damaged (${fault}). Put a backup in its place, or move it away and start again: an empty one is made then. ${loss}`,
  );
}

function faultOf(file: string): string | undefined {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MS });
    const verdict = database.prepare('PRAGMA quick_check(1)').get()?.['quick_check'];
    return verdict === 'ok' ? undefined : String(verdict);
  } catch (error) {
    const { errcode, message } = error as Error & { readonly errcode?: unknown };
    return DAMAGES.includes(errcode) ? message : undefined;
  } finally {
    database?.close();
  }
}
