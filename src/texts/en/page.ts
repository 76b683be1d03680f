/** What listeners read in a browser, in English: the page of a podcast, the list of what is live, and what went wrong. */
import { counter, hoursAndMinutes } from '../numbers.ts';

export const page = {
  /** For `<html lang>`, numbers and durations: a BCP 47 tag. */
  language: 'en',
  tagline: 'Discord voice channels, live for everyone.',
  /** @param id of a podcast to which nobody gave a title */
  untitled: (id: number): string => `Podcast ${id}`,

  /** Of a podcast, in a few words. */
  states: {
    created: 'Not on air yet',
    live: 'On air',
    interrupted: 'Interrupted',
    ended: 'Over',
    unknown: 'Not found',
  },

  /** In sentences: before anybody presses the button, while they listen, and why it stopped. */
  messages: {
    before: {
      created: 'It has not begun. Press play now, and it starts by itself.',
      live: 'Press play to listen.',
      interrupted: 'The host is away for a moment. Press play, and it goes on by itself.',
    },
    during: {
      connecting: 'Connecting …',
      waiting: 'You are set. It starts by itself.',
      playing: 'You are listening live.',
      interrupted: 'The host is away for a moment. It goes on by itself.',
      reconnecting: 'The connection is lost. Trying again …',
    },
    ended: 'This podcast is over. Thank you for listening.',
    unknown: 'There is nothing to hear at this address any more.',
    refused: 'This podcast cannot be heard right now.',
    unable: 'This browser cannot play it here. Try another way to listen.',
    paused: 'The sound was paused. Press play to go on.',
    unreachable: 'The server does not answer. Trying again …',
  },
  listeners: counter('en', { one: '# listener', other: '# listeners' }),
  howLong: hoursAndMinutes('en'),
  onAirFor: (howLong: string): string => `On air for ${howLong}`,

  player: {
    heading: 'Player',
    play: 'Listen',
    stop: 'Stop',
    mute: 'Mute',
    unmute: 'Unmute',
    muted: 'Muted',
    volume: 'Volume',
    /** @param percent 0 … 100 */
    volumeAt: (percent: number): string => `Volume ${percent} %`,
    /** @param howLong with its unit, say `120 ms` */
    delay: (howLong: string): string => `${howLong} behind`,
    /** How the sound comes: with who speaks, at once, or as a stream for any player. */
    way: { packets: 'Direct', stream: 'As a stream, some seconds behind' },
    quality: { good: 'Good connection', fair: 'Fair connection', poor: 'Poor connection' },
    plain: 'If the player does not appear, this plays the broadcast a few seconds later:',
  },

  speakers: {
    heading: 'Voices',
    /** @param number 1 for the first voice that has no name */
    someone: (number: number): string => `Someone ${number}`,
    nobody: 'Nobody speaks right now.',
    speaking: 'speaking',
    notYet: 'Who speaks is shown here while you listen.',
    notInStream: 'A stream does not tell who speaks.',
  },

  ways: {
    heading: 'Other ways to listen',
    mp3: 'MP3, for every player and radio',
    opus: 'Ogg Opus, for VLC, mpv and browsers',
    hls: 'HLS, for phones and television sets',
    playlist: 'Playlist for a media player',
    link: 'Link to this page',
    copy: 'Copy the link',
    copied: 'The link is copied.',
    notCopied: 'The browser did not let us copy the link.',
    secret: 'Whoever has this link can listen; give it only to those who should.',
  },

  keyboard: {
    heading: 'Keyboard',
    space: 'Space',
    play: 'Listen and stop',
    mute: 'Sound off and on',
    volume: 'Louder and softer',
    help: 'This list',
    active: 'Use these keys',
    close: 'Close',
  },

  live: {
    heading: 'Live now',
    nothing: 'Nothing is on air right now.',
    back: 'What is live now',
  },

  faults: {
    unknown: {
      heading: 'Not found',
      sentence: 'There is nothing to hear at this address. Is the link complete?',
    },
    ended: { heading: 'Over', sentence: 'This podcast has ended. Thank you for listening.' },
    busy: {
      heading: 'Too many requests',
      sentence: 'There were too many requests from your address. Wait a minute, then try again.',
    },
    away: {
      heading: 'Back in a moment',
      sentence: 'This server cannot answer right now. Try again in a moment.',
    },
    unbuilt: {
      heading: 'Almost there',
      sentence: 'The page has not been built yet: whoever runs this server should run npm run prepare.',
    },
    broken: { heading: 'Something broke', sentence: 'This server failed at the request. The fault is ours.' },
    again: 'Try again',
  },
};
