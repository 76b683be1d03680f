/** Brings each slash command to its code, and whatever goes wrong there back to the person as a sentence. */
import {
  type ChatInputCommandInteraction,
  type Client,
  Events,
  type Interaction,
  MessageFlags,
} from 'discord.js';
import type { Logger } from 'pino';
import { RestError } from '../client/rest-client.ts';
import { EndedError } from '../client/relay-socket.ts';
import type { Command, CommandContext } from './command.ts';
import { Refusal } from './refusal.ts';

/** @returns a function that resolves when the commands that run right now are answered */
export function handleInteractions(
  client: Client,
  commands: readonly Command[],
  context: CommandContext,
  log: Logger,
): () => Promise<void> {
  const byName = new Map(commands.map((command) => [command.json.name, command]));
  const running = new Set<Promise<void>>();
  client.on(Events.InteractionCreate, (interaction: Interaction) => {
    if (!interaction.isChatInputCommand()) return;
    const answered = handle(interaction, byName.get(interaction.commandName), context, log);
    running.add(answered);
    void answered.then(() => running.delete(answered));
  });
  return async () => {
    await Promise.all(running);
  };
}

/** Never rejects. */
async function handle(
  interaction: ChatInputCommandInteraction,
  command: Command | undefined,
  context: CommandContext,
  log: Logger,
): Promise<void> {
  try {
    // A server's commands can be there without the bot: it was removed, or added without its membership.
    if (!interaction.inCachedGuild())
      throw new Refusal(`I am not in this server. Add me: ${context.inviteUrl}`);
    if (!command)
      throw new Refusal('I do not have this command any more. Reload Discord to see those I have.');
    await command.run(interaction, context);
  } catch (error) {
    const sentence = sentenceOf(error);
    if (sentence === undefined)
      log.error({ err: error, command: interaction.commandName }, 'a command failed');
    const content = sentence ?? 'That did not work, and the fault is mine. It is in my log.';
    await answer(interaction, content).catch((failure: Error) => {
      log.warn({ why: failure.message }, 'could not answer a command');
    });
  }
}

/** Only for the person who asked, whether the command had answered before or not. */
async function answer(interaction: ChatInputCommandInteraction, content: string): Promise<void> {
  if (interaction.deferred) await interaction.editReply(content);
  else if (interaction.replied) await interaction.followUp({ content, flags: MessageFlags.Ephemeral });
  else await interaction.reply({ content, flags: MessageFlags.Ephemeral });
}

/** The errors that are written for people. */
function sentenceOf(error: unknown): string | undefined {
  if (error instanceof RestError && error.code === 'capacity') {
    return `${error.message} Try again when another podcast has ended.`;
  }
  const isForPeople = error instanceof Refusal || error instanceof RestError || error instanceof EndedError;
  return isForPeople ? error.message : undefined;
}
