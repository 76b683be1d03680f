/** What people in a channel that is on air read, in English. Texts come with names and titles escaped already. */

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
    since: (when: string): string => `Since ${when}`,
    visibility: { public: 'public', unlisted: 'unlisted', private: 'private' },
    speaking: (names: string): string => `Speaking: ${names}`,
    others: (count: number): string => `${count} more`,
    nobody: 'nobody right now',
    listening: (listeners: string): string => `Listening: ${listeners}`,
    servers: (count: number): string => `${count} ${count === 1 ? 'server' : 'servers'}`,
    web: (count: number): string => `${count} on the web`,
    udp: (count: number): string => `${count} by UDP`,
    offAir: (people: number): string =>
      people === 1 ? '1 person here is off air' : `${people} people here are off air`,
    sound: (how: string): string => `Sound: ${how}`,
    clear: 'clear',
    lost: (percent: number): string => `${percent} % of the packets are lost on the way to me`,
    undecryptable: (people: number): string =>
      people === 1 ? '1 person cannot be decrypted' : `${people} people cannot be decrypted`,
    away: 'interrupted, I am coming back',
    /** @param listeners at most; 0 where nobody is known to have listened */
    ended: (title: string, howLong: string, listeners: number): string =>
      `⚫ **${title}** was on air for ${howLong}${listeners > 0 ? `, with at most ${listeners} ${listeners === 1 ? 'listener' : 'listeners'}` : ''}.`,
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
  },
};
