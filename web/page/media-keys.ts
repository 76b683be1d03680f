/** Ties the page to the keys and screens that a system has for what plays (Media Session). */
import { SITE_NAME } from '../../src/texts/window-title.ts';
import type { Change } from './model.ts';
import type { View } from './view.ts';

export class MediaKeys {
  readonly #session = 'mediaSession' in navigator ? navigator.mediaSession : undefined;
  #shown = '';

  constructor(change: (change: Change) => void) {
    this.#on('play', () => change({ type: 'play' }));
    this.#on('pause', () => change({ type: 'stop' }));
    this.#on('stop', () => change({ type: 'stop' }));
  }

  show({ title, guild, button }: View): void {
    if (!this.#session) return;
    this.#session.playbackState = button.stops ? 'playing' : 'paused';
    const shown = `${title}\n${guild}`;
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#session.metadata = new MediaMetadata({ title, artist: guild || SITE_NAME, album: SITE_NAME });
  }

  #on(action: MediaSessionAction, handler: () => void): void {
    try {
      this.#session?.setActionHandler(action, handler);
    } catch {
      // An action that this browser does not know.
    }
  }
}
