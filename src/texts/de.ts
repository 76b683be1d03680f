/** Everything in German. */
import type { Catalogue } from './catalogue.ts';
import { answers } from './de/answers.ts';
import { audience } from './de/audience.ts';
import { commands } from './de/commands.ts';
import { onAir } from './de/on-air.ts';
import { page } from './de/page.ts';
import { relay } from './de/relay.ts';
import { show } from './de/show.ts';
import { voice } from './de/voice.ts';

export const german = { commands, answers, show, audience, onAir, voice, relay, page } satisfies Catalogue;
