/** What a slash command and a button are to the bot: how Discord shows them, and what they do. */
import type {
  ApplicationCommandOptionChoiceData,
  AutocompleteInteraction,
  ButtonInteraction,
  ChatInputCommandInteraction,
  RESTPostAPIChatInputApplicationCommandsJSONBody,
} from 'discord.js';
import type { Audiences } from './audience/audiences.ts';
import type { PodcastDirectory } from './audience/podcast-directory.ts';
import type { Broadcasts } from './broadcast/broadcasts.ts';
import type { Consent } from './consent/consent.ts';

export interface CommandContext {
  readonly broadcasts: Broadcasts;
  readonly consent: Consent;
  readonly audiences: Audiences;
  readonly directory: PodcastDirectory;
  /** With which somebody adds this bot to another guild. */
  readonly inviteUrl: string;
}

export interface Command {
  readonly json: RESTPostAPIChatInputApplicationCommandsJSONBody;
  /** Answers within 3 s, or defers within 3 s and answers then. May throw a `Refusal`. */
  run(interaction: ChatInputCommandInteraction<'cached'>, context: CommandContext): Promise<void>;
  /** What fits what is being typed at an option, best first. Whatever it throws, and whatever takes long, suggests nothing. */
  suggest?(
    interaction: AutocompleteInteraction<'cached'>,
    context: CommandContext,
  ): Promise<readonly ApplicationCommandOptionChoiceData[]>;
}

/** All buttons whose `custom_id` is this name, or begins with it and a colon. */
export interface ButtonHandler {
  readonly name: string;
  /** @param argument what stands behind the colon; empty without one. Otherwise as `Command.run`. */
  press(interaction: ButtonInteraction<'cached'>, context: CommandContext, argument: string): Promise<void>;
}
