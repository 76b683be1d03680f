/** Everything in French. */
import type { Catalogue } from './catalogue.ts';
import { answers } from './fr/answers.ts';
import { audience } from './fr/audience.ts';
import { commands } from './fr/commands.ts';
import { onAir } from './fr/on-air.ts';
import { page } from './fr/page.ts';
import { relay } from './fr/relay.ts';
import { show } from './fr/show.ts';
import { voice } from './fr/voice.ts';

export const french = { commands, answers, show, audience, onAir, voice, relay, page } satisfies Catalogue;
