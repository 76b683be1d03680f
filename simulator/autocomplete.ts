/** Choices that a bot suggests while somebody types an option: what of them Discord refuses. */
import { asList, asNumber, asObject, asText, type Json, type JsonObject } from './json.ts';

const choiceLimit = 25;
const longestText = 100;
const optionType = { text: 3, integer: 4 } as const;

/** One suggestion, as the bot sent it. */
export interface AutocompleteChoice {
  /** What the person reads. */
  readonly name: string;
  /** What they read in their own language, by locale. */
  readonly name_localizations?: Readonly<Record<string, string>>;
  /** What is typed in if they choose it. */
  readonly value: string | number;
}

/** A fault in a request body, in the shape of Discord's error 50035: `_errors` at the place of the fault. */
export type FormErrors = JsonObject;

/**
 * What is wrong with the `data` of a callback of type 8; undefined if nothing is.
 * @param type of the option that is typed
 */
export function choiceFaults(data: JsonObject, type: number): FormErrors | undefined {
  const choices = data['choices'];
  if (choices === undefined || choices === null) return at('choices', required);
  const list = asList(choices);
  if (list.length > choiceLimit) {
    return at('choices', fault('BASE_TYPE_MAX_LENGTH', `Must be ${choiceLimit} or fewer in length.`));
  }
  const faults = list.flatMap((choice, index): [string, Json][] => {
    const found = faultsOf(asObject(choice), type);
    return Object.keys(found).length > 0 ? [[String(index), found]] : [];
  });
  return faults.length > 0 ? { data: { choices: Object.fromEntries(faults) } } : undefined;
}

/** The choices of a callback that has no faults. */
export function readChoices(data: JsonObject): readonly AutocompleteChoice[] {
  return asList(data['choices']).map((choice) => {
    const { name, name_localizations: localized, value } = asObject(choice);
    const names = Object.entries(asObject(localized)).flatMap(([locale, text]) =>
      typeof text === 'string' ? [[locale, text] as const] : [],
    );
    return {
      name: asText(name) ?? '',
      ...(names.length > 0 ? { name_localizations: Object.fromEntries(names) } : {}),
      value: asNumber(value) ?? asText(value) ?? '',
    };
  });
}

const required = fault('BASE_TYPE_REQUIRED', 'This field is required');
const badLength = fault('BASE_TYPE_BAD_LENGTH', `Must be between 1 and ${longestText} in length.`);

function faultsOf(choice: JsonObject, type: number): JsonObject {
  const name = nameFault(choice['name']);
  const value = valueFault(choice['value'], type);
  const localized = Object.entries(asObject(choice['name_localizations'])).flatMap(([locale, text]) => {
    const found = text === null ? undefined : nameFault(text);
    return found ? [[locale, found] as const] : [];
  });
  return {
    ...(name ? { name } : {}),
    ...(localized.length > 0 ? { name_localizations: Object.fromEntries(localized) } : {}),
    ...(value ? { value } : {}),
  };
}

function nameFault(name: Json): JsonObject | undefined {
  if (typeof name !== 'string' || name === '') return required;
  return name.length > longestText ? badLength : undefined;
}

function valueFault(value: Json, type: number): JsonObject | undefined {
  if (type === optionType.text) return nameFault(value);
  if (typeof value !== 'number') return required;
  const isOfItsType = type !== optionType.integer || Number.isInteger(value);
  return isOfItsType ? undefined : fault('NUMBER_TYPE_COERCE', `Value "${value}" is not int.`);
}

function fault(code: string, message: string): JsonObject {
  return { _errors: [{ code, message }] };
}

function at(field: string, found: JsonObject): FormErrors {
  return { data: { [field]: found } };
}
