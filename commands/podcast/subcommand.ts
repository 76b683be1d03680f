/** What each subcommand of `/podcast` is. */
import type { SlashCommandSubcommandBuilder } from 'discord.js';
import type { Command } from '../../src/bot/command.ts';

export interface Subcommand extends Pick<Command, 'run' | 'suggest'> {
  /** Name and description are there already. */
  addOptions?(builder: SlashCommandSubcommandBuilder): SlashCommandSubcommandBuilder;
}
