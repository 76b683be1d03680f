/** Everything by which people in and around a channel can tell that it is on air: the marker, the panel, the spoken notice. */
import { setTimeout as pause } from 'node:timers/promises';
import { Locale, type VoiceBasedChannel } from 'discord.js';
import type { Logger } from 'pino';
import type { Catalogue } from '../../texts/catalogue.ts';
import { catalogueFor } from '../../texts/languages.ts';
import { OnAirMarker, type Unmarked } from '../marker/on-air-marker.ts';
import type { VoiceStatuses } from '../marker/voice-statuses.ts';
import { NoticePlayer, type NoticeVoice } from '../notice/notice-player.ts';
import { noticeFrames } from '../notice/notice-speech.ts';
import { panelMessagesIn } from '../panel/panel-messages.ts';
import {
  type ListenerCount,
  type PanelBody,
  type PanelFacts,
  endedPanel,
  livePanel,
} from '../panel/panel-view.ts';
import { Panel } from '../panel/panel.ts';

/** What was there before a restart, of a show that goes on. */
export interface EarlierSigns extends Unmarked {
  /** Where the panel is, if it was posted. */
  readonly panelMessageId: string | null;
}

export interface OnAirSignsOptions {
  readonly channel: VoiceBasedChannel;
  readonly title: string;
  readonly statuses: VoiceStatuses;
  readonly earlier?: EarlierSigns | undefined;
  readonly log: Logger;
  /** How the show goes. */
  readonly facts: () => Omit<PanelFacts, 'listeners'>;
  /** Asks the relay; may reject. */
  readonly listeners: () => Promise<ListenerCount>;
  readonly voice: () => NoticeVoice | undefined;
  /** `panelMessageId` is another now. */
  readonly onPanelPosted: () => void;
}

/** Going on air waits no longer than this for a slow Discord. */
const MARK_MS = 1000;
/** How often the relay is asked how many listen. */
const LISTENERS_MS = 5000;

const clock = {
  nowMs: (): number => performance.now(),
  every(periodMs: number, task: () => void): () => void {
    const timer = setInterval(task, periodMs);
    return () => clearInterval(timer);
  },
  after(delayMs: number, task: () => void): void {
    setTimeout(task, delayMs).unref();
  },
};

export class OnAirSigns {
  readonly #options: OnAirSignsOptions;
  readonly #catalogue: Catalogue;
  readonly #marker: OnAirMarker;
  #panel: Panel<PanelBody> | undefined;
  #notice: NoticePlayer | undefined;
  #listeners: ListenerCount = { total: 0 };
  #listenersMax = 0;
  #stopAsking: (() => void) | undefined;
  #isOver = false;

  constructor(options: OnAirSignsOptions) {
    const { channel, title, statuses, earlier, log } = options;
    this.#options = options;
    this.#catalogue = catalogueFor(channel.guild.preferredLocale ?? Locale.EnglishUS);
    this.#marker = new OnAirMarker({
      channel,
      statuses,
      status: this.#catalogue.onAir.status(title),
      before: earlier,
      onTrouble: (why) => log.warn({ guild: channel.guildId, why }, 'cannot mark the channel'),
    });
  }

  /** What a restart has to know to put everything back in the end. */
  get earlier(): EarlierSigns {
    return { ...this.#marker.before, panelMessageId: this.panelMessageId ?? null };
  }

  /** The message whose buttons are this show's; undefined while there is none. */
  get panelMessageId(): string | undefined {
    return this.#panel?.messageId;
  }

  /**
   * Marks the channel; resolves when that is done, or has taken a second.
   * @param onUnmarked Discord took neither mark, possibly later than that
   */
  async mark(onUnmarked: () => void): Promise<void> {
    await Promise.race([this.#showMarks(onUnmarked), pause(MARK_MS, undefined, { ref: false })]);
  }

  /** On air: the panel, and for a show that has just begun the notice. */
  announce(): void {
    const { channel, earlier, log, onPanelPosted } = this.#options;
    if (this.#isOver) return;
    this.#stopAsking = clock.every(LISTENERS_MS, () => void this.#askForListeners());
    this.#panel = new Panel({
      messages: panelMessagesIn(channel),
      clock,
      view: () => livePanel({ ...this.#options.facts(), listeners: this.#listeners }, this.#catalogue),
      messageId: earlier?.panelMessageId ?? undefined,
      onPosted: onPanelPosted,
      onTrouble: (why) => log.warn({ channel: channel.id, why }, 'the panel'),
    });
    if (!earlier) void this.#playNotice();
  }

  /** Resolves when it is known. @returns whether people in the channel can read that they are on air */
  async areRead(): Promise<boolean> {
    return (await this.#panel?.settled()) ?? false;
  }

  /** The show is over: the marks come off, and the panel says what it was. Never rejects; as slow as Discord. */
  async remove(): Promise<void> {
    this.pause();
    const { title, startedAtMs } = this.#options.facts();
    const lastedMs = Date.now() - startedAtMs;
    const ended = endedPanel({ title, lastedMs, listenersMax: this.#listenersMax }, this.#catalogue);
    await Promise.all([this.#marker.remove(), this.#panel?.close(ended)]);
  }

  /** Leaves everything as it is, for a program that goes on with the show after a restart. */
  pause(): void {
    this.#isOver = true;
    this.#stopAsking?.();
    this.#notice?.stop();
    this.#panel?.pause();
  }

  async #showMarks(onUnmarked: () => void): Promise<void> {
    const isMarked = await this.#marker.show();
    if (!isMarked && !this.#isOver) onUnmarked();
  }

  async #askForListeners(): Promise<void> {
    try {
      this.#listeners = await this.#options.listeners();
      this.#listenersMax = Math.max(this.#listenersMax, this.#listeners.total);
    } catch {
      // What was last known stands; that the relay is away shows elsewhere.
    }
  }

  async #playNotice(): Promise<void> {
    const { log, voice } = this.#options;
    try {
      const frames = await noticeFrames(this.#catalogue.onAir.language);
      if (!this.#isOver) this.#notice = new NoticePlayer({ frames, clock, voice });
    } catch (error) {
      log.error({ err: error }, 'the spoken notice');
    }
  }
}
