/** Turns what a person does with the bot into INTERACTION_CREATE events. */
import { Answer } from './answer.ts';
import type { Channel } from './channel.ts';
import { ComponentNotThere } from './command-errors.ts';
import type { AutocompleteChoice } from './autocomplete.ts';
import { checkAllowed, focusedOptions, typedOptions, type CommandOptions } from './commands.ts';
import { intents } from './gateway-session.ts';
import type { Guild } from './guild.ts';
import type { Interaction, Occasion } from './interactions.ts';
import type { Json, JsonObject } from './json.ts';
import { messagePayload, type Message } from './messages.ts';
import { userPayload } from './world.ts';

const InteractionType = { command: 2, component: 3, completion: 4, modal: 5 } as const;
const chatInput = 1;
const actionRow = 1;
const textInput = 4;

/** The person who interacts. */
interface Actor {
  readonly id: string;
  readonly name: string;
  readonly guild: Guild;
  readonly locale: string;
}

export interface TypedCommand {
  readonly name: string;
  /** Subcommand group and subcommand. */
  readonly path: readonly string[];
  readonly values: CommandOptions;
}

/** @throws CommandNotRegistered, CommandNotAllowed, NoResponse */
export async function typeCommand(actor: Actor, channel: Channel, typed: TypedCommand): Promise<Answer> {
  const { world } = actor.guild;
  const definition = world.commands.find(actor.guild.id, typed.name);
  checkAllowed(definition, channel.permissionsOf(actor.id));
  const options = typedOptions(definition, typed.path, typed.values);
  const data = {
    id: definition['id'],
    name: typed.name,
    type: chatInput,
    options,
    resolved: resolvedFor(actor.guild, typed.values),
  };
  return await interact(actor, channel, {}, () => ({ type: InteractionType.command, data }));
}

/** @throws CommandNotRegistered, CommandNotAllowed, NoResponse */
export async function completeOption(
  actor: Actor,
  channel: Channel,
  typed: TypedCommand,
): Promise<readonly AutocompleteChoice[]> {
  const definition = actor.guild.world.commands.find(actor.guild.id, typed.name);
  checkAllowed(definition, channel.permissionsOf(actor.id));
  const { options, type } = focusedOptions(definition, typed.path, typed.values);
  const data = { id: definition['id'], name: typed.name, type: chatInput, options };
  const what = (): JsonObject => ({ type: InteractionType.completion, data });
  return (await interact(actor, channel, { completes: type }, what)).choices;
}

/** @throws ComponentNotThere, NoResponse */
export async function pressComponent(
  actor: Actor,
  on: Message | Answer,
  customId: string,
  values: readonly string[] | undefined,
): Promise<Answer> {
  const message = on instanceof Answer ? on.message : on;
  const component = message?.component(customId);
  if (!message || message.isDeleted || !component)
    throw new ComponentNotThere(`there is no ${customId} to press`);
  if (component['disabled'] === true) throw new ComponentNotThere(`${customId} is disabled`);
  const channel = actor.guild.channel(message.channelId);
  if (!channel) throw new ComponentNotThere(`the message is not in ${actor.guild.name}`);
  const { bot } = actor.guild.world;
  return await interact(actor, channel, { source: message }, () => ({
    type: InteractionType.component,
    data: { custom_id: customId, component_type: component['type'], ...(values ? { values } : {}) },
    message: messagePayload(message, userPayload(bot.id, bot.name, true)),
  }));
}

/** @throws ComponentNotThere, NoResponse */
export async function submitModal(
  actor: Actor,
  { modal, channelId }: Answer,
  fields: Readonly<Record<string, string>>,
): Promise<Answer> {
  const channel = actor.guild.channel(channelId);
  if (modal === undefined || !channel) throw new ComponentNotThere('no dialog is open');
  const components = Object.entries(fields).map(([customId, value]) => ({
    type: actionRow,
    components: [{ type: textInput, custom_id: customId, value }],
  }));
  const data = { custom_id: modal['custom_id'], components };
  return await interact(actor, channel, {}, () => ({ type: InteractionType.modal, data }));
}

async function interact(
  actor: Actor,
  channel: Channel,
  occasion: Omit<Occasion, 'channelId'>,
  what: () => JsonObject,
): Promise<Answer> {
  const { world } = actor.guild;
  return await world.interactions.begin({ ...occasion, channelId: channel.id }, (interaction) => {
    const data = { ...envelope(actor, channel, interaction), ...what() };
    actor.guild.tell('INTERACTION_CREATE', data, intents.always);
  });
}

function envelope(
  { guild, id, locale }: Actor,
  channel: Channel,
  { id: interactionId, token }: Interaction,
): JsonObject {
  const { bot } = guild.world;
  return {
    id: interactionId,
    application_id: bot.id,
    token,
    version: 1,
    guild_id: guild.id,
    guild: { id: guild.id, locale: guild.locale, features: [] },
    channel_id: channel.id,
    channel: { ...channel.payload, guild_id: guild.id, permissions: String(channel.permissionsOf(id)) },
    member: { ...guild.memberPayload(id), permissions: String(channel.permissionsOf(id)) },
    app_permissions: String(channel.permissionsOf(bot.id)),
    locale,
    guild_locale: guild.locale,
    entitlements: [],
    authorizing_integration_owners: { 0: guild.id },
    context: 0,
    attachment_size_limit: 10_485_760,
  };
}

/** What the ids among the options stand for: people and channels. */
function resolvedFor(guild: Guild, values: CommandOptions): Json {
  const ids = Object.values(values).filter((value) => typeof value === 'string');
  const people = ids.map((id) => guild.person(id)).filter((person) => person !== undefined);
  const channels = ids.map((id) => guild.channel(id)).filter((channel) => channel !== undefined);
  return {
    users: Object.fromEntries(
      people.map((person) => [person.id, userPayload(person.id, person.name, false)]),
    ),
    members: Object.fromEntries(people.map((person) => [person.id, guild.memberPayload(person.id)])),
    channels: Object.fromEntries(channels.map((channel) => [channel.id, channel.payload])),
  };
}
