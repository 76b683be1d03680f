/** What the page shows of what it knows: words, numbers and names of looks, without a document. */
import { asClock } from '../../src/texts/numbers.ts';
import type { PageTexts } from '../../src/texts/page-texts.ts';
import { windowTitle } from '../../src/texts/window-title.ts';
import type { SoundQuality, SoundState } from '../sound/sound.ts';
import type { Model } from './model.ts';
import { isSpeaking, type Place } from './speakers.ts';

/** Of what was to be heard; more than that is noticed. */
const LOST_LITTLE = 0.01;
const LOST_MUCH = 0.05;
const SECOND_MS = 1000;

/** What is going on, for looks: each is told apart by more than its colour. */
type Mood = 'ready' | 'before' | 'busy' | 'playing' | 'away' | 'over';

export interface SpeakerView {
  readonly name: string;
  readonly speaking: boolean;
  /** 0 … 1. */
  readonly level: number;
}

export interface View {
  readonly mood: Mood;
  /** Of the sound while it is wanted, else of the podcast. */
  readonly state: SoundState | 'created' | 'live' | 'unknown';
  /** Of the window. */
  readonly windowTitle: string;
  readonly title: string;
  readonly guild: string;
  /** Of the podcast, in a few words. */
  readonly standing: string;
  readonly onAir: boolean;
  /** `1:02:03`; empty when it is not on air. */
  readonly onAirFor: string;
  readonly listeners: string;
  readonly button: { readonly label: string; readonly stops: boolean; readonly enabled: boolean };
  /** Of the sound, in a sentence; it is also said aloud. */
  readonly message: string;
  readonly connection: {
    readonly grade: keyof PageTexts['player']['quality'] | 'none';
    /** The way of the sound, and its delay when it is known. */
    readonly way: string;
    /** The grade in words. */
    readonly quality: string;
  };
  readonly volume: {
    readonly percent: number;
    readonly text: string;
    readonly muteLabel: string;
    /** Else only the device's own buttons set it. */
    readonly isSettable: boolean;
  };
  readonly muted: boolean;
  /** 0 … 1: all voices together. */
  readonly loudness: number;
  /** By place; undefined leaves it empty. */
  readonly speakers: readonly (SpeakerView | undefined)[];
  /** Instead of speakers. */
  readonly noSpeakers: string;
}

/**
 * @param podcastId for a podcast without a title
 * @param nowMs on the model's clock
 * @param wallMs ms since 1970 on the computer's, which goes on while it sleeps, and may be set
 */
export function viewOf(
  model: Model,
  texts: PageTexts,
  podcastId: number,
  nowMs: number,
  wallMs: number,
): View {
  const { facts, listening, volumePercent, muted } = model;
  const title = facts.title || texts.untitled(podcastId);
  const mood = moodOf(model);
  return {
    mood,
    state: listening?.state ?? facts.standing,
    windowTitle: `${mood === 'playing' ? '▶ ' : ''}${windowTitle(title)}`,
    title,
    guild: facts.guild,
    standing: texts.states[facts.standing],
    onAir: facts.standing === 'live',
    onAirFor: onAirFor(model, wallMs),
    listeners: mood === 'over' ? '' : texts.listeners(facts.listeners),
    button: {
      label: listening ? texts.player.stop : texts.player.play,
      stops: listening !== undefined,
      enabled: mood !== 'over',
    },
    message: messageOf(model, texts),
    connection: connectionView(model, texts),
    volume: {
      percent: volumePercent,
      text: muted ? texts.player.muted : texts.player.volumeAt(volumePercent),
      muteLabel: muted ? texts.player.unmute : texts.player.mute,
      isSettable: model.way === 'packets' || model.elementHasVolume,
    },
    muted,
    loudness: loudnessOf(model),
    speakers: model.places.map((place) => place && speakerView(place, texts, nowMs)),
    noSpeakers: noSpeakers(model, texts),
  };
}

/** Of a stream nobody knows it. */
function loudnessOf({ listening, places }: Model): number {
  if (listening?.state !== 'playing') return 0;
  return listening.way === 'stream' ? 1 : Math.max(0, ...places.map((place) => place?.level ?? 0));
}

function moodOf({ facts: { standing }, listening }: Model): Mood {
  if (standing === 'ended' || standing === 'unknown') return 'over';
  return listening ? MOODS[listening.state] : MOOD_BEFORE[standing];
}

const MOOD_BEFORE = { created: 'before', live: 'ready', interrupted: 'away' } as const;
const MOODS: Readonly<Record<SoundState, Mood>> = {
  connecting: 'busy',
  waiting: 'before',
  playing: 'playing',
  interrupted: 'away',
  reconnecting: 'busy',
  ended: 'over',
  refused: 'ready',
  unable: 'ready',
};

function messageOf(model: Model, { messages }: PageTexts): string {
  const { facts, listening, stopped, reachable } = model;
  const { standing } = facts;
  if (standing === 'ended' || standing === 'unknown') return messages[standing];
  if (stopped) return messages[stopped];
  if (!listening) return reachable ? messages.before[standing] : messages.unreachable;
  const { state } = listening;
  // What else there is has ended it.
  if (state === 'ended' || state === 'refused' || state === 'unable') return messages[state];
  return messages.during[state];
}

function onAirFor({ facts: { standing, activeSinceMs }, aheadMs }: Model, wallMs: number): string {
  if (activeSinceMs === null || (standing !== 'live' && standing !== 'interrupted')) return '';
  return asClock(wallMs + aheadMs - activeSinceMs);
}

function gradeOf({ lostShare }: SoundQuality): keyof PageTexts['player']['quality'] {
  if (lostShare < LOST_LITTLE) return 'good';
  return lostShare < LOST_MUCH ? 'fair' : 'poor';
}

function connectionView({ listening }: Model, { player, language }: PageTexts): View['connection'] {
  if (!listening) return { grade: 'none', way: '', quality: '' };
  const way = player.way[listening.way];
  // Direct says nothing without a number.
  if (!listening.quality) return { grade: 'none', way: listening.way === 'stream' ? way : '', quality: '' };
  const grade = gradeOf(listening.quality);
  const delay = player.delay(delayText(listening.quality.delayMs, language));
  return { grade, way: `${way} · ${delay}`, quality: player.quality[grade] };
}

/** Below a second in steps of 10 ms, so that the number stands still; `120 ms`, `1.2 s` */
export function delayText(ms: number, language: string): string {
  const [value, unit] =
    ms < SECOND_MS ? [Math.round(ms / 10) * 10, 'millisecond'] : [ms / SECOND_MS, 'second'];
  const digits = { maximumFractionDigits: ms < 10 * SECOND_MS ? 1 : 0 };
  return new Intl.NumberFormat(language, { style: 'unit', unit, ...digits }).format(value);
}

function speakerView(place: Place, { speakers }: PageTexts, nowMs: number): SpeakerView {
  const speaking = isSpeaking(place, nowMs);
  return {
    name: place.name ?? speakers.someone(place.someone),
    speaking,
    level: speaking ? place.level : 0,
  };
}

function noSpeakers({ listening, places, facts: { standing } }: Model, { speakers }: PageTexts): string {
  if (places.length > 0 || standing === 'ended' || standing === 'unknown') return '';
  if (!listening) return speakers.notYet;
  return listening.way === 'stream' ? speakers.notInStream : speakers.nobody;
}
