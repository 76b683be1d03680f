/** Everything in Spanish. */
import type { Catalogue } from './catalogue.ts';
import { commands } from './es/commands.ts';
import { onAir } from './es/on-air.ts';

export const spanish = { commands, onAir } satisfies Catalogue;
