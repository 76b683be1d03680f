/** Reads from a browser's event what the meaning of a key depends on. */
import type { PressedKey } from './key-command.ts';

export function pressedKey(event: KeyboardEvent): PressedKey {
  const { key, repeat, ctrlKey, altKey, metaKey, defaultPrevented, target } = event;
  const at = target instanceof HTMLElement ? target : document.body;
  return {
    key,
    repeat,
    ctrlKey,
    altKey,
    metaKey,
    defaultPrevented: defaultPrevented || event.isComposing,
    tagName: at.tagName.toLowerCase(),
    editable: isEditable(at),
    scrolls:
      scrolls(at.closest('#speakers')) || (scrolls(document.documentElement) && !at.closest('#player')),
  };
}

function scrolls(at: Element | null): boolean {
  return at !== null && at.scrollHeight > at.clientHeight;
}

function isEditable(at: HTMLElement): boolean {
  return at instanceof HTMLInputElement && at.type !== 'range' && at.type !== 'checkbox';
}
