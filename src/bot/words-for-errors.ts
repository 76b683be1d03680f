/** Which errors are written for people, and what they say. */
import { EndedError } from '../client/relay-socket.ts';
import { RestError } from '../client/rest-client.ts';
import type { Text } from '../texts/catalogue.ts';
import { Refusal } from './refusal.ts';

/** Undefined for an error that is written for nobody but the log. */
export function textOf(error: unknown): Text | undefined {
  if (error instanceof Refusal) return error.text;
  if (error instanceof RestError) return ({ relay }) => relay.refused(error);
  if (error instanceof EndedError) return ({ relay }) => relay.ended(error.ending);
  return undefined;
}
