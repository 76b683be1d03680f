/** Makes the sound of the page, by the one way or by the other. */
import type { PageClock } from '../sound/page-clock.ts';
import type { PodcastAnswer } from '../sound/podcast-poll.ts';
import type { Sound, SoundEvents } from '../sound/sound.ts';
import { StreamSound } from '../sound/stream-sound.ts';
import type { Way } from './model.ts';
import { SilentLoop } from './silent-loop.ts';

export interface SoundsOptions {
  /** The document's element with the addresses. */
  readonly addresses: DOMStringMap;
  readonly clock: PageClock;
  readonly ask: () => Promise<PodcastAnswer>;
  /** Somebody else stopped it: a headset was unplugged, a call came in. */
  readonly onPaused: () => void;
}

/** Both ways share one audio element: once the button was pressed, browsers let that element play on. */
export function soundsOf(options: SoundsOptions): (way: Way, events: SoundEvents) => Sound {
  const { addresses, clock, ask, onPaused } = options;
  const audio = new Audio();
  audio.preload = 'none';
  const loop = new SilentLoop(audio, onPaused);
  return (way, events) => {
    if (way === 'packets') return accompanied(packetSound(events), loop);
    const { hls = '', mp3 = '' } = addresses;
    return new StreamSound({ element: audio, addresses: { hls, mp3 }, ask, events, onPaused, clock });
  };
}

function packetSound(events: SoundEvents): Sound {
  return { start: async () => events.onState('unable'), stop: () => undefined, setVolume: () => undefined };
}

/** With an element that plays nothing, for what browsers give to elements only. */
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
