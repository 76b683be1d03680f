/** What the listener's page has shown, and when. */
import { clockDifferenceMs, type Evaluating } from './heard-sound.ts';

/** What it showed from one moment on. */
export interface Shown {
  /** Of this process's `performance.now()`. */
  readonly atMs: number;
  readonly state: string;
  readonly quality: string;
  /** How far behind it said to be; undefined while it said nothing of it. */
  readonly delayMs: number | undefined;
}

interface Noted extends Omit<Shown, 'delayMs'> {
  readonly delay: string;
}

const WATCH = `(() => {
  const [podcast, connection, delay] = ['podcast', 'connection', 'delay'].map((id) => document.getElementById(id));
  const noted = [];
  const note = () => {
    const now = { state: podcast.dataset.state, quality: connection.dataset.quality, delay: delay.textContent };
    const last = noted.at(-1);
    const isNew = !last || Object.keys(now).some((key) => now[key] !== last[key]);
    if (isNew) noted.push({ atMs: performance.now(), ...now });
  };
  new MutationObserver(note).observe(podcast, { subtree: true, attributes: true, characterData: true, childList: true });
  note();
  globalThis.noted = noted;
})()`;

/** From now on what it shows is noted. */
export async function watchShown(page: Evaluating): Promise<void> {
  await page.evaluate(WATCH);
}

/** Since it was watched, oldest first. */
export async function shownBy(page: Evaluating): Promise<Shown[]> {
  const clockMs = await clockDifferenceMs(page);
  const noted = await page.evaluate<readonly Noted[]>('noted');
  return noted.map(({ delay, atMs, ...others }) => ({
    ...others,
    atMs: atMs + clockMs,
    delayMs: delayOf(delay),
  }));
}

/** `Direct · 120 ms behind` */
function delayOf(text: string): number | undefined {
  const [, value, unit] = /([\d.]+) (m?s)\b/.exec(text) ?? [];
  return value === undefined ? undefined : Number(value) * (unit === 's' ? 1000 : 1);
}

/** What was shown at a moment. */
export function shownAt(shown: readonly Shown[], atMs: number): Shown | undefined {
  return shown.findLast((one) => one.atMs <= atMs);
}

/** Each state that the sound went through, in its order. */
export function statesOf(shown: readonly Shown[]): string[] {
  return shown.map(({ state }) => state).filter((state, index, all) => state !== all[index - 1]);
}
