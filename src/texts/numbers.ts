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

/** @param language a BCP 47 tag @returns what writes a length of time in ms, say `1 hour 5 minutes`: rounded down, a minute at least */
export function hoursAndMinutes(language: string): (ms: number) => string {
  const unit = (name: 'hour' | 'minute'): Intl.NumberFormat =>
    new Intl.NumberFormat(language, { style: 'unit', unit: name, unitDisplay: 'long' });
  const inHours = unit('hour');
  const inMinutes = unit('minute');
  return (ms) => {
    const minutes = Math.max(1, Math.floor(ms / 60_000));
    const hours = Math.floor(minutes / 60);
    if (hours === 0) return inMinutes.format(minutes);
    const rest = minutes % 60;
    return rest === 0 ? inHours.format(hours) : `${inHours.format(hours)} ${inMinutes.format(rest)}`;
  };
}

const SECOND_MS = 1000;

/** A length of time as clocks show it, the same in each language: `0:07`, `12:34`, `1:02:03`. */
export function asClock(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / SECOND_MS));
  const parts = [Math.floor(seconds / 60) % 60, seconds % 60];
  const hours = Math.floor(seconds / 3600);
  if (hours > 0) parts.unshift(hours);
  return parts.map((part, index) => (index === 0 ? String(part) : String(part).padStart(2, '0'))).join(':');
}
