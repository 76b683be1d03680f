/** What a relay says of a podcast that is on air, for tests that change what they are about. */
import type { PodcastFacts } from '../../src/protocol/podcast-facts.ts';

export function facts(changes: Partial<PodcastFacts> = {}): PodcastFacts {
  return {
    state: 'live',
    title: 'Purl and Tell',
    guild: 'Knitting Circle',
    activeSinceMs: Date.now() - 754_000,
    listeners: 57,
    listenersBy: { websocket: 0, udp: 0, guilds: 0, page: 57, radio: 0, hls: 0 },
    speakers: [],
    ...changes,
  };
}
