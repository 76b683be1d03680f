/** Something that was asked for cannot be done. */
import type { Text } from '../texts/catalogue.ts';
import { english } from '../texts/en.ts';

export class Refusal extends Error {
  override readonly name = 'Refusal';
  /** Says so to the person who asked, in their language; `message` is the same in English, for logs. */
  readonly text: Text;

  constructor(text: Text) {
    super(text(english));
    this.text = text;
  }
}
