/** The list of keys, and whether they do anything. */
import { element } from './page-elements.ts';
import type { Remembered } from './remembered.ts';

export class Help {
  readonly #dialog = element('keyboard', HTMLDialogElement);
  readonly #keys = element('keys-on', HTMLInputElement);

  constructor(remembered: Remembered) {
    this.#keys.checked = remembered.keys;
    this.#keys.addEventListener('change', () => (remembered.keys = this.#keys.checked));
    const button = element('help', HTMLButtonElement);
    button.hidden = false;
    button.addEventListener('click', () => this.#dialog.showModal());
    element('close', HTMLButtonElement).addEventListener('click', () => this.#dialog.close());
    // Beside the dialog is its backdrop.
    this.#dialog.addEventListener('click', ({ target }) => {
      if (target === this.#dialog) this.#dialog.close();
    });
  }

  /** Whether single keys may do something now. */
  get keysWork(): boolean {
    return this.#keys.checked && !this.#dialog.open;
  }

  open(): void {
    this.#dialog.showModal();
  }
}
