/** What a podcast's listeners are told of it, as its channel has it now (protocol.md §4, event 8). */
import { activeSinceMs } from '../podcast/podcast.ts';
import type { PodcastFacts } from '../protocol/podcast-facts.ts';
import type { Channel } from './channel.ts';

/** Undefined once it has ended: of that, End and the close code tell. */
export function factsOf({ podcast, listeners, listenersBy, speakers }: Channel): PodcastFacts | undefined {
  const { about, state } = podcast;
  if (state.name === 'ended') return undefined;
  return {
    state: state.name,
    title: about.title,
    guild: about.guild,
    activeSinceMs: activeSinceMs(state),
    listeners,
    listenersBy: { ...listenersBy },
    speakers,
  };
}
