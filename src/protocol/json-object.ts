/** Reads JSON that a stranger sent as the object that it has to be. */
import { invalidPayload } from './close-codes.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

/**
 * @param what it is meant to be, for the sentence: `an event`
 * @throws ContractError (4002) when it is not JSON, or no object
 */
export function readJsonObject(json: string, what: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw invalidPayload(`${what} that is not JSON`);
  }
  if (!isJsonObject(value)) throw invalidPayload(`${what} that is not a JSON object`);
  return value;
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
