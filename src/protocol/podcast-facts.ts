/** What those who listen are told of a podcast while they do, and who speaks as its host says (protocol.md §4, events 8 and 9). */
import { invalidPayload } from './close-codes.ts';
import { isJsonObject, type JsonObject, ssrcIn } from './json-object.ts';
import { SPEAKER_NAME_MAX_CHARACTERS, SPEAKERS_MAX } from './limits.ts';
import { LISTENER_KINDS, type ListenerKind } from './rest.ts';

const STATES = ['created', 'live', 'interrupted'] as const;

/** One of those who speak, as the host names them; a host that names nobody leaves them anonymous. */
export interface NamedSpeaker {
  /** u32. */
  readonly ssrc: number;
  readonly name: string;
}

export interface PodcastFacts {
  /** Whether it has a host, has not had one yet, or waits for its own to come back. */
  readonly state: (typeof STATES)[number];
  readonly title: string;
  /** The community that it comes from; empty when its host does not say. */
  readonly guild: string;
  /** ms since 1970; null until a host has connected. */
  readonly activeSinceMs: number | null;
  /** The sum of `listenersBy`. */
  readonly listeners: number;
  readonly listenersBy: Readonly<Record<ListenerKind, number>>;
  readonly speakers: readonly NamedSpeaker[];
}

/** The host says who speaks: all of them, each time. */
export interface SpeakersEvent {
  readonly type: 'speakers';
  readonly speakers: readonly NamedSpeaker[];
}

/** Facts as they stand in JSON. */
export function factsData(facts: PodcastFacts): JsonObject {
  const { state, title, guild, activeSinceMs, listeners, listenersBy, speakers } = facts;
  return {
    state,
    title,
    guild,
    active_since: activeSinceMs,
    listeners,
    listeners_by: listenersBy,
    speakers,
  };
}

/**
 * Facts out of JSON. Unknown fields and kinds of listeners are passed over, and a kind that is missing counts as none, so
 * that a later relay can say more and an earlier one less.
 * @throws ContractError (4002) when a field has another shape
 */
export function factsIn(data: JsonObject): PodcastFacts {
  const { title, guild, active_since: activeSinceMs, listeners, listeners_by: by } = data;
  const state = STATES.find((name) => name === data['state']);
  if (!state) throw invalidPayload('a Podcast whose state is none');
  if (typeof title !== 'string' || typeof guild !== 'string') {
    throw invalidPayload('a Podcast without title and guild');
  }
  if (activeSinceMs !== null && typeof activeSinceMs !== 'number') {
    throw invalidPayload('a Podcast whose active_since is neither a number nor null');
  }
  if (!isCount(listeners) || !isJsonObject(by)) {
    throw invalidPayload('a Podcast without listeners and listeners_by');
  }
  const { speakers } = speakersIn(data, 'a Podcast');
  return { state, title, guild, activeSinceMs, listeners, listenersBy: countsIn(by), speakers };
}

/**
 * The list of those who speak; of entries with the same SSRC the last counts, and one without a name is left out.
 * @param what it is a part of, for the sentence
 * @throws ContractError (4002) for what is no such list, and for one that is too long
 */
export function speakersIn({ speakers }: JsonObject, what: string): SpeakersEvent {
  if (!Array.isArray(speakers)) throw invalidPayload(`${what} without a list of speakers`);
  if (speakers.length > SPEAKERS_MAX) {
    throw invalidPayload(`${what} with ${speakers.length} speakers: ${SPEAKERS_MAX} is the most`);
  }
  const names = new Map<number, string>();
  for (const entry of speakers as readonly unknown[]) {
    if (!isJsonObject(entry)) throw invalidPayload(`${what} with a speaker that is no object`);
    names.set(ssrcIn(entry, `${what} with a speaker`), nameIn(entry, what));
  }
  const named = [...names].map(([ssrc, name]) => ({ ssrc, name }));
  return { type: 'speakers', speakers: named.filter(({ name }) => name !== '') };
}

/** A name without what could disturb the text around it: control characters, line breaks, and what turns its direction. */
export function plainName(name: string): string {
  return name.replaceAll(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, '').trim();
}

function nameIn({ name }: JsonObject, what: string): string {
  if (typeof name !== 'string') throw invalidPayload(`${what} with a speaker whose name is no text`);
  if (name.length <= SPEAKER_NAME_MAX_CHARACTERS) return plainName(name);
  throw invalidPayload(
    `${what} with a name of ${name.length} characters: ${SPEAKER_NAME_MAX_CHARACTERS} is the most`,
  );
}

function countsIn(by: JsonObject): Record<ListenerKind, number> {
  const counts = LISTENER_KINDS.map((kind): [ListenerKind, number] => {
    const count = by[kind] ?? 0;
    if (!isCount(count)) throw invalidPayload(`a Podcast whose listeners_by.${kind} is no number from 0`);
    return [kind, count];
  });
  return Object.fromEntries(counts) as Record<ListenerKind, number>;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
