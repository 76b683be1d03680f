/** Counts with their nouns, as a language forms them. */

/** By plural category of the language (CLDR); `#` stands for the number. */
type Forms = Partial<Record<Intl.LDMLPluralRule, string>> & { readonly other: string };

/** @param language a BCP 47 tag @returns what writes a count, say `1,234 listeners` */
export function counter(language: string, forms: Forms): (count: number) => string {
  const rules = new Intl.PluralRules(language);
  const numbers = new Intl.NumberFormat(language);
  return (count) => (forms[rules.select(count)] ?? forms.other).replace('#', numbers.format(count));
}

/**
 * What writes a length of time: below a minute in seconds, rounded up, else in minutes, rounded.
 * @param seconds how the language writes them @param minutes likewise
 */
export function durations(
  seconds: (count: number) => string,
  minutes: (count: number) => string,
): (ms: number) => string {
  return (ms) => {
    const inSeconds = Math.ceil(ms / 1000);
    return inSeconds < 60 ? seconds(inSeconds) : minutes(Math.round(ms / 60_000));
  };
}
