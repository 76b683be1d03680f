/** A page with nothing but a sound and what it said: see `../packet-sound-page.ts`. */
import { PacketSound } from '../../../web/sound/packet-sound.ts';
import type { SoundQuality, SoundState, SpeakerLevel } from '../../../web/sound/sound.ts';

const query = new URLSearchParams(location.search);
const states: { readonly state: SoundState; readonly atMs: number }[] = [];
const qualities: SoundQuality[] = [];
const levels: (readonly SpeakerLevel[])[] = [];
let pressedMs = 0;

const sound = new PacketSound({
  relay: query.get('relay') ?? '',
  podcastId: Number(query.get('id')),
  receiverUrl: 'receiver.js',
  playerUrl: 'player.js',
  events: {
    onState: (state) => states.push({ state, atMs: performance.now() }),
    onQuality: (quality) => qualities.push(quality),
    onLevels: (now) => levels.push(now),
  },
});

const button = document.createElement('button');
button.textContent = 'play';
button.addEventListener('click', () => {
  pressedMs = performance.now();
  void sound.start();
});
document.body.append(button);

Object.assign(window, {
  soundPage: {
    told: () => ({ states, qualities, levels, pressedMs, nowMs: performance.now() }),
    setVolume: (volume: number) => sound.setVolume(volume),
    stop: () => sound.stop(),
  },
});
