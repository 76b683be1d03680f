/** Keeps one message in step with a show: posts it, edits it in place, posts it again when it was deleted, and closes it. */
import type { Clock } from '../system-clock.ts';
import { EditSchedule } from './edit-schedule.ts';

/** Where the message stands. Both calls may take long, and reject. */
export interface PanelMessages<Body> {
  /** Whether the bot may write there; asked before each posting, so that Discord need not refuse it. */
  mayPost(): boolean;
  /** @returns the message's id */
  post(body: Body): Promise<string>;
  /** @returns false when there is no such message any more */
  edit(messageId: string, body: Body): Promise<boolean>;
}

export interface PanelOptions<Body> {
  readonly messages: PanelMessages<Body>;
  readonly clock: Pick<Clock, 'nowMs' | 'every'>;
  /** What the message should say now. Cheap: called every second. */
  readonly view: () => Body;
  /** A message that stands there already, from before a restart. */
  readonly messageId?: string | undefined;
  /** It stands elsewhere now. */
  readonly onPosted?: ((messageId: string) => void) | undefined;
  /** Something did not work; the show goes on. */
  readonly onTrouble: (why: string) => void;
}

const LOOK_MS = 1000;

export class Panel<Body> {
  readonly #options: PanelOptions<Body>;
  readonly #schedule: EditSchedule;
  readonly #stopLooking: () => void;
  #messageId: string | undefined;
  #request: Promise<void> | undefined;
  #isOver = false;

  /** Posts at once. */
  constructor(options: PanelOptions<Body>) {
    this.#options = options;
    this.#messageId = options.messageId;
    this.#schedule = new EditSchedule(options.messageId !== undefined);
    this.#stopLooking = options.clock.every(LOOK_MS, () => this.#look());
    this.#look();
  }

  /** Where the panel is; undefined while there is none. */
  get messageId(): string | undefined {
    return this.#messageId;
  }

  /** Resolves when the first posting has come to an end, however it did. @returns whether the panel stands */
  async settled(): Promise<boolean> {
    await this.#request;
    return this.#messageId !== undefined;
  }

  /** Leaves the message as it is. */
  pause(): void {
    this.#isOver = true;
    this.#stopLooking();
  }

  /** The last edit; resolves when it has come to an end, however it did. */
  async close(last: Body): Promise<void> {
    this.pause();
    // Never two at a time, or the older text might come to stand last.
    await this.#request;
    if (this.#messageId === undefined) return;
    await this.#options.messages.edit(this.#messageId, last).catch((error: unknown) => this.#trouble(error));
  }

  #look(): void {
    const { clock, messages, view } = this.#options;
    if (this.#isOver || (this.#messageId === undefined && !messages.mayPost())) return;
    const body = view();
    const action = this.#schedule.next(JSON.stringify(body), clock.nowMs());
    if (action) this.#request = this.#act(body);
  }

  /** Never rejects. */
  async #act(body: Body): Promise<void> {
    const { clock, messages, onPosted } = this.#options;
    try {
      if (this.#messageId === undefined) {
        this.#messageId = await messages.post(body);
        this.#schedule.shown(clock.nowMs());
        onPosted?.(this.#messageId);
      } else if (await messages.edit(this.#messageId, body)) {
        this.#schedule.shown(clock.nowMs());
      } else {
        this.#messageId = undefined;
        this.#schedule.isGone(clock.nowMs());
      }
    } catch (error) {
      this.#schedule.failed(clock.nowMs());
      this.#trouble(error);
    }
  }

  #trouble(error: unknown): void {
    this.#options.onTrouble(error instanceof Error ? error.message : String(error));
  }
}
