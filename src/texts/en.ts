/** Everything in English: the keys that every language has, and the words of which the others are translations. */
import { answers } from './en/answers.ts';
import { audience } from './en/audience.ts';
import { commands } from './en/commands.ts';
import { onAir } from './en/on-air.ts';
import { page } from './en/page.ts';
import { relay } from './en/relay.ts';
import { show } from './en/show.ts';
import { voice } from './en/voice.ts';

export const english = { commands, answers, show, audience, onAir, voice, relay, page };
