/** Everything in English: the keys that every language has, and the words of which the others are translations. */
import { commands } from './en/commands.ts';
import { onAir } from './en/on-air.ts';

export const english = { commands, onAir };
