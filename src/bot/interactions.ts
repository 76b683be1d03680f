/** Brings each slash command and button to its code, and whatever goes wrong there back to the person as a sentence. */
import { setTimeout as pause } from 'node:timers/promises';
import {
  type AutocompleteInteraction,
  type ButtonInteraction,
  type ChatInputCommandInteraction,
  type Client,
  Events,
  type Interaction,
  MessageFlags,
} from 'discord.js';
import type { Logger } from 'pino';
import { catalogueFor } from '../texts/languages.ts';
import type { ButtonHandler, Command, CommandContext } from './command.ts';
import { Refusal } from './refusal.ts';
import { textOf } from './words-for-errors.ts';

/** What there is to interact with. */
export interface Interactive {
  readonly commands: readonly Command[];
  readonly buttons: readonly ButtonHandler[];
}

type Answerable = ChatInputCommandInteraction | ButtonInteraction;

/** Discord takes no more. */
const SUGGESTIONS_MAX = 25;
/** Discord waits 3 s for suggestions, the way there and back included. */
const SUGGESTIONS_MS = 2000;

/** @returns a function that resolves when what runs right now is answered */
export function handleInteractions(
  client: Client,
  interactive: Interactive,
  context: CommandContext,
  log: Logger,
): () => Promise<void> {
  const desk = new InteractionDesk(interactive, context, log);
  client.on(Events.InteractionCreate, (interaction) => desk.take(interaction));
  return async () => await desk.answered();
}

class InteractionDesk {
  readonly #commands: ReadonlyMap<string, Command>;
  readonly #buttons: ReadonlyMap<string, ButtonHandler>;
  readonly #context: CommandContext;
  readonly #log: Logger;
  readonly #running = new Set<Promise<void>>();

  constructor({ commands, buttons }: Interactive, context: CommandContext, log: Logger) {
    this.#commands = new Map(commands.map((command) => [command.json.name, command]));
    this.#buttons = new Map(buttons.map((button) => [button.name, button]));
    this.#context = context;
    this.#log = log;
  }

  take(interaction: Interaction): void {
    const answered = this.#handle(interaction);
    if (!answered) return;
    this.#running.add(answered);
    void answered.then(() => this.#running.delete(answered));
  }

  async answered(): Promise<void> {
    await Promise.all(this.#running);
  }

  /** The promise never rejects. */
  #handle(interaction: Interaction): Promise<void> | undefined {
    if (interaction.isChatInputCommand()) {
      return this.#guarded(interaction, interaction.commandName, async () => await this.#run(interaction));
    }
    if (interaction.isButton()) {
      return this.#guarded(interaction, interaction.customId, async () => await this.#press(interaction));
    }
    return interaction.isAutocomplete() ? this.#suggest(interaction) : undefined;
  }

  async #run(interaction: ChatInputCommandInteraction): Promise<void> {
    const command = this.#commands.get(interaction.commandName);
    if (!interaction.inCachedGuild()) throw this.#notHere();
    if (!command) throw new Refusal(({ answers }) => answers.commandGone);
    await command.run(interaction, this.#context);
  }

  async #press(interaction: ButtonInteraction): Promise<void> {
    const [name = '', ...argument] = interaction.customId.split(':');
    const button = this.#buttons.get(name);
    if (!interaction.inCachedGuild()) throw this.#notHere();
    if (!button) throw new Refusal(({ answers }) => answers.buttonGone);
    await button.press(interaction, this.#context, argument.join(':'));
  }

  async #suggest(interaction: AutocompleteInteraction): Promise<void> {
    try {
      if (!interaction.inCachedGuild()) return;
      const command = this.#commands.get(interaction.commandName);
      const soon = pause(SUGGESTIONS_MS, [], { ref: false });
      const found = command?.suggest?.(interaction, this.#context).catch((error: unknown) => {
        this.#log.warn({ err: error, command: interaction.commandName }, 'no suggestions');
        return [];
      });
      const suggestions = await Promise.race([found, soon]);
      await interaction.respond((suggestions ?? []).slice(0, SUGGESTIONS_MAX));
    } catch (error) {
      this.#log.warn({ why: (error as Error).message }, 'could not suggest anything');
    }
  }

  async #guarded(interaction: Answerable, what: string, act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      const text = textOf(error);
      if (!text) this.#log.error({ err: error, what }, 'a command failed');
      const words = catalogueFor(interaction.locale);
      const content = text?.(words) ?? words.answers.myFault;
      await answer(interaction, content).catch((failure: Error) => {
        this.#log.warn({ why: failure.message }, 'could not answer a command');
      });
    }
  }

  /** A server's commands can be there without the bot: it was removed, or added without its membership. */
  #notHere(): Refusal {
    const { inviteUrl } = this.#context;
    return new Refusal(({ answers }) => answers.notInServer({ inviteUrl }));
  }
}

/** Only for the person who asked, whether there was an answer before or not. */
async function answer(interaction: Answerable, content: string): Promise<void> {
  // A button that asked for time to change its own message has no reply that could be edited.
  const hasReply = interaction.deferred && interaction.ephemeral !== null;
  if (hasReply) await interaction.editReply(content);
  else if (interaction.replied || interaction.deferred)
    await interaction.followUp({ content, flags: MessageFlags.Ephemeral });
  else await interaction.reply({ content, flags: MessageFlags.Ephemeral });
}
