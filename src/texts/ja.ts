/** Everything in Japanese. */
import type { Catalogue } from './catalogue.ts';
import { commands } from './ja/commands.ts';

export const japanese = { commands } satisfies Catalogue;
