/** Copies the link of the page, where the browser lets it, and says so. */
import type { PageTexts } from '../../src/texts/page-texts.ts';
import { element, setText } from './page-elements.ts';

const SHOWN_MS = 4000;

export function addCopying(texts: PageTexts['ways']): void {
  const link = element('link', HTMLInputElement);
  const copied = element('copied', HTMLElement);
  let hiding: ReturnType<typeof setTimeout> | undefined;
  link.addEventListener('focus', () => link.select());
  // With the key of a private podcast, which is in it.
  link.value = location.href;
  element('sharing', HTMLElement).hidden = false;
  const show = (done: boolean): void => {
    clearTimeout(hiding);
    setText(copied, done ? texts.copied : texts.notCopied);
    hiding = setTimeout(() => setText(copied, ''), SHOWN_MS);
  };
  element('copy', HTMLButtonElement).addEventListener('click', () => void copy(link).then(show));
}

async function copy(link: HTMLInputElement): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(link.value);
    return true;
  } catch {
    // Without TLS there is only the older way, which takes what is selected.
    link.select();
    return document.execCommand('copy');
  }
}
