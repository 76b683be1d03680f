/** Everything in Japanese. */
import type { Catalogue } from './catalogue.ts';
import { commands } from './ja/commands.ts';
import { onAir } from './ja/on-air.ts';

export const japanese = { commands, onAir } satisfies Catalogue;
