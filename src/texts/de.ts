/** Everything in German. */
import type { Catalogue } from './catalogue.ts';
import { commands } from './de/commands.ts';

export const german = { commands } satisfies Catalogue;
