/** Who is heard, each in a place of their own: nobody moves because somebody else comes or goes. */
import type { NamedSpeaker } from '../../src/protocol/podcast-facts.ts';
import type { SpeakerLevel } from '../sound/sound.ts';

/** A voice does not flicker between two words. */
const PAUSE_MS = 700;
/** Whoever has no name and was quiet for so long gives up the place. */
const ANONYMOUS_STAY_MS = 120_000;
/** More people than a Discord channel takes. */
const PLACES_MAX = 100;

export interface Place {
  /** u32. */
  readonly ssrc: number;
  /** As the host gives it; else they are someone, by number. */
  readonly name: string | undefined;
  /** 1, 2 … of those without a name. */
  readonly someone: number;
  /** 0 … 1. */
  readonly level: number;
  /** ms since 1970; 0 before they said anything. */
  readonly heardAtMs: number;
}

/** In the order in which they are shown; undefined where somebody has left. */
export type Places = readonly (Place | undefined)[];

export function isSpeaking(place: Place, nowMs: number): boolean {
  return place.heardAtMs > 0 && nowMs - place.heardAtMs < PAUSE_MS;
}

/**
 * Names come and go as the host says. A name that is taken back is gone at once; its voice, should it be heard again, is someone's.
 */
export function withNames(places: Places, speakers: readonly NamedSpeaker[]): Places {
  const names = new Map(speakers.map(({ ssrc, name }) => [ssrc, name]));
  const kept = places.map((place) => {
    if (!place) return undefined;
    const name = names.get(place.ssrc);
    names.delete(place.ssrc);
    if (name === place.name) return place;
    return name === undefined ? undefined : { ...place, name, someone: 0 };
  });
  const added = [...names].map(([ssrc, name]) => ({ ssrc, name, someone: 0, level: 0, heardAtMs: 0 }));
  return added.reduce(seated, trimmed(kept));
}

/** @param levels of those who speak now; all others are silent */
export function withLevels(places: Places, levels: readonly SpeakerLevel[], nowMs: number): Places {
  const heard = new Map(levels.map(({ ssrc, level }) => [ssrc, level]));
  const kept = places.map((place) => {
    if (!place) return undefined;
    const level = heard.get(place.ssrc);
    heard.delete(place.ssrc);
    if (level !== undefined) return { ...place, level, heardAtMs: nowMs };
    if (place.name === undefined && nowMs - place.heardAtMs > ANONYMOUS_STAY_MS) return undefined;
    return place.level === 0 ? place : { ...place, level: 0 };
  });
  let all: Places = trimmed(kept);
  for (const [ssrc, level] of heard) {
    all = seated(all, { ssrc, name: undefined, someone: freeNumber(all), level, heardAtMs: nowMs });
  }
  return all;
}

function seated(places: Places, place: Place): Places {
  const free = places.indexOf(undefined);
  if (free >= 0) return [...places.slice(0, free), place, ...places.slice(free + 1)];
  return places.length < PLACES_MAX ? [...places, place] : places;
}

function freeNumber(places: Places): number {
  const taken = new Set(places.map((place) => place?.someone));
  let number = 1;
  while (taken.has(number)) number += 1;
  return number;
}

/** Written out: browsers that have no `findLastIndex` can have the stream. */
function trimmed(places: Places): Places {
  let length = places.length;
  while (length > 0 && places[length - 1] === undefined) length -= 1;
  return places.slice(0, length);
}
