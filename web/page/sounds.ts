/** Makes the sound of the page, by the one way or by the other. */
import type { PageClock } from '../sound/page-clock.ts';
import type { PodcastAnswer } from '../sound/podcast-poll.ts';
import { PacketSound } from '../sound/packet-sound.ts';
import type { Sound, SoundEvents } from '../sound/sound.ts';
import { StreamSound } from '../sound/stream-sound.ts';
import type { Way } from './model.ts';
import { SilentLoop } from './silent-loop.ts';

export interface SoundsOptions {
  readonly relay: URL;
  /** Of the document's element that has id, key and addresses. */
  readonly dataset: DOMStringMap;
  readonly clock: PageClock;
  readonly ask: () => Promise<PodcastAnswer>;
  /** Somebody else stopped it: a headset was unplugged, a call came in. */
  readonly onPaused: () => void;
}

/** Both ways share one audio element: once the button was pressed, browsers let that element play on. */
export function soundsOf(options: SoundsOptions): (way: Way, events: SoundEvents) => Sound {
  const { dataset, clock, ask, onPaused } = options;
  const audio = new Audio();
  audio.preload = 'none';
  const loop = new SilentLoop(audio, onPaused);
  let prepared = preparedSound(options);
  return (way, events) => {
    if (way === 'packets') {
      const { sound, hear } = prepared;
      hear(events);
      return accompanied(sound, loop, () => (prepared = preparedSound(options)));
    }
    return new StreamSound({ element: audio, addresses: addressesOf(dataset), ask, events, onPaused, clock });
  };
}

/** Apple's browsers are made for HLS. Others that know of it are seconds closer with MP3, and not all that say so can play it. */
function addressesOf({ hls = '', mp3 = '' }: DOMStringMap): string[] {
  return navigator.vendor.startsWith('Apple') ? [hls, mp3] : [mp3];
}

interface PreparedSound {
  readonly sound: Sound;
  readonly hear: (events: SoundEvents) => void;
}

/** It loads before it is wanted, so that it sounds at once when it is. */
function preparedSound({ relay, dataset }: SoundsOptions): PreparedSound {
  let events: SoundEvents = { onState: () => undefined };
  const sound = new PacketSound({
    relay: relay.href,
    podcastId: Number(dataset['id']),
    key: dataset['key'],
    receiverUrl: new URL(dataset['receiver'] ?? '', document.baseURI).href,
    playerUrl: new URL(dataset['player'] ?? '', document.baseURI).href,
    events: {
      onState: (state) => events.onState(state),
      onPodcast: (facts) => events.onPodcast?.(facts),
      onLevels: (levels) => events.onLevels?.(levels),
      onQuality: (quality) => events.onQuality?.(quality),
    },
  });
  return { sound, hear: (whose) => (events = whose) };
}

/** With an element that plays silence, for what browsers give to elements only. */
function accompanied(sound: Sound, loop: SilentLoop, onStopped: () => void): Sound {
  return {
    start(): Promise<void> {
      loop.play();
      return sound.start();
    },
    stop(): void {
      loop.stop();
      sound.stop();
      onStopped();
    },
    setVolume: (volume) => sound.setVolume(volume),
  };
}
