/** Plays what was received, on the thread of the audio. */
import { Listening } from './listening.ts';
import type { PlayerToPage, ReceiverToPlayer } from './messages.ts';

const FRAME_SAMPLES = 960;
const SAMPLES_PER_MS = 48;
const LEVELS_FRAMES = 5;
const QUALITY_FRAMES = 50;

registerProcessor(
  'player',
  class extends AudioWorkletProcessor {
    readonly #listening = new Listening();
    #frame: Float32Array = new Float32Array(2 * FRAME_SAMPLES);
    /** Samples of the frame that have been played. */
    #at = FRAME_SAMPLES;
    #frames = 0;
    #hadLevels = false;

    constructor() {
      super();
      this.port.addEventListener('message', ({ data: receiver }: MessageEvent<MessagePort>) => {
        receiver.addEventListener('message', ({ data }: MessageEvent<ReceiverToPlayer>) => this.#take(data));
        receiver.start();
      });
      this.port.start();
    }

    process(_inputs: Float32Array[][], [output]: Float32Array[][]): boolean {
      const [left, right] = output ?? [];
      if (!left || !right) return true;
      for (let index = 0; index < left.length; index++) {
        if (this.#at === FRAME_SAMPLES) this.#next(currentFrame + index);
        left[index] = this.#frame[2 * this.#at] ?? 0;
        right[index] = this.#frame[2 * this.#at + 1] ?? 0;
        this.#at += 1;
      }
      return true;
    }

    /** @param first the context's number of its first sample: a busy browser may leave out some calls of `process`, but counts on */
    #next(first: number): void {
      this.#frame = this.#listening.render(first / SAMPLES_PER_MS);
      this.#at = 0;
      this.#frames += 1;
      if (this.#frames % LEVELS_FRAMES === 0) this.#tellLevels();
      if (this.#frames % QUALITY_FRAMES === 0) {
        this.#tell({ is: 'quality', quality: this.#listening.takeQuality() });
      }
    }

    #tellLevels(): void {
      const levels = this.#listening.takeLevels();
      // That nobody speaks any more is said once.
      if (levels.length > 0 || this.#hadLevels) this.#tell({ is: 'levels', levels });
      this.#hadLevels = levels.length > 0;
    }

    #tell(message: PlayerToPage): void {
      this.port.postMessage(message, []);
    }

    #take(message: ReceiverToPlayer): void {
      switch (message.is) {
        case 'packet':
          this.#listening.receive(message.packet, currentFrame / SAMPLES_PER_MS);
          break;
        case 'retract':
          this.#listening.retract(message.ssrc);
          break;
        case 'clear':
          this.#listening.clear();
      }
    }
  },
);
