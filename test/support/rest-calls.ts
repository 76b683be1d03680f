/** What the tests of REST share: the one shape of errors, and bytes that no HTTP library would send. */
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect } from 'vitest';
import { REST_ERRORS, type RestErrorCode } from '../../src/protocol/rest.ts';
import type { call } from './naive-client.ts';

/** Holds an answer against the row of the table, and its sentence against a pattern; no cache may keep it. */
export async function expectError(
  answer: ReturnType<typeof call>,
  code: RestErrorCode,
  sentence?: RegExp,
): Promise<void> {
  const { status, body, headers } = await answer;
  expect(body).toEqual({ error: code, message: expect.stringMatching(sentence ?? /^[A-Z].*\.$/) });
  expect(status).toBe(REST_ERRORS[code].status);
  // Some caches keep 404 and 410 for a while unless they are told not to (RFC 9111 §4.2.2).
  expect(headers.get('cache-control')).toBe('no-store');
}

/** Sends bytes that are no proper HTTP and returns what comes back. */
export async function sendRaw(port: number, bytes: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.write(bytes);
  return text(socket);
}
