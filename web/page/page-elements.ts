/** The parts of the served document (`src/relay/page/podcast-page.ts`) that the page fills. */

/** @throws Error when the document is not the one that this script belongs to */
export function element<T extends HTMLElement>(id: string, kind: new () => T): T {
  const found = document.getElementById(id);
  if (found instanceof kind) return found;
  throw new Error(`The document has no ${kind.name} #${id}.`);
}

/** Writes a text only where it differs: what is selected or read aloud is not disturbed. */
export function setText(target: Element, text: string): void {
  if (target.textContent !== text) target.textContent = text;
}

export function setAttribute(target: Element, name: string, value: string): void {
  if (target.getAttribute(name) !== value) target.setAttribute(name, value);
}
