/** The slash commands that the bot has registered, and what typing one sends. */
import { CommandNotAllowed, CommandNotRegistered } from './command-errors.ts';
import { asList, asNumber, asObject, asText, type Json, type JsonObject } from './json.ts';
import { holds } from './permissions.ts';

/** What a person fills into a command's options; people and channels are given by id. */
export type CommandOptions = Readonly<Record<string, string | number | boolean>>;

const OptionType = {
  subcommand: 1,
  subcommandGroup: 2,
  text: 3,
  integer: 4,
  boolean: 5,
  user: 6,
  channel: 7,
  role: 8,
  mentionable: 9,
  number: 10,
} as const;

const chatInput = 1;

export class Commands {
  readonly #global = new Map<string, JsonObject>();
  readonly #ofGuild = new Map<string, Map<string, JsonObject>>();

  /** Replaces the registered commands: a guild's, or those of every guild. @param definitions with ids */
  replace(guildId: string | undefined, definitions: readonly JsonObject[]): void {
    const list = this.#list(guildId);
    list.clear();
    for (const definition of definitions) list.set(nameOf(definition), definition);
  }

  /** The registered commands of a guild, or those of every guild. */
  all(guildId: string | undefined): readonly JsonObject[] {
    return [...this.#list(guildId).values()];
  }

  /** @throws CommandNotRegistered */
  find(guildId: string, name: string): JsonObject {
    const found = this.#ofGuild.get(guildId)?.get(name) ?? this.#global.get(name);
    if (found && (asNumber(found['type']) ?? chatInput) === chatInput) return found;
    const names = [...this.#global.keys(), ...(this.#ofGuild.get(guildId)?.keys() ?? [])];
    throw new CommandNotRegistered(
      `/${name} is not registered; registered are: ${names.join(', ') || 'none'}`,
    );
  }

  #list(guildId: string | undefined): Map<string, JsonObject> {
    if (guildId === undefined) return this.#global;
    const list = this.#ofGuild.get(guildId) ?? new Map<string, JsonObject>();
    this.#ofGuild.set(guildId, list);
    return list;
  }
}

/**
 * Checks that a person with these permissions finds the command in the picker.
 * @throws CommandNotAllowed
 */
export function checkAllowed(command: JsonObject, permissions: bigint): void {
  const name = nameOf(command);
  if (!holds(permissions, 'UseApplicationCommands'))
    throw new CommandNotAllowed(`no commands may be used here`);
  const needed = asText(command['default_member_permissions']);
  if (needed === undefined || holds(permissions, 'Administrator')) return;
  // 0 stands for administrators alone.
  if (needed === '0' || (permissions & BigInt(needed)) !== BigInt(needed)) {
    throw new CommandNotAllowed(`/${name} needs permissions ${needed}, and this person has ${permissions}`);
  }
}

/**
 * The `options` of an interaction for what was typed after the command's name.
 * @param path the names of subcommand group and subcommand, as far as the command has them
 * @throws CommandNotRegistered if the command has no such options, or values that do not fit them
 */
export function typedOptions(command: JsonObject, path: readonly string[], values: CommandOptions): Json[] {
  const [next, ...rest] = path;
  if (next !== undefined) {
    const branch = branchOf(command, next);
    return [{ name: next, type: branch['type'], options: typedOptions(branch, rest, values) }];
  }
  const declared = asList(command['options']).map(asObject);
  if (declared.some(isBranch)) throw new CommandNotRegistered(`/${nameOf(command)} needs a subcommand`);
  for (const name of Object.keys(values)) optionOf(command, name);
  return declared.flatMap((option) => typedOption(option, values[nameOf(option)]));
}

/**
 * The `options` of an autocompletion, as far as they are typed; the option named last is the one that is being typed.
 * @throws CommandNotRegistered if the command has no such options, or does not complete the last
 */
export function focusedOptions(
  command: JsonObject,
  path: readonly string[],
  values: CommandOptions,
): { readonly options: Json[]; readonly type: number } {
  const branch = path.reduce(branchOf, command);
  const focused = Object.keys(values).at(-1) ?? '';
  let type: number | undefined;
  const options = Object.entries(values).map(([name, value]): JsonObject => {
    const option = optionOf(branch, name);
    const isFocused = name === focused;
    if (isFocused && option['autocomplete'] === true) type = asNumber(option['type']);
    // What is half typed is text, whatever it will be in the end.
    return {
      name,
      type: option['type'],
      ...(isFocused ? { value: String(value), focused: true } : { value }),
    };
  });
  if (type === undefined) throw new CommandNotRegistered(`option ${focused} has no autocompletion`);
  const nested = path.reduceRight<Json[]>((inner, name, depth) => {
    const parent = path.slice(0, depth + 1).reduce(branchOf, command);
    return [{ name, type: parent['type'], options: inner }];
  }, options);
  return { options: nested, type };
}

function branchOf(command: JsonObject, name: string): JsonObject {
  const branch = asList(command['options'])
    .map(asObject)
    .find((option) => option['name'] === name && isBranch(option));
  if (!branch) throw new CommandNotRegistered(`/${nameOf(command)} has no subcommand ${name}`);
  return branch;
}

function optionOf(command: JsonObject, name: string): JsonObject {
  const option = asList(command['options'])
    .map(asObject)
    .find((declared) => declared['name'] === name && !isBranch(declared));
  if (!option) throw new CommandNotRegistered(`/${nameOf(command)} has no option ${name}`);
  return option;
}

function typedOption(option: JsonObject, value: string | number | boolean | undefined): Json[] {
  const name = nameOf(option);
  if (value === undefined) {
    if (option['required'] === true) throw new CommandNotRegistered(`option ${name} is required`);
    return [];
  }
  if (!fits(option, value))
    throw new CommandNotRegistered(`option ${name} does not take ${JSON.stringify(value)}`);
  return [{ name, type: option['type'], value }];
}

function fits(option: JsonObject, value: string | number | boolean): boolean {
  const choices = asList(option['choices']).map((choice) => asObject(choice)['value']);
  if (choices.length > 0 && !choices.includes(value)) return false;
  switch (asNumber(option['type']) ?? OptionType.text) {
    case OptionType.boolean:
      return typeof value === 'boolean';
    case OptionType.integer:
      return Number.isInteger(value) && isWithin(option['min_value'], Number(value), option['max_value']);
    case OptionType.number:
      return typeof value === 'number' && isWithin(option['min_value'], value, option['max_value']);
    case OptionType.text:
      return typeof value === 'string' && isWithin(option['min_length'], value.length, option['max_length']);
    default:
      return typeof value === 'string';
  }
}

function isWithin(least: Json, value: number, most: Json): boolean {
  return value >= (asNumber(least) ?? -Infinity) && value <= (asNumber(most) ?? Infinity);
}

function isBranch(option: JsonObject): boolean {
  return option['type'] === OptionType.subcommand || option['type'] === OptionType.subcommandGroup;
}

function nameOf(named: JsonObject): string {
  return asText(named['name']) ?? '';
}
