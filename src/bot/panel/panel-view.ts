/** What the panel of a show says: the one message that stands in the channel's own chat while it is on air. Pure. */
import {
  type APIButtonComponentWithCustomId,
  type APIComponentInContainer,
  type APIContainerComponent,
  ButtonStyle,
  ComponentType,
  MessageFlags,
  TimestampStyles,
  channelMention,
  time,
} from 'discord.js';
import type { ListenerKind, Visibility } from '../../protocol/rest.ts';
import type { Catalogue } from '../../texts/catalogue.ts';
import { plain } from '../plain-text.ts';
import type { Sound } from './sound-meter.ts';

/** How many listen, and by which way, as far as the relay tells. */
export interface ListenerCount {
  readonly total: number;
  readonly by?: Readonly<Record<ListenerKind, number>> | undefined;
}

export interface PanelFacts {
  /** As it was typed. */
  readonly title: string;
  readonly visibility: Visibility;
  /** The channel that is on air. */
  readonly channelId: string;
  /** ms since 1970. */
  readonly startedAtMs: number;
  /** Nobody is broadcast here who has not said yes. */
  readonly isOptIn: boolean;
  /** Listeners are told the names of those who speak. */
  readonly showsNames: boolean;
  /** Names of those who speak right now, as they stand in a message. */
  readonly speaking: readonly string[];
  readonly listeners: ListenerCount;
  /** `away`: the bot is out of its channel, or the relay out of its reach. */
  readonly sound: Sound | { readonly is: 'away' };
  /** People in the channel who are not broadcast. */
  readonly offAir: number;
}

/** A message of Discord's second kind of components: with this flag it has no `content`. */
export interface PanelBody {
  readonly flags: MessageFlags.IsComponentsV2;
  readonly components: readonly [APIContainerComponent];
}

export const PANEL_BUTTONS = {
  stop: 'show:stop',
  link: 'show:link',
  offAir: 'show:off-air',
  onAir: 'show:on-air',
} as const;

const RED = 0xed_42_45;
const GREY = 0x80_84_8e;
/** A message of this kind holds 4000 characters, and a name up to 32 that may all need escaping. */
const NAMES_MAX = 10;

/** The panel of a show that runs. */
export function livePanel(facts: PanelFacts, { onAir }: Catalogue): PanelBody {
  const { panel, buttons } = onAir;
  const notice = [
    `## ${panel.heading}`,
    panel.notice(plain(facts.title), channelMention(facts.channelId)),
    facts.isOptIn ? panel.optIn : panel.optOut,
    ...(facts.showsNames ? [panel.names] : []),
  ];
  return body(RED, [
    text(notice),
    { type: ComponentType.Separator },
    text(linesOf(facts, panel)),
    {
      type: ComponentType.ActionRow,
      components: [
        button(PANEL_BUTTONS.stop, buttons.stop, ButtonStyle.Danger),
        button(PANEL_BUTTONS.link, buttons.link, ButtonStyle.Primary),
        button(PANEL_BUTTONS.offAir, buttons.offAir, ButtonStyle.Secondary),
        button(PANEL_BUTTONS.onAir, buttons.onAir, ButtonStyle.Secondary),
      ],
    },
  ]);
}

/** What stays of it: for how long, and how many listened at most. */
export function endedPanel(
  show: { readonly title: string; readonly lastedMs: number; readonly listenersMax: number },
  { onAir }: Catalogue,
): PanelBody {
  const howLong = duration(show.lastedMs, onAir.language);
  return body(GREY, [text([onAir.panel.ended(plain(show.title), howLong, show.listenersMax)])]);
}

/** The panel of a show that did not go on after a restart. @param sentence why, for people */
export function lostPanel(sentence: string): PanelBody {
  return body(GREY, [text([`⚫ ${sentence}`])]);
}

function linesOf(facts: PanelFacts, panel: Catalogue['onAir']['panel']): string[] {
  const since = time(Math.round(facts.startedAtMs / 1000), TimestampStyles.RelativeTime);
  return [
    `${panel.since(since)} · ${panel.visibility[facts.visibility]}`,
    panel.speaking(namesOf(facts.speaking, panel)),
    panel.listening(listenersOf(facts.listeners, panel)),
    panel.sound(soundOf(facts.sound, panel)),
    ...(facts.offAir > 0 ? [`-# ${panel.offAir(facts.offAir)}`] : []),
  ];
}

function namesOf(speaking: readonly string[], panel: Catalogue['onAir']['panel']): string {
  if (speaking.length === 0) return panel.nobody;
  const names = speaking.slice(0, NAMES_MAX).map((name) => `**${name}**`);
  const others = speaking.length - names.length;
  return [...names, ...(others > 0 ? [panel.others(others)] : [])].join(', ');
}

function listenersOf({ total, by }: ListenerCount, panel: Catalogue['onAir']['panel']): string {
  if (!by) return String(total);
  const kinds = [
    [by.guilds, panel.servers],
    [by.page, panel.page],
    [by.websocket + by.udp, panel.apps],
    [by.radio, panel.radio],
    [by.hls, panel.hls],
  ] as const;
  const parts = kinds.flatMap(([count, words]) => (count > 0 ? [words(count)] : []));
  return parts.length > 0 ? `${total} (${parts.join(' · ')})` : String(total);
}

function soundOf(sound: PanelFacts['sound'], panel: Catalogue['onAir']['panel']): string {
  if (sound.is === 'lossy') return panel.lost(sound.percent);
  if (sound.is === 'undecryptable') return panel.undecryptable(sound.people);
  return panel[sound.is];
}

/** In hours and minutes; below one minute in seconds. */
function duration(ms: number, language: string): string {
  const seconds = Math.max(1, Math.round(ms / 1000));
  const minutes = Math.round(ms / 60_000);
  const unit = (count: number, name: 'hour' | 'minute' | 'second'): string =>
    new Intl.NumberFormat(language, { style: 'unit', unit: name, unitDisplay: 'long' }).format(count);
  if (seconds < 60) return unit(seconds, 'second');
  const hours = Math.floor(minutes / 60);
  const parts = [
    ...(hours > 0 ? [unit(hours, 'hour')] : []),
    ...(minutes % 60 > 0 || hours === 0 ? [unit(minutes % 60, 'minute')] : []),
  ];
  return new Intl.ListFormat(language, { type: 'unit' }).format(parts);
}

function body(accentColor: number, components: APIComponentInContainer[]): PanelBody {
  return {
    flags: MessageFlags.IsComponentsV2,
    components: [{ type: ComponentType.Container, accent_color: accentColor, components }],
  };
}

function text(lines: readonly string[]): APIComponentInContainer {
  return { type: ComponentType.TextDisplay, content: lines.join('\n') };
}

function button(
  customId: string,
  label: string,
  style: APIButtonComponentWithCustomId['style'],
): APIButtonComponentWithCustomId {
  return { type: ComponentType.Button, custom_id: customId, label, style };
}
