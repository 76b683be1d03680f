/** What a slash command is to the bot: how Discord shows it, and what it does. */
import type {
  ChatInputCommandInteraction,
  RESTPostAPIChatInputApplicationCommandsJSONBody,
} from 'discord.js';
import type { Broadcasts } from './broadcast/broadcasts.ts';

export interface CommandContext {
  readonly broadcasts: Broadcasts;
  /** With which somebody adds this bot to another guild. */
  readonly inviteUrl: string;
}

export interface Command {
  readonly json: RESTPostAPIChatInputApplicationCommandsJSONBody;
  /** Answers within 3 s, or defers within 3 s and answers then. May throw a `Refusal`. */
  run(interaction: ChatInputCommandInteraction<'cached'>, context: CommandContext): Promise<void>;
}
