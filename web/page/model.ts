/** What the page knows of a podcast and of its own sound, and how that changes: no document, no socket, time from outside. */
import type { PodcastFacts } from '../../src/protocol/podcast-facts.ts';
import type { PodcastAnswer, Standing } from '../sound/podcast-poll.ts';
import type { SoundQuality, SoundState, SpeakerLevel } from '../sound/sound.ts';
import { withLevels, withNames, type Places } from './speakers.ts';

/** So long may the way by packets be without sound while the relay answers, before the other one is taken. */
const PATIENCE_MS = 12_000;
/** So often may it break off within a minute. */
const BREAKS_MAX = 3;
const BREAKS_WITHIN_MS = 60_000;
/** A clock that is off by less is right: an answer tells it to a second, and the time on air should not jump. */
const CLOCK_OFF_MS = 3000;

/** How the sound comes: every speaker's packets, or one stream for all. */
export type Way = 'packets' | 'stream';

interface Listening {
  readonly way: Way;
  readonly state: SoundState;
  /** ms since 1970: since when there is no sound, though there should be. */
  readonly troubleSinceMs: number | undefined;
  /** ms since 1970: the last times that it broke off. */
  readonly breaksAtMs: readonly number[];
  readonly quality: SoundQuality | undefined;
}

/** Why it stopped by itself. */
type Stopped = 'refused' | 'unable' | 'paused';

export interface Model {
  readonly facts: Omit<PodcastFacts, 'state'> & { readonly standing: Standing };
  /** Whether the relay answered when it was last asked. */
  readonly reachable: boolean;
  /** ms since 1970: when it last answered. */
  readonly answeredAtMs: number;
  /** How far the relay's clock is ahead of ours. */
  readonly aheadMs: number;
  /** undefined: nobody has pressed the button. */
  readonly listening: Listening | undefined;
  readonly stopped: Stopped | undefined;
  /** The way to begin with: the other one once it is known that packets do not work here. */
  readonly way: Way;
  readonly places: Places;
  /** 0 … 100. */
  readonly volumePercent: number;
  readonly muted: boolean;
  /** Whether an audio element is as loud as it is told to be. */
  readonly elementHasVolume: boolean;
}

/** @param facts as the page came from the relay */
export function modelOf(
  facts: PodcastFacts,
  volumePercent: number,
  nowMs: number,
  elementHasVolume: boolean,
): Model {
  const { state, ...others } = facts;
  return {
    facts: { ...others, standing: state },
    reachable: true,
    answeredAtMs: nowMs,
    aheadMs: 0,
    listening: undefined,
    stopped: undefined,
    way: 'packets',
    places: withNames([], facts.speakers),
    volumePercent,
    muted: false,
    elementHasVolume,
  };
}

export type Change =
  /** `paused`: not by who listens: a headset was unplugged, a call came in, the browser lets nothing sound. */
  | { readonly type: 'pressed' | 'play' | 'stop' | 'paused' | 'tick' }
  | { readonly type: 'mute' }
  | { readonly type: 'answer'; readonly answer: PodcastAnswer }
  | { readonly type: 'facts'; readonly facts: PodcastFacts }
  | { readonly type: 'sound'; readonly way: Way; readonly state: SoundState }
  | { readonly type: 'levels'; readonly levels: readonly SpeakerLevel[] }
  | { readonly type: 'quality'; readonly quality: SoundQuality }
  | { readonly type: 'volume'; readonly percent: number }
  | { readonly type: 'louder'; readonly byPercent: number };

function isOver({ facts: { standing } }: Model): boolean {
  return standing === 'ended' || standing === 'unknown';
}

/** Whether the relay is to be asked: nothing tells otherwise, or what should tell is in trouble. @param visible whether somebody looks */
export function asksRelay(model: Model, visible: boolean): boolean {
  if (isOver(model)) return false;
  const { listening } = model;
  return listening ? listening.way === 'packets' && listening.troubleSinceMs !== undefined : visible;
}

export function next(model: Model, change: Change, nowMs: number): Model {
  switch (change.type) {
    case 'pressed':
      return model.listening ? stoppedBy(model) : begun(model, nowMs);
    case 'play':
      return model.listening ? model : begun(model, nowMs);
    case 'stop':
      return stoppedBy(model);
    case 'paused':
      return stoppedBy(model, 'paused');
    case 'tick':
      return impatient(model, nowMs);
    case 'answer':
      return answered(model, change.answer, nowMs);
    case 'facts':
      return told(model, change.facts);
    case 'sound':
      return sounding(model, change.way, change.state, nowMs);
    case 'levels':
      return model.listening ? { ...model, places: withLevels(model.places, change.levels, nowMs) } : model;
    case 'quality':
      return measured(model, change.quality);
    case 'mute':
    case 'volume':
    case 'louder':
      break;
  }
  return { ...model, ...volumeAfter(model, change) };
}

