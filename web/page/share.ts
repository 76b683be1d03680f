/** Copies the link of the page, where the browser lets it, and says so. */
import type { PageTexts } from '../../src/texts/page-texts.ts';
import { element, setText } from './page-elements.ts';

const SHOWN_MS = 4000;

export function addCopying(texts: PageTexts['ways']): void {
  const button = element('copy', HTMLButtonElement);
  const link = element('link', HTMLInputElement);
  const copied = element('copied', HTMLElement);
  let hiding: ReturnType<typeof setTimeout> | undefined;
  link.addEventListener('focus', () => link.select());
  // With the key of a private podcast, which is in it.
  link.value = location.href;
  element('sharing', HTMLElement).hidden = false;
  const show = (done: boolean): void => {
    clearTimeout(hiding);
    button.classList.toggle('done', done);
    setText(copied, done ? texts.copied : texts.notCopied);
    hiding = setTimeout(() => {
      button.classList.remove('done');
      setText(copied, '');
    }, SHOWN_MS);
  };
  button.addEventListener('click', () => void copy(link).then(show));
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
