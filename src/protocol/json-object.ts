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

/** @param what it is a part of, for the sentence. @throws ContractError (4002) unless there is an SSRC, a u32 */
export function ssrcIn({ ssrc }: JsonObject, what: string): number {
  if (typeof ssrc === 'number' && Number.isInteger(ssrc) && ssrc >= 0 && ssrc < 2 ** 32) return ssrc;
  throw invalidPayload(`${what} whose ssrc is not a whole number of 32 bits`);
}
