/** Everything by which people in and around a channel can tell that it is on air: the marker, the panel, the spoken notice. */
import { setTimeout as pause } from 'node:timers/promises';
import type { VoiceBasedChannel } from 'discord.js';
import type { Logger } from 'pino';
import type { Visibility } from '../../protocol/rest.ts';
import type { Catalogue } from '../../texts/catalogue.ts';
import { catalogueFor } from '../../texts/languages.ts';
import type { Consent } from '../consent/consent.ts';
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
import { systemClock } from '../system-clock.ts';
import { peopleIn } from '../voice/voice-presence.ts';

/** What was there before a restart, of a show that goes on. */
export interface EarlierSigns extends Unmarked {
  /** Where the panel is, if it was posted. */
  readonly panelMessageId: string | null;
}

export interface OnAirSignsOptions {
  readonly channel: VoiceBasedChannel;
  readonly title: string;
  readonly visibility: Visibility;
  /** ms since 1970. */
  readonly startedAtMs: number;
  readonly consent: Pick<Consent, 'isOnAir' | 'isOptIn' | 'showsNames'>;
  readonly statuses: VoiceStatuses;
  readonly earlier?: EarlierSigns | undefined;
  readonly log: Logger;
  /** How the show goes right now. */
  readonly now: () => Pick<PanelFacts, 'speaking' | 'sound'>;
  /** Begins to tell how many listen. @returns what ends it */
  readonly followListeners: (onCount: (listeners: ListenerCount) => void) => () => void;
  readonly voice: () => NoticeVoice | undefined;
  /** `panelMessageId` is another now. */
  readonly onPanelPosted: () => void;
}

/** Going on air waits no longer than this for a slow Discord. */
const MARK_MS = 1000;

export class OnAirSigns {
  readonly #options: OnAirSignsOptions;
  readonly #catalogue: Catalogue;
  readonly #marker: OnAirMarker;
  #panel: Panel<PanelBody> | undefined;
  #notice: NoticePlayer | undefined;
  #listeners: ListenerCount = { total: 0 };
  #listenersMax = 0;
  #stopFollowing: (() => void) | undefined;
  #isMarked: boolean;
  #isOver = false;

  constructor(options: OnAirSignsOptions) {
    const { channel, title, statuses, earlier, log } = options;
    this.#options = options;
    this.#isMarked = earlier !== undefined;
    this.#catalogue = catalogueFor(channel.guild.preferredLocale);
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
    this.#isMarked = true;
    await Promise.race([this.#showMarks(onUnmarked), pause(MARK_MS, undefined, { ref: false })]);
  }

  /** On air: the panel, and for a show that has just begun the notice. */
  announce(): void {
    const { channel, earlier, log, followListeners, onPanelPosted } = this.#options;
    if (this.#isOver) return;
    this.#stopFollowing = followListeners((listeners) => {
      this.#listeners = listeners;
      this.#listenersMax = Math.max(this.#listenersMax, listeners.total);
    });
    this.#panel = new Panel({
      messages: panelMessagesIn(channel),
      clock: systemClock,
      view: () => livePanel(this.#facts(), this.#catalogue),
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

  /** Whether marks were asked for, and nobody has asked to take them off yet. */
  get isMarked(): boolean {
    return this.#isMarked;
  }

  /** The show is over: takes the marks off. Never rejects; as slow as Discord. While the bot is still in the channel: the status takes that. */
  async unmark(): Promise<void> {
    this.#pause();
    this.#isMarked = false;
    await this.#marker.remove();
  }

  /** The panel says what the show was. Never rejects; as slow as Discord. */
  async close(): Promise<void> {
    this.#pause();
    const { title, startedAtMs } = this.#options;
    const show = { title, lastedMs: Date.now() - startedAtMs, listenersMax: this.#listenersMax };
    await this.#panel?.close(endedPanel(show, this.#catalogue));
  }

  /** The program goes on with the show after a restart: the marks stay, and the panel says that the bot is away. Never rejects. */
  async suspend(): Promise<void> {
    this.#pause();
    await this.#panel?.close(livePanel({ ...this.#facts(), sound: { is: 'away' } }, this.#catalogue));
  }

  #pause(): void {
    this.#isOver = true;
    this.#stopFollowing?.();
    this.#notice?.stop();
    this.#panel?.pause();
  }

  #facts(): PanelFacts {
    const { channel, title, visibility, startedAtMs, consent, now } = this.#options;
    const { id: channelId, guildId } = channel;
    return {
      ...now(),
      title,
      visibility,
      channelId,
      startedAtMs,
      isOptIn: consent.isOptIn(guildId),
      showsNames: consent.showsNames(guildId),
      listeners: this.#listeners,
      offAir: peopleIn(channel).filter((userId) => !consent.isOnAir(guildId, userId)).length,
    };
  }

  async #showMarks(onUnmarked: () => void): Promise<void> {
    const isMarked = await this.#marker.show();
    if (!isMarked && !this.#isOver) onUnmarked();
  }

  async #playNotice(): Promise<void> {
    const { log, voice } = this.#options;
    try {
      const frames = await noticeFrames(this.#catalogue.onAir.language);
      if (!this.#isOver) this.#notice = new NoticePlayer({ frames, clock: systemClock, voice });
    } catch (error) {
      log.error({ err: error }, 'the spoken notice');
    }
  }
}
