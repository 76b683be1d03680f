/** Everything in Japanese. */
import type { Catalogue } from './catalogue.ts';
import { answers } from './ja/answers.ts';
import { audience } from './ja/audience.ts';
import { commands } from './ja/commands.ts';
import { onAir } from './ja/on-air.ts';
import { page } from './ja/page.ts';
import { relay } from './ja/relay.ts';
import { show } from './ja/show.ts';
import { voice } from './ja/voice.ts';

export const japanese = { commands, answers, show, audience, onAir, voice, relay, page } satisfies Catalogue;
