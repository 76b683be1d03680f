/** Everything in French. */
import type { Catalogue } from './catalogue.ts';
import { commands } from './fr/commands.ts';

export const french = { commands } satisfies Catalogue;
