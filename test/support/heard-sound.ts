/** What came out of a page's loudspeaker, when it did, and of which sound it is. */
import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';

const SAMPLE_RATE = 48_000;

/** To be run in a page before its own scripts; it needs nothing that a strict Content-Security-Policy forbids. */
export const TAP_SCRIPT = stripTypeScriptTypes(
  readFileSync(new URL('in-page/tap.ts', import.meta.url), 'utf8'),
);

export interface HeardSound {
  /** Mono, ±1, 48 kHz; what the tap missed is silence in it. */
  readonly samples: Float32Array;
  /** When the first sample came out, as `performance.now()` of this process counts. */
  readonly startMs: number;
  /** Seconds that came out, and that the tap missed because the page's main thread was busy. */
  readonly missedSeconds: number;
}

/** What of a page it takes, whichever browser it is in. */
export interface Evaluating {
  /** @param expression JavaScript; its value as JSON has it, promises waited for */
  evaluate<T>(expression: string): Promise<T>;
}

interface Tapped {
  readonly sampleRate: number;
  readonly blockLength: number;
  readonly starts: readonly number[];
  readonly blocks: readonly string[];
  readonly originsMs: readonly number[];
}

/**
 * What has come out, two minutes at most. Empty when nothing has been played.
 * @param seconds the last ones: a context's clock does not go on where it stood still, so what was before is put at a wrong time
 */
export async function heardSound(page: Evaluating, seconds = 120): Promise<HeardSound> {
  const clockMs = await clockDifferenceMs(page);
  const tapped = await page.evaluate<Tapped | undefined>(`soundTap.sound(${seconds})`);
  if (!tapped?.starts.length) return { samples: new Float32Array(), startMs: 0, missedSeconds: 0 };
  const { sampleRate, blockLength, starts, blocks } = tapped;
  // After a standstill the browser may hand them over in another order.
  const first = Math.min(...starts);
  const samples = new Float32Array(Math.max(...starts) + blockLength - first);
  for (const [index, block] of blocks.entries()) {
    const bytes = new Uint8Array(Buffer.from(block, 'base64'));
    samples.set(new Float32Array(bytes.buffer), (starts[index] ?? first) - first);
  }
  // The very first is from before anything came out.
  const origins = tapped.originsMs.slice(1).toSorted((a, b) => a - b);
  const originMs = origins[origins.length >> 1] ?? 0;
  return {
    samples: at48kHz(samples, sampleRate),
    startMs: originMs + (1000 * first) / sampleRate + clockMs,
    missedSeconds: (samples.length - blocks.length * blockLength) / sampleRate,
  };
}

/** Waits until so many seconds came out that are not silence. @throws Error when they have not within the time */
export async function hearsSound(page: Evaluating, seconds: number, timeoutMs = 20_000): Promise<void> {
  const giveUpMs = performance.now() + timeoutMs;
  for (;;) {
    const heard = await page.evaluate<number>('soundTap.loudSeconds(0.001)');
    if (heard >= seconds) return;
    if (performance.now() > giveUpMs) throw new Error(`${heard} s of sound came out in ${timeoutMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** What this process's `performance.now()` has that the page's has not, ms. */
export async function clockDifferenceMs(page: Evaluating): Promise<number> {
  let best = { tookMs: Infinity, differenceMs: 0 };
  for (let round = 0; round < 5; round += 1) {
    const beforeMs = performance.now();
    const thereMs = await page.evaluate<number>('soundTap.now()');
    const tookMs = performance.now() - beforeMs;
    if (tookMs < best.tookMs) best = { tookMs, differenceMs: beforeMs + tookMs / 2 - thereMs };
  }
  return best.differenceMs;
}

/** By straight lines: enough for voices. */
function at48kHz(samples: Float32Array, sampleRate: number): Float32Array {
  if (sampleRate === SAMPLE_RATE) return samples;
  const ratio = sampleRate / SAMPLE_RATE;
  return new Float32Array(Math.floor(samples.length / ratio)).map((_, index) => {
    const place = index * ratio;
    const left = Math.floor(place);
    const before = samples[left] ?? 0;
    return before + (place - left) * ((samples[left + 1] ?? before) - before);
  });
}
