/** Everything in German. */
import type { Catalogue } from './catalogue.ts';
import { commands } from './de/commands.ts';
import { onAir } from './de/on-air.ts';

export const german = { commands, onAir } satisfies Catalogue;
