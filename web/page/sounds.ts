/** Makes the sound of the page, by the one way or by the other. */
import type { PageClock } from '../sound/page-clock.ts';
import type { PodcastAnswer } from '../sound/podcast-poll.ts';
import { PacketSound } from '../sound/packet-sound.ts';
import type { Sound, SoundEvents } from '../sound/sound.ts';
import { StreamSound } from '../sound/stream-sound.ts';
import type { MakeSound } from './conductor.ts';
import { SilentLoop } from './silent-loop.ts';

export interface SoundsOptions {
  readonly relay: URL;
  readonly audio: HTMLAudioElement;
  /** Of the document's element that has id, key and addresses. */
  readonly dataset: DOMStringMap;
  readonly clock: PageClock;
  readonly ask: () => Promise<PodcastAnswer>;
  /** Somebody else stopped it: a headset was unplugged, a call came in. */
  readonly onPaused: () => void;
}

/** Both ways share one audio element: once the button was pressed, browsers let that element play on. */
export function soundsOf(options: SoundsOptions): MakeSound {
  const { audio, dataset, onPaused } = options;
  const loop = new SilentLoop(audio, onPaused);
  let prepared: PreparedSound | undefined = preparedSound(options);
  return (way, events, podcast) => {
    if (way === 'packets') {
      const { sound, hear } = prepared ?? preparedSound(options);
      prepared = undefined;
      hear(events);
      return accompanied(sound, loop);
    }
    return new StreamSound({ ...options, element: audio, addresses: addressesOf(dataset), events, podcast });
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

/** The first loads before it is wanted, so that it sounds at once when it is. */
function preparedSound({ relay, dataset, clock, onPaused }: SoundsOptions): PreparedSound {
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
    clock,
    onPaused,
  });
  return { sound, hear: (whose) => (events = whose) };
}

/** With an element that plays silence, for what browsers give to elements only. */
function accompanied(sound: Sound, loop: SilentLoop): Sound {
  return {
    start(): Promise<void> {
      loop.play();
      return sound.start();
    },
    stop(): void {
      loop.stop();
      sound.stop();
    },
    setVolume: (volume) => sound.setVolume(volume),
  };
}
