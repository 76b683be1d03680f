/** What is said where the bot plays a podcast, in German. */
import type { Catalogue } from '../catalogue.ts';
import { counter } from '../numbers.ts';
import { commands } from './commands.ts';

const LISTEN = `\`/${commands.podcast.name} ${commands.listen.name}\``;
const LEAVE = `\`/${commands.podcast.name} ${commands.leave.name}\``;
const VOLUME = `\`/${commands.podcast.name} ${commands.volume.name}\``;

const listenersOf = counter('de', { one: '# Person hört zu', other: '# Personen hören zu' });

export const audience: Catalogue['audience'] = {
  joinFirst: 'Geh zuerst in einen Sprachkanal: Dort wird der Podcast abgespielt.',
  plays: ({ title, channel }) => `Ich spiele **${title}** in ${channel}. ${LEAVE} beendet es.`,
  announced: ({ title, origin }) =>
    `▶️ Hier läuft **${title}**, live von ${origin}. ${VOLUME} macht es lauter oder leiser, ${LEAVE} beendet es.`,
  host: ({ account }) => `Host ${account}`,
  untitled: ({ id }) => `Podcast Nr. ${id}`,
  alreadyPlaying: ({ title, channel }) =>
    `Ich spiele hier schon **${title}** in ${channel}; zuerst ${LEAVE}.`,
  aboutToPlay: ({ channel }) => `Ich spiele gleich einen Podcast in ${channel}; einen Moment.`,
  notBegun: ({ why }) => `Ich konnte ihn nicht abspielen. ${why}`,
  couldNotBegin: 'Er konnte nicht beginnen.',
  over: ({ title, why }) => `Ich spiele **${title}** nicht mehr. ${why}`,
  stopped: 'Ich spiele ihn nicht mehr.',
  stoppedBy: ({ name }) => `${name} hat es beendet.`,
  nothingPlays: `Ich spiele auf diesem Server nichts. ${LISTEN} spielt einen Podcast.`,
  notYours: ({ channel }) =>
    `Er läuft in ${channel}: Das darf, wer dort ist oder die Berechtigung **Events verwalten** (Manage Events) hat.`,
  mayNotSpeak: ({ channel }) =>
    `Was in ${channel} zu hören ist, bestimmt, wer dort sprechen darf: mit der Berechtigung **Sprechen** (Speak), auf einer Stage vom Podium aus, oder mit **Events verwalten** (Manage Events).`,
  volumeIs: ({ percent }) => `Er läuft hier mit ${percent} %.`,
  tooManyVolumes:
    'Gerade sind zu viele verschiedene Lautstärken in Gebrauch. Jede Person kann auch selbst einstellen, wie laut ich bin: Rechtsklick auf mich.',

  unknownPodcast:
    'Einen solchen Podcast kenne ich nicht. Ein privater öffnet sich mit dem Link samt Schlüssel.',
  notAPodcast: 'Wähle einen Podcast aus der Liste, oder gib seine Nummer oder seinen Link ein.',
  otherRelay: 'Dieser Link gehört zu einem anderen Relay; ich spiele, was auf meinem läuft.',

  listed: ({ title, origin, since, listeners, id, page }) =>
    `**${title}** · ${origin} · begonnen ${since} · ${listenersOf(listeners)} · ${id} · ${page}`,
  andOthers: ({ others }) => `… und ${others} weitere; ${LISTEN} findet sie nach dem Titel.`,
  nothingListed: 'Gerade ist kein öffentlicher Podcast auf Sendung.',

  comingBack: 'Ich komme zurück; solange ist es hier still.',
  back: 'Ich bin zurück; der Podcast läuft weiter.',
  goesOn: ({ why }: { readonly why: string }) => `${why} Der Podcast läuft weiter, sobald ich zurück bin.`,
  handRaised:
    'Ich habe die Hand gehoben: Niemand hört den Podcast, bevor mich jemand von der Stage-Moderation zum Sprechen einlädt.',
  inAudience:
    'Ich darf auf dieser Stage weder sprechen noch die Hand heben (Berechtigung **Redeanfrage**, Request to Speak): Niemand hört hier den Podcast.',
};
