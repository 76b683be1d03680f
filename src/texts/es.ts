/** Everything in Spanish. */
import type { Catalogue } from './catalogue.ts';
import { answers } from './es/answers.ts';
import { audience } from './es/audience.ts';
import { commands } from './es/commands.ts';
import { onAir } from './es/on-air.ts';
import { page } from './es/page.ts';
import { relay } from './es/relay.ts';
import { show } from './es/show.ts';
import { voice } from './es/voice.ts';

export const spanish = { commands, answers, show, audience, onAir, voice, relay, page } satisfies Catalogue;
