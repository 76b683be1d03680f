/** What a person sees after a slash command or a button press: the bot's answer, and how it changes. */
import type { AutocompleteChoice } from './autocomplete.ts';
import type { Json, JsonObject } from './json.ts';
import type { Attachment, Message } from './messages.ts';

const patienceMs = 10_000;

/** What the bot did first. */
export type FirstReply = 'message' | 'deferred' | 'update' | 'deferred-update' | 'modal' | 'choices';

export class Answer {
  /** Where the person asked. */
  readonly channelId: string;
  /** What the bot did first; undefined until then. */
  firstReply: FirstReply | undefined;
  /** How long the person waited for it. */
  msToFirstReply = 0;
  /** The answer itself (for a button's update: the message with the button); undefined while it is only deferred. */
  message: Message | undefined;
  /** The dialog that was opened, if one was. */
  modal: JsonObject | undefined;
  /** What was suggested for an option that is being typed. */
  choices: readonly AutocompleteChoice[] = [];
  /** Further messages, oldest first. */
  readonly followUps: Message[] = [];
  #isDeferredEphemerally = false;
  #changes = 0;
  #onChange: (() => void)[] = [];

  constructor(channelId: string) {
    this.channelId = channelId;
  }

  /** Whether the bot asked for time first ("is thinking…"). */
  get deferred(): boolean {
    return this.firstReply === 'deferred';
  }

  /** Whether only the person who asked sees it. */
  get ephemeral(): boolean {
    return this.message?.isEphemeral ?? this.#isDeferredEphemerally;
  }

  get content(): string {
    return this.message?.content ?? '';
  }

  /** The content and what the components say. */
  get text(): string {
    return this.message?.text ?? '';
  }

  get components(): readonly Json[] {
    return this.message?.components ?? [];
  }

  get embeds(): readonly Json[] {
    return this.message?.embeds ?? [];
  }

  get attachments(): readonly Attachment[] {
    return this.message?.attachments ?? [];
  }

  /** Whether there is something to read: a deferred answer has been filled in, or taken back. */
  get isSettled(): boolean {
    return this.firstReply !== undefined && (!this.deferred || this.message !== undefined);
  }

  /**
   * Waits for the next change: an edit, a follow-up or a deletion.
   * @throws Error after ten seconds without one
   */
  async next(): Promise<this> {
    const before = this.#changes;
    await this.#until(() => this.#changes > before, 'did not change');
    return this;
  }

  /**
   * Waits until there is something to read.
   * @throws Error if a deferred answer is not filled in within ten seconds
   */
  async settled(): Promise<this> {
    await this.#until(() => this.isSettled, 'stayed deferred');
    return this;
  }

  /** Waits until the answer fulfils the condition. @throws Error after ten seconds */
  async until(condition: (answer: this) => boolean): Promise<this> {
    await this.#until(() => condition(this), 'did not become what was waited for');
    return this;
  }

  /** The simulator's side: the bot asked for time. */
  defer(isEphemeral: boolean): void {
    this.#isDeferredEphemerally = isEphemeral;
  }

  /** The simulator's side: something has changed. */
  noteChange(): void {
    this.#changes += 1;
    const waiting = this.#onChange;
    this.#onChange = [];
    for (const check of waiting) check();
  }

  async #until(isSo: () => boolean, complaint: string): Promise<void> {
    const deadlineMs = Date.now() + patienceMs;
    while (!isSo()) {
      const leftMs = deadlineMs - Date.now();
      if (leftMs <= 0)
        throw new Error(`the answer ${complaint} within ${patienceMs} ms; it reads: ${this.text}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, leftMs);
        this.#onChange.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }
}