type VolumeChange = Extract<Change, { readonly type: 'mute' | 'volume' | 'louder' }>;

/** Whoever moves it wants to hear it. */
function volumeAfter(model: Model, change: VolumeChange): Pick<Model, 'volumePercent' | 'muted'> {
  if (change.type === 'mute') return { volumePercent: model.volumePercent, muted: !model.muted };
  const percent = change.type === 'volume' ? change.percent : model.volumePercent + change.byPercent;
  return { volumePercent: bounded(percent), muted: false };
}

/** Of what plays: a last word of what has broken off tells nothing. */
function measured(model: Model, quality: SoundQuality): Model {
  const { listening } = model;
  return listening?.state === 'playing' ? { ...model, listening: { ...listening, quality } } : model;
}

function bounded(percent: number): number {
  return Math.min(100, Math.max(0, Math.round(percent)));
}

function begun(model: Model, nowMs: number): Model {
  return isOver(model) ? model : listeningBy(model, model.way, nowMs);
}

function listeningBy(model: Model, way: Way, nowMs: number): Model {
  const listening: Listening = {
    way,
    state: 'connecting',
    troubleSinceMs: nowMs,
    breaksAtMs: [],
    quality: undefined,
  };
  return { ...nobodyKnown(model), listening, way, stopped: undefined };
}

function stoppedBy(model: Model, stopped?: Stopped): Model {
  if (!model.listening) return model;
  return { ...nobodyKnown(model), listening: undefined, stopped };
}

/** Who speaks is told while one listens: a name that was taken back in the meantime must not stay. */
function nobodyKnown(model: Model): Model {
  return { ...model, facts: { ...model.facts, speakers: [] }, places: [] };
}

function answered(model: Model, answer: PodcastAnswer, nowMs: number): Model {
  if (answer.kind === 'unreachable') return { ...model, reachable: false };
  const reached: Model = { ...model, reachable: true, answeredAtMs: nowMs };
  if (answer.kind === 'busy') return reached;
  if (answer.kind === 'facts') {
    const clockIsRight = Math.abs(answer.aheadMs - model.aheadMs) < CLOCK_OFF_MS;
    return told(
      { ...reached, aheadMs: clockIsRight ? model.aheadMs : answer.aheadMs },
      {
        ...answer.facts,
        // An answer does not say who speaks.
        speakers: model.facts.speakers,
      },
    );
  }
  return over(reached, answer.kind === 'over' ? 'ended' : 'unknown');
}

function over(model: Model, standing: 'ended' | 'unknown'): Model {
  const { facts, ...others } = nobodyKnown(model);
  return { ...others, facts: { ...facts, standing }, listening: undefined };
}

function told(model: Model, { state, ...facts }: PodcastFacts): Model {
  if (isOver(model)) return model;
  const places = sameNames(facts.speakers, model.facts.speakers)
    ? model.places
    : withNames(model.places, facts.speakers);
  return { ...model, facts: { ...facts, standing: state }, places };
}

function sameNames(these: PodcastFacts['speakers'], those: PodcastFacts['speakers']): boolean {
  return JSON.stringify(these) === JSON.stringify(those);
}

function sounding(model: Model, way: Way, state: SoundState, nowMs: number): Model {
  const { listening } = model;
  if (!listening || listening.way !== way) return model;
  if (state === 'ended') return over(model, 'ended');
  if (state === 'refused') return stoppedBy(model, 'refused');
  if (state === 'unable') {
    return way === 'packets' ? listeningBy(model, 'stream', nowMs) : stoppedBy(model, 'unable');
  }
  const trouble = state === 'connecting' || state === 'reconnecting';
  const breaks = listening.breaksAtMs.filter((atMs) => nowMs - atMs < BREAKS_WITHIN_MS);
  const breaksOff = state === 'reconnecting' && listening.state !== 'reconnecting';
  return {
    ...model,
    listening: {
      ...listening,
      state,
      troubleSinceMs: trouble ? (listening.troubleSinceMs ?? nowMs) : undefined,
      breaksAtMs: breaksOff ? [...breaks, nowMs] : breaks,
      quality: state === 'playing' ? listening.quality : undefined,
    },
    places: trouble ? withLevels(model.places, [], nowMs) : model.places,
  };
}

/** Takes the stream where packets keep failing, though the relay can be reached. */
function impatient(model: Model, nowMs: number): Model {
  const { listening } = model;
  if (listening?.way !== 'packets' || listening.troubleSinceMs === undefined) return model;
  const { troubleSinceMs, breaksAtMs } = listening;
  const answers = model.reachable && model.answeredAtMs >= troubleSinceMs;
  const tooLong = nowMs - troubleSinceMs >= PATIENCE_MS;
  return answers && (tooLong || breaksAtMs.length > BREAKS_MAX) ? listeningBy(model, 'stream', nowMs) : model;
}
