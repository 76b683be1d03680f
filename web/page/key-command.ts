/** What a key means on the page, if it means anything. */
import type { Change } from './model.ts';

const STEP_PERCENT = 5;

/** Of a `KeyboardEvent` and what it went to. */
export interface PressedKey {
  readonly key: string;
  /** Held down, so that it comes again and again. */
  readonly repeat: boolean;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
  readonly defaultPrevented: boolean;
  /** Where it went, in lower case: `input`, `button` … */
  readonly tagName: string;
  /** Something is written there. */
  readonly editable: boolean;
  /** Arrows would scroll: the list that has the focus, or a page that is longer than the window, but for the player. */
  readonly scrolls: boolean;
}

/** Keys of the browser, of its helpers and of what has the focus stay theirs. @returns `help` opens the list of keys */
export function keyCommand(pressed: PressedKey): Change | 'help' | undefined {
  const { key, repeat, ctrlKey, altKey, metaKey, defaultPrevented, tagName, editable, scrolls } = pressed;
  if (ctrlKey || altKey || metaKey || defaultPrevented || editable) return undefined;
  const own = tagName === 'input';
  if (key === 'ArrowUp' || key === 'ArrowDown') {
    if (own || scrolls) return undefined;
    return { type: 'louder', byPercent: key === 'ArrowUp' ? STEP_PERCENT : -STEP_PERCENT };
  }
  if (repeat) return undefined;
  // Space presses a button that has the focus, follows no link and opens a summary.
  if (key === ' ')
    return own || tagName === 'button' || tagName === 'summary' ? undefined : { type: 'pressed' };
  switch (key.toLowerCase()) {
    case 'k':
      return { type: 'pressed' };
    case 'm':
      return { type: 'mute' };
    case '?':
      return 'help';
    default:
      return undefined;
  }
}
