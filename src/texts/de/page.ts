/** What listeners read in a browser, in German. */
import type { Catalogue } from '../catalogue.ts';
import { counter, hoursAndMinutes } from '../numbers.ts';

export const page: Catalogue['page'] = {
  language: 'de',
  tagline: 'Sprachkanäle von Discord, live für alle.',
  untitled: (id) => `Podcast Nr. ${id}`,

  standings: {
    created: 'Noch nicht auf Sendung',
    live: 'Auf Sendung',
    interrupted: 'Kurz unterbrochen',
    over: 'Zu Ende',
    unknown: 'Nicht zu finden',
  },
  messages: {
    'before-created': 'Es hat noch nicht begonnen. Drücke auf Zuhören, dann hörst du es von Anfang an.',
    'before-live': 'Drücke auf Zuhören.',
    'before-interrupted':
      'Die Übertragung ist kurz unterbrochen. Drücke auf Zuhören, dann hörst du, wenn es weitergeht.',
    unreachable: 'Der Server antwortet nicht. Neuer Versuch …',
    connecting: 'Verbindung wird aufgebaut …',
    waiting: 'Es hat noch nicht begonnen. Bleib da, dann hörst du es von Anfang an.',
    playing: 'Du hörst zu.',
    interrupted: 'Die Übertragung ist kurz unterbrochen. Bleib da, dann hörst du, wenn es weitergeht.',
    reconnecting: 'Die Verbindung ist abgerissen. Neuer Versuch …',
    over: 'Dieser Podcast ist zu Ende. Danke fürs Zuhören.',
    unknown: 'Diesen Podcast gibt es nicht mehr.',
    refused: 'Mit diesem Link kann man den Podcast nicht mehr hören.',
    unable: 'Dieser Browser kann ihn nicht abspielen. Unten stehen andere Wege.',
  },
  listeners: counter('de', { one: '# Person hört zu', other: '# Personen hören zu' }),
  howLong: hoursAndMinutes('de'),
  onAirFor: (howLong) => `Auf Sendung seit ${howLong}`,

  player: {
    heading: 'Wiedergabe',
    listen: 'Zuhören',
    stop: 'Aufhören',
    mute: 'Stummschalten',
    unmute: 'Ton einschalten',
    muted: 'Stumm',
    volume: 'Lautstärke',
    volumeAt: (percent) => `Lautstärke ${percent} %`,
    delay: (howLong) => `${howLong} Verzögerung`,
    way: { packets: 'Jede Stimme für sich', stream: 'Ein Strom für alle' },
    quality: { good: 'Gute Verbindung', fair: 'Mäßige Verbindung', poor: 'Schlechte Verbindung' },
    needsScript: 'Ohne JavaScript hörst du die Übertragung hier ein paar Sekunden später:',
  },

  speakers: {
    heading: 'Stimmen',
    someone: (number) => `Jemand ${number}`,
    nobody: 'Gerade spricht niemand.',
    speaking: 'spricht',
    notYet: 'Wer spricht, siehst du, während du zuhörst.',
    notInStream: 'Auf diesem Weg ist nicht zu sehen, wer spricht.',
  },

  ways: {
    heading: 'Anders zuhören',
    mp3: 'MP3, für jeden Player und jedes Radio',
    opus: 'Ogg Opus, für VLC, mpv und Browser',
    hls: 'HLS, für Telefone und Fernseher',
    playlist: 'Wiedergabeliste für einen Player',
    link: 'Der Link',
    copy: 'Link kopieren',
    copied: 'Der Link ist kopiert.',
    notCopied: 'Der Browser ließ uns den Link nicht kopieren.',
    secret: 'Wer diesen Link hat, kann zuhören; gib ihn nur denen, die das sollen.',
  },

  keyboard: {
    heading: 'Tastatur',
    help: 'Hilfe zur Tastatur',
    play: 'Leertaste oder K: zuhören und aufhören',
    volume: 'Pfeil nach oben und unten: Lautstärke',
    mute: 'M: Ton aus und ein',
    question: '?: diese Hilfe',
    keysOn: 'Einzelne Tasten benutzen',
    close: 'Schließen',
  },

  live: {
    heading: 'Jetzt live',
    nothing: 'Gerade ist nichts auf Sendung.',
    back: 'Was gerade live ist',
  },

  faults: {
    unknown: {
      heading: 'Nicht gefunden',
      sentence: 'Unter dieser Adresse gibt es nichts zu hören. Ist der Link vollständig?',
    },
    ended: { heading: 'Zu Ende', sentence: 'Dieser Podcast ist zu Ende. Danke fürs Zuhören.' },
    busy: {
      heading: 'Zu viele Anfragen',
      sentence:
        'Von deiner Adresse kamen zu viele Anfragen. Warte eine Minute und versuche es dann noch einmal.',
    },
    away: {
      heading: 'Gleich wieder da',
      sentence: 'Dieser Server kann gerade nicht antworten. Versuche es gleich noch einmal.',
    },
    unbuilt: {
      heading: 'Fast fertig',
      sentence: 'Die Seite ist noch nicht gebaut: Wer diesen Server betreibt, führe npm run prepare aus.',
    },
    broken: {
      heading: 'Etwas ist kaputt',
      sentence: 'Dieser Server ist an der Anfrage gescheitert. Der Fehler liegt bei uns.',
    },
    again: 'Noch einmal versuchen',
  },
};
