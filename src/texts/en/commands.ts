/** Slash commands in English, under the names by which the code reads them. */

/**
 * By key: a command or subcommand by its name, an option as `subcommand.option`. `name` is what people type: at most 32 characters,
 * lower case, no spaces; here it is the last part of the key. `description` is at most 100 characters, as is each of `choices`,
 * which are by value.
 */
export const commands = {
  podcast: { name: 'podcast', description: 'Broadcast this voice channel live' },
  start: { name: 'start', description: 'Put the voice channel you are in on air' },
  'start.title': { name: 'title', description: 'What the show is called' },
  'start.visibility': {
    name: 'visibility',
    description: 'Who can listen (public unless you say otherwise)',
    choices: {
      public: 'public: listed, anyone may listen',
      unlisted: 'unlisted: anyone who has the link',
      private: 'private: only with the key',
    },
  },
  stop: { name: 'stop', description: 'End the podcast of this server' },
  status: { name: 'status', description: 'How the podcast of this server goes' },
  invite: { name: 'invite', description: 'The link that adds this bot to another server' },
  listen: { name: 'listen', description: 'Play a podcast in the voice channel you are in' },
  'listen.podcast': { name: 'podcast', description: 'Its link or its number' },
  leave: { name: 'leave', description: 'Stop playing and leave the voice channel' },
  list: { name: 'list', description: 'The podcasts that are on air right now' },
  volume: { name: 'volume', description: 'How loud the podcast plays here' },
  'volume.percent': { name: 'percent', description: '100 is as loud as it was sent' },
  offair: { name: 'offair', description: 'Keep your voice out of the broadcasts of this server' },
  onair: { name: 'onair', description: 'Let your voice be heard in the broadcasts of this server' },
  settings: { name: 'settings', description: 'What holds for every podcast of this server' },
  'settings.consent': {
    name: 'consent',
    description: 'Whose voice is broadcast',
    choices: {
      'opt-out': 'opt-out: everybody, until they say no',
      'opt-in': 'opt-in: only those who said yes',
    },
  },
  'settings.names': {
    name: 'names',
    description: 'Whether listeners are told the names of those who speak (hidden unless you say otherwise)',
    choices: {
      hide: 'hide: everybody is anonymous',
      show: 'show: as they are called in this server',
    },
  },
};
