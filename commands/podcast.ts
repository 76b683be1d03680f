/** `/podcast`: what this bot does, one subcommand a file. */
import {
  type AutocompleteInteraction,
  ApplicationIntegrationType,
  type ChatInputCommandInteraction,
  InteractionContextType,
  SlashCommandBuilder,
} from 'discord.js';
import { described } from '../src/bot/command-texts.ts';
import type { Command } from '../src/bot/command.ts';
import type { CommandKey } from '../src/texts/catalogue.ts';
import { invite } from './podcast/invite.ts';
import { leave } from './podcast/leave.ts';
import { list } from './podcast/list.ts';
import { listen } from './podcast/listen.ts';
import { offair } from './podcast/offair.ts';
import { onair } from './podcast/onair.ts';
import { settings } from './podcast/settings.ts';
import { start } from './podcast/start.ts';
import { status } from './podcast/status.ts';
import { stop } from './podcast/stop.ts';
import { volume } from './podcast/volume.ts';
import type { Subcommand } from './podcast/subcommand.ts';

/** By name, which is also their key in the catalogue of texts. */
const SUBCOMMANDS: Readonly<Partial<Record<CommandKey, Subcommand>>> = {
  start,
  stop,
  status,
  listen,
  leave,
  volume,
  list,
  invite,
  offair,
  onair,
  settings,
};

function json(): Command['json'] {
  const builder = described(new SlashCommandBuilder(), 'podcast')
    .setContexts(InteractionContextType.Guild)
    .setIntegrationTypes(ApplicationIntegrationType.GuildInstall);
  for (const [key, subcommand] of Object.entries(SUBCOMMANDS) as [CommandKey, Subcommand][]) {
    builder.addSubcommand((empty) => {
      const named = described(empty, key);
      return subcommand.addOptions?.(named) ?? named;
    });
  }
  return builder.toJSON();
}

export const podcast: Command = {
  json: json(),
  async run(interaction, context) {
    await typed(interaction)?.run(interaction, context);
  },
  async suggest(interaction, context) {
    return (await typed(interaction)?.suggest?.(interaction, context)) ?? [];
  },
};

function typed({ options }: ChatInputCommandInteraction | AutocompleteInteraction): Subcommand | undefined {
  return SUBCOMMANDS[options.getSubcommand() as CommandKey];
}
