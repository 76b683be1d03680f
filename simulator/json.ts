/** JSON as a type, and careful readers for JSON that somebody else sent. */

export type Json = string | number | boolean | null | undefined | readonly Json[] | JsonObject;

export interface JsonObject {
  readonly [key: string]: Json;
}

/** The value as an object; anything else reads as an empty one, as a lenient server does. */
export function asObject(value: Json): JsonObject {
  return typeof value === 'object' && value !== null && !isList(value) ? value : {};
}

/** The value as a list; anything else reads as an empty one. */
export function asList(value: Json): readonly Json[] {
  return isList(value) ? value : [];
}

/** The value if it is a string, else undefined. */
export function asText(value: Json): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** The value if it is a number, else undefined. */
export function asNumber(value: Json): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

/** Parses JSON text. @throws SyntaxError */
export function parseJson(text: string): Json {
  const parsed: Json = JSON.parse(text);
  return parsed;
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
