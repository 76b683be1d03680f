/** What a language must have words for: whatever English has. */
import type { english } from './en.ts';

export type Catalogue = typeof english;

/**
 * Something to say, before it is known in which language: in the asker's own, or in that of the server.
 * `({ show }) => show.endedBy({ name })`
 */
export type Text = (catalogue: Catalogue) => string;

type CommandTexts = Catalogue['commands'];
/** A command, a subcommand, or an option as `subcommand.option`. */
export type CommandKey = keyof CommandTexts;
/** An option whose values are given. */
export type ChoosingKey = {
  [K in CommandKey]: CommandTexts[K] extends { readonly choices: object } ? K : never;
}[CommandKey];
/** The values of such an option. */
export type ChoiceOf<K extends ChoosingKey> = keyof CommandTexts[K]['choices'] & string;
