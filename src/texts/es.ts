/** Everything in Spanish. */
import type { Catalogue } from './catalogue.ts';
import { commands } from './es/commands.ts';

export const spanish = { commands } satisfies Catalogue;
