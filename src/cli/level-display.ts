/** Shows speakers' levels in a terminal: redrawn in place where that works, a line now and then where it does not. */
import type { SpeakerTrack } from './speaker-track.ts';

const BAR_WIDTH = 30;
const FLOOR_DBFS = -60;
const REDRAW_MS = 100;
const LINE_MS = 5000;
const CURSOR_UP = (lines: number): string => `\u001B[${lines}A`;
const CLEAR_BELOW = '\u001B[J';

/** `##########--------------------  −12 dB` */
function levelBar(dbfs: number): string {
  const share = Math.min(1, Math.max(0, 1 - dbfs / FLOOR_DBFS));
  const filled = Math.round(share * BAR_WIDTH);
  const number = Number.isFinite(dbfs) ? `${dbfs.toFixed(0)} dB` : 'silent';
  return `${'#'.repeat(filled)}${'-'.repeat(BAR_WIDTH - filled)} ${number.padStart(7)}`;
}

export class LevelDisplay {
  readonly #out: NodeJS.WriteStream;
  readonly #speakers: () => readonly SpeakerTrack[];
  readonly #timer: NodeJS.Timeout;
  #drawnLines = 0;

  constructor(out: NodeJS.WriteStream, speakers: () => readonly SpeakerTrack[]) {
    this.#out = out;
    this.#speakers = speakers;
    this.#timer = setInterval(() => this.#draw(), out.isTTY ? REDRAW_MS : LINE_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #draw(): void {
    const nowMs = Date.now();
    const speakers = this.#speakers();
    if (!this.#out.isTTY) {
      const speaking = speakers.filter((speaker) => Number.isFinite(speaker.levelDbfs(nowMs)));
      const frames = speakers.reduce((sum, speaker) => sum + speaker.frames, 0);
      this.#out.write(
        `${frames} frames; speaking: ${speaking.map(({ label }) => label).join(', ') || 'nobody'}\n`,
      );
      return;
    }
    const lines = speakers.map(
      (speaker) =>
        `${speaker.label.padEnd(22)} ${levelBar(speaker.levelDbfs(nowMs))}  ${speaker.frames} frames, ${speaker.lost} lost\n`,
    );
    const up = this.#drawnLines > 0 ? CURSOR_UP(this.#drawnLines) : '';
    this.#out.write(up + CLEAR_BELOW + lines.join(''));
    this.#drawnLines = lines.length;
  }
}
