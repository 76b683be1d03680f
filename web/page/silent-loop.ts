/**
 * Silence on an audio element, for as long as the sound comes by other means: without an element that plays, browsers give a page no
 * media keys, phones mute it with the switch for ringing, and stop it in the background.
 */

/** Chromium gives media keys to what is longer than 5 s. */
const SECONDS = 10;
const SAMPLE_RATE = 8000;
const HEADER_BYTES = 44;

export class SilentLoop {
  readonly #element: HTMLAudioElement;
  readonly #onPaused: () => void;
  #playing = false;
  #url: string | undefined;

  /** @param onPaused somebody else stopped it: a headset was unplugged, a call came in */
  constructor(element: HTMLAudioElement, onPaused: () => void) {
    this.#element = element;
    this.#onPaused = onPaused;
    element.addEventListener('pause', () => {
      if (this.#playing) this.#onPaused();
    });
  }

  /** In the handler of the button. Where the browser does not let it, nothing else is lost. */
  play(): void {
    // Made once: taking it away while it loads would be an error of the element, which is not ours alone.
    this.#url ??= URL.createObjectURL(new Blob([silence()], { type: 'audio/wav' }));
    this.#element.src = this.#url;
    this.#element.loop = true;
    this.#element.volume = 1;
    this.#element.muted = false;
    this.#element.play().then(
      () => (this.#playing = this.#element.loop),
      () => undefined,
    );
  }

  stop(): void {
    this.#playing = false;
    if (!this.#element.loop) return;
    this.#element.loop = false;
    this.#element.pause();
  }
}

/** WAV: PCM of 8 bits, in which 128 is silence (RIFF/WAVE, Microsoft and IBM 1991). */
function silence(): Uint8Array<ArrayBuffer> {
  const samples = SECONDS * SAMPLE_RATE;
  const file = new Uint8Array(HEADER_BYTES + samples).fill(128);
  const view = new DataView(file.buffer);
  const text = (at: number, four: string): void => {
    for (let index = 0; index < 4; index += 1) view.setUint8(at + index, four.charCodeAt(index));
  };
  text(0, 'RIFF');
  view.setUint32(4, file.length - 8, true);
  text(8, 'WAVE');
  text(12, 'fmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true); // PCM
  view.setUint16(22, 1, true); // channels
  view.setUint32(24, SAMPLE_RATE, true);
  view.setUint32(28, SAMPLE_RATE, true); // bytes a second
  view.setUint16(32, 1, true); // bytes a frame
  view.setUint16(34, 8, true); // bits a sample
  text(36, 'data');
  view.setUint32(40, samples, true);
  return file;
}
