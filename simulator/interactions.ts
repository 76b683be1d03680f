/** Slash commands and button presses on their way: the tokens that the bot answers with, and the answers. */
import { randomUUID } from 'node:crypto';
import { Answer, type FirstReply } from './answer.ts';
import { choiceFaults, readChoices, type FormErrors } from './autocomplete.ts';
import { NoResponse } from './command-errors.ts';
import { asNumber, asObject, type JsonObject } from './json.ts';
import type { Message, MessageBoard, UploadedFile } from './messages.ts';
import type { Snowflakes } from './snowflake.ts';

/** How long the bot has for its first reply. */
const replyWindowMs = 3000;
/** How long a token is good for. */
const tokenLifeMs = 15 * 60_000;
/** Enough for any test, and little enough for a demonstration that runs for days. */
const rememberedLimit = 500;
const ephemeralFlag = 1 << 6;

/** Interaction callback types. */
const firstReplies: Readonly<Record<number, FirstReply>> = {
  4: 'message',
  5: 'deferred',
  6: 'deferred-update',
  7: 'update',
  8: 'choices',
  9: 'modal',
};

/** A failure as Discord's API tells it. */
export interface ApiFailure {
  readonly status: number;
  readonly code: number;
  readonly message: string;
  /** Which fields are at fault. */
  readonly errors?: FormErrors;
}

const unknownInteraction: ApiFailure = { status: 404, code: 10_062, message: 'Unknown interaction' };
const alreadyAcknowledged: ApiFailure = {
  status: 400,
  code: 40_060,
  message: 'Interaction has already been acknowledged.',
};
const invalidForm: ApiFailure = { status: 400, code: 50_035, message: 'Invalid Form Body' };

/** What a person does that the bot is to answer. */
export interface Occasion {
  readonly channelId: string;
  /** The message whose button was pressed. */
  readonly source?: Message | undefined;
  /** The type of the option that is being typed, if the bot is to suggest choices for it. */
  readonly completes?: number;
}

export interface Interaction {
  readonly id: string;
  readonly token: string;
  readonly channelId: string;
  readonly answer: Answer;
  readonly startedAtMs: number;
  /** The message whose button was pressed. */
  readonly source: Message | undefined;
  /** The type of the option that is being typed, if this asks for choices. */
  readonly completes: number | undefined;
  /** Called with the first reply. */
  onReply: () => void;
}

export class Interactions {
  readonly #snowflakes: Snowflakes;
  readonly #messages: MessageBoard;
  readonly #byToken = new Map<string, Interaction>();

  constructor(snowflakes: Snowflakes, messages: MessageBoard) {
    this.#snowflakes = snowflakes;
    this.#messages = messages;
  }

  /**
   * Starts an interaction and waits for its first reply.
   * @param send tells the bot of it
   * @throws NoResponse after three seconds without a reply
   */
  async begin(
    { channelId, source, completes }: Occasion,
    send: (interaction: Interaction) => void,
  ): Promise<Answer> {
    const interaction: Interaction = {
      id: this.#snowflakes.next(),
      token: `interaction-${randomUUID()}`,
      channelId,
      answer: new Answer(channelId),
      startedAtMs: performance.now(),
      source,
      completes,
      onReply: () => {},
    };
    this.#remember(interaction);
    const replied = new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(new NoResponse(`the application did not respond within ${replyWindowMs} ms`));
      }, replyWindowMs).unref();
      interaction.onReply = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    send(interaction);
    await replied;
    return interaction.answer;
  }

  /** The interaction behind a webhook token that is still good: it has been replied to, less than 15 minutes ago. */
  answered(token: string): Interaction | undefined {
    const interaction = this.#byToken.get(token);
    if (interaction?.answer.firstReply === undefined) return undefined;
    return performance.now() - interaction.startedAtMs < tokenLifeMs ? interaction : undefined;
  }

  /** The first reply. @returns the interaction, or why it cannot be replied to */
  reply(token: string, body: JsonObject, files: readonly UploadedFile[]): Interaction | ApiFailure {
    const interaction = this.#byToken.get(token);
    if (!interaction) return unknownInteraction;
    const { answer } = interaction;
    if (answer.firstReply !== undefined) return alreadyAcknowledged;
    const waitedMs = performance.now() - interaction.startedAtMs;
    if (waitedMs > replyWindowMs) return unknownInteraction;
    const firstReply = firstReplies[asNumber(body['type']) ?? 0];
    // Whoever types an option is only ever answered with choices, and nobody else is.
    const isAsked = (firstReply === 'choices') === (interaction.completes !== undefined);
    if (firstReply === undefined || !isAsked) return invalidForm;
    const errors =
      firstReply === 'choices' && choiceFaults(asObject(body['data']), interaction.completes ?? 0);
    if (errors) return { ...invalidForm, errors };
    answer.firstReply = firstReply;
    answer.msToFirstReply = waitedMs;
    this.#apply(interaction, firstReply, asObject(body['data']), files);
    interaction.onReply();
    return interaction;
  }

  /** Edits a message of the answer; without one, this fills a deferred answer in. */
  edit(
    { answer, channelId }: Interaction,
    message: Message | undefined,
    body: JsonObject,
    files: readonly UploadedFile[],
  ): Message {
    const flags = (answer.ephemeral ? ephemeralFlag : 0) | (asNumber(body['flags']) ?? 0);
    const edited = message
      ? this.#messages.edit(message, body, files)
      : this.#messages.compose(channelId, { ...body, flags }, files);
    answer.message ??= edited;
    answer.noteChange();
    return edited;
  }

  delete({ answer }: Interaction, message: Message): void {
    this.#messages.delete(message);
    answer.noteChange();
  }

  followUp({ answer, channelId }: Interaction, body: JsonObject, files: readonly UploadedFile[]): Message {
    const message = this.#messages.compose(channelId, body, files);
    answer.followUps.push(message);
    answer.noteChange();
    return message;
  }

  /** The channel is gone, and the answers in it. */
  forgetMessages(channelId: string): void {
    for (const { answer } of this.#byToken.values()) {
      if (answer.channelId !== channelId) continue;
      for (const message of [answer.message, ...answer.followUps]) if (message) message.isDeleted = true;
      answer.noteChange();
    }
  }

  #apply(
    interaction: Interaction,
    reply: FirstReply,
    data: JsonObject,
    files: readonly UploadedFile[],
  ): void {
    const { answer, source, channelId } = interaction;
    switch (reply) {
      case 'message':
        answer.message = this.#messages.compose(channelId, data, files);
        break;
      case 'deferred':
        answer.defer(((asNumber(data['flags']) ?? 0) & ephemeralFlag) !== 0);
        break;
      case 'update':
        answer.message = source;
        if (source) this.#messages.edit(source, data, files);
        break;
      case 'deferred-update':
        answer.message = source;
        break;
      case 'modal':
        answer.modal = data;
        break;
      case 'choices':
        answer.choices = readChoices(data);
        break;
    }
  }

  #remember(interaction: Interaction): void {
    this.#byToken.set(interaction.token, interaction);
    const [oldest] = this.#byToken.keys();
    if (this.#byToken.size > rememberedLimit && oldest !== undefined) this.#byToken.delete(oldest);
  }
}
