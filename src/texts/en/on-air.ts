/** What people in a channel that is on air read, in English. Texts come with names and titles escaped already. */
import { counter } from '../numbers.ts';

const listenersOf = counter('en', { one: '# listener', other: '# listeners' });

export const onAir = {
  /** For numbers and durations: a BCP 47 tag. */
  language: 'en',

  panel: {
    heading: '🔴 On air',
    notice: (title: string, where: string): string =>
      `**${title}** is broadcast live: whatever is said in ${where} is heard outside this server.`,
    optOut:
      'You would rather not be heard there? Press **Take me off air**: your voice stays in this channel, now and in every later show.',
    optIn:
      'In this server only those are heard there who want to be: press **Put me on air**. Everybody else’s voice stays in this channel.',
    names: 'Whoever listens reads the names of those who speak.',
    since: (when: string): string => `Since ${when}`,
    visibility: { public: 'public', unlisted: 'unlisted', private: 'private' },
    speaking: (names: string): string => `Speaking: ${names}`,
    others: counter('en', { other: '# more' }),
    nobody: 'nobody right now',
    listening: (listeners: string): string => `Listening: ${listeners}`,
    servers: counter('en', { one: '# server', other: '# servers' }),
    page: counter('en', { other: '# on the page' }),
    apps: counter('en', { one: '# app', other: '# apps' }),
    radio: counter('en', { other: '# by radio' }),
    hls: counter('en', { other: '# by HLS' }),
    offAir: counter('en', { one: '# person here is off air', other: '# people here are off air' }),
    sound: (how: string): string => `Sound: ${how}`,
    clear: 'clear',
    lost: (percent: number): string => `${percent} % of the packets are lost on the way to me`,
    undecryptable: counter('en', {
      one: '# person cannot be decrypted',
      other: '# people cannot be decrypted',
    }),
    away: 'interrupted, I am coming back',
    /** @param listeners at most; 0 where nobody is known to have listened */
    ended: (title: string, howLong: string, listeners: number): string =>
      `⚫ **${title}** was on air for ${howLong}${listeners > 0 ? `, with at most ${listenersOf(listeners)}` : ''}.`,
  },

  buttons: {
    stop: 'Stop',
    link: 'Listen link',
    offAir: 'Take me off air',
    onAir: 'Put me on air',
  },

  /** Shown where people see what a channel is about before they join; at most 500 characters with the title. */
  status: (title: string): string => `🔴 On air: ${title}`,

  answers: {
    tookOffAir:
      'You are **off air** in this server: nothing you say is broadcast, in no show of it. `/podcast onair` or the button **Put me on air** changes that.',
    putOnAir:
      'You are **on air** in this server: what you say in a channel that is on air is broadcast live. `/podcast offair` or the button **Take me off air** changes that.',
    showIsGone: 'The show of this panel has ended.',
    consent: {
      'opt-out':
        'Everybody in a channel that is on air is broadcast until they say no (consent: **opt-out**).',
      'opt-in':
        'Nobody is broadcast who has not said yes, with **Put me on air** or `/podcast onair` (consent: **opt-in**).',
    },
    names: {
      hide: 'Listeners are not told who speaks: on the page of a podcast everybody is anonymous (names: **hide**).',
      show: 'Listeners are told who speaks, by the names that people have in this server; nobody is named who is off air (names: **show**).',
    },
  },
};
