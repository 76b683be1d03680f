/** Everything in Spanish. */
import type { Catalogue } from './catalogue.ts';
import { answers } from './es/answers.ts';
import { commands } from './es/commands.ts';
import { relay } from './es/relay.ts';
import { show } from './es/show.ts';
import { voice } from './es/voice.ts';

export const spanish = { commands, answers, show, voice, relay } satisfies Catalogue;
