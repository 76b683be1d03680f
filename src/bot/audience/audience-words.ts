/** What the bot says where it plays a podcast. Titles and names come with their Markdown escaped, channels as mentions. */

export const AUDIENCE_WORDS = {
  plays: (title: string, origin: string): string =>
    `▶️ **${title}** plays here, live from ${origin}. \`/podcast volume\` makes it louder or quieter, \`/podcast leave\` stops it.`,
  stopped: (title: string, why: string): string => `I do not play **${title}** any more. ${why}`,
  occupation: (title: string, where: string): string =>
    `I am playing **${title}** in ${where} here; \`/podcast leave\` first.`,
  about: (where: string): string => `I am about to play a podcast in ${where} here; give it a moment.`,
  notBegun: (why: string): string => `I could not play it. ${why}`,
  away: 'I am coming back; it is quiet here meanwhile.',
  back: 'I am back; the podcast plays on.',
  handRaised: 'I raised my hand: nobody hears the podcast before a stage moderator invites me to speak.',
  inAudience:
    'I may neither speak on this stage nor raise my hand (permission **Request to Speak**): nobody hears the podcast here.',
  stoppedBy: (name: string): string => `${name} stopped it.`,
  playsIn: (title: string, where: string): string =>
    `I am playing **${title}** in ${where}. \`/podcast leave\` stops it.`,
  joinFirst: 'Join a voice channel first: the podcast plays there.',
  left: 'I do not play it any more.',
  notYours: (where: string): string =>
    `It plays in ${where}: whoever is there can do that, or who has the permission **Manage Events**.`,
  unknownPodcast: 'I know of no such podcast. A private one opens by its link with the key.',
  notAPodcast: 'Choose a podcast from the list, or type its number or its link.',
  otherRelay: 'That link is of another relay; I play what is on mine.',
  nothingPlays: 'I play nothing in this server. `/podcast listen` plays a podcast.',
} as const;
