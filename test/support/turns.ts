/** A jitter buffer whose turns are written down as words, to compare with. */
import { type BufferedFrame, JitterBuffer, type Playout } from '../../src/audio/jitter-buffer.ts';
import { speechPacket } from './speech-network.ts';

const FRAME_MS = 20;
export const SAMPLES = 960;

/** The frame of this number in a stream that begins at sequence and timestamp 0. */
export function frame(index: number, opus: Uint8Array = speechPacket(index)): BufferedFrame {
  return { sequence: index & 0xffff, timestamp: (index * SAMPLES) >>> 0, opus };
}

/** Which packet of `speechPacket` this is; −1 for another. */
function indexOf(opus: Uint8Array): number {
  return opus.length === 6 ? new DataView(opus.buffer, opus.byteOffset).getUint32(2) : -1;
}

function say(playout: Playout): string {
  if (playout.is === 'frame') return `${indexOf(playout.opus)}`;
  if (playout.is === 'merge') return `${indexOf(playout.first)}+${indexOf(playout.second)}`;
  if (playout.is === 'lost') return playout.next ? `lost<${indexOf(playout.next)}` : 'lost';
  return playout.is === 'silence' ? '–' : playout.is;
}

/** A packet, or the number of one in the stream of `frame`. */
type Heard = number | BufferedFrame;

/** A buffer whose turns are at 10, 30, 50 … ms; packets are sent, and without jitter come, at 0, 20, 40 … ms. */
export class Turns {
  readonly buffer = new JitterBuffer();
  dueMs = 10;

  /** Pulls so many turns. */
  pull(turns: number): string[] {
    return Array.from({ length: turns }, () => {
      const said = say(this.buffer.pull(this.dueMs));
      this.dueMs += FRAME_MS;
      return said;
    });
  }

  /** Before each turn comes what was sent since the last: these indices, or nothing. */
  hear(...arrivals: readonly (Heard | readonly Heard[] | undefined)[]): string[] {
    return arrivals.flatMap((arrival) => {
      for (const one of [arrival].flat()) {
        if (one !== undefined) this.buffer.push(typeof one === 'number' ? frame(one) : one, this.dueMs - 10);
      }
      return this.pull(1);
    });
  }

  /** A stream of these frames without jitter, until the buffer knows its network and has the least delay. */
  settle(first = 0, frames = 250): void {
    for (let index = first; index < first + frames; index += 1) this.hear(index);
  }
}

/** What was played, in order, without the turns that were silent. */
export function spoken(said: readonly string[]): string[] {
  return said.filter((turn) => turn !== '–');
}

/** The numbers from one up to another, which is not among them, as words. */
export function count(from: number, to: number): string[] {
  return Array.from({ length: to - from }, (_, ahead) => `${from + ahead}`);
}
