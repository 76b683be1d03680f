/** Everything in French. */
import type { Catalogue } from './catalogue.ts';
import { commands } from './fr/commands.ts';
import { onAir } from './fr/on-air.ts';

export const french = { commands, onAir } satisfies Catalogue;
