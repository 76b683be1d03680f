/** What is said of a show, in German. */
import type { Catalogue } from '../catalogue.ts';
import { counter } from '../numbers.ts';
import { commands } from './commands.ts';
import { onAir } from './on-air.ts';

const START = `\`/${commands.podcast.name} ${commands.start.name}\``;
const STOP = `\`/${commands.podcast.name} ${commands.stop.name}\``;

const listenersOf = counter('de', { one: '# Person hört zu', other: '# Personen hören zu' });
const framesOf = counter('de', { one: '# Frame', other: '# Frames' });
const othersOf = counter('de', { one: '# weitere Person', other: '# weitere Personen' });
const numbers = new Intl.NumberFormat('de');

export const show: Catalogue['show'] = {
  deeds: {
    start: 'einen Podcast zu starten',
    endAnothers: 'einen Podcast zu beenden, den jemand anderes gestartet hat',
    changeSettings: 'diese Einstellungen zu ändern',
  },
  joinFirst: 'Geh zuerst in einen Sprachkanal: Was dort gesagt wird, ist der Podcast.',
  noneOnAir: `Auf diesem Server ist kein Podcast auf Sendung. ${START} beginnt einen.`,
  alreadyOnAir: ({ channel }) => `In ${channel} ist schon ein Podcast auf Sendung. ${STOP} beendet ihn.`,
  aboutToBegin: ({ channel }) => `In ${channel} beginnt gerade ein Podcast; gib ihm einen Moment.`,
  notBegun: ({ why }) => `Der Podcast hat nicht begonnen. ${why} ${START} versucht es noch einmal.`,
  unmarked:
    'Discord hat mich weder den Status des Kanals noch meinen Nickname ändern lassen, und ein Kanal auf Sendung muss gekennzeichnet sein.',
  mayNotMark: ({ channel }) => {
    const status =
      channel === undefined
        ? ''
        : `**Sprachkanal-Status festlegen** (Set Voice Channel Status) in ${channel} oder `;
    return `Ich brauche die Berechtigung ${status}**Nickname ändern** (Change Nickname), damit alle sehen können, dass der Kanal auf Sendung ist.`;
  },
  couldNotBegin: 'Er konnte nicht beginnen.',

  mayNotWrite: ({ channel }) =>
    `In ${channel} darf ich nicht schreiben: Sag den Leuten dort, dass sie auf Sendung sind, oder gib mir **Nachrichten senden** (Send Messages).`,
  mayNotSpeak: ({ channel }) =>
    `In ${channel} darf ich nicht sprechen, also hört niemand meine Ansage: Sag den Leuten dort, dass sie auf Sendung sind.`,
  onAir: ({ title, visibility, id }) =>
    `**${title}** ist auf Sendung (${onAir.panel.visibility[visibility]}), Podcast ${id}.`,
  howToListen: ({ link, line }) => `Zuhören im Browser: ${link}\nOder in einem Terminal: ${line}`,
  askForKey: ({ host }) => `Frag ${host} nach dem Link mit dem Schlüssel, wenn du zuhören möchtest.`,
  keepKey: 'Wer diesen Link hat, kann zuhören; gib ihn nur denen, die es sollen.',

  goes: ({ since, channel, listeners, frames }) =>
    `Begonnen ${since} in ${channel} · ${listenersOf(listeners)} · ${framesOf(frames)} gesendet.`,
  onAirElsewhere: 'Auf diesem Server ist ein Podcast auf Sendung, in einem Kanal, den du nicht siehst.',
  nobodySpeaks: 'Gerade spricht niemand.',
  speaking: ({ names, others }) =>
    `Es sprechen: ${names.join(', ')}${others > 0 ? ` und ${othersOf(others)}` : ''}.`,
  notBroadcast: ({ drops }) =>
    `Nicht übertragen: ${drops.map(({ count, reason }) => `${numbers.format(count)} ${reason}`).join('; ')}.`,
  dropReasons: {
    malformed: 'kein RTP-Paket mit Opus',
    'unknown-ssrc': 'von jemandem, den der Sprachserver noch nicht genannt hat',
    'no-key': 'bevor der Transportschlüssel vereinbart war',
    transport: 'nicht authentisch',
    padding: 'Füllung oder Erweiterung länger als das Paket',
    empty: 'nur Füllung',
    duplicate: 'doppelt gekommen',
    dave: 'Ende-zu-Ende-Entschlüsselung fehlgeschlagen',
    'dave-not-ready': 'Ende-zu-Ende-verschlüsselt, bevor dieser Bot in der Gruppe war',
    'dave-message': 'unverständliche Nachrichten der Ende-zu-Ende-Verschlüsselung',
    'off-air': 'von Personen, die nicht auf Sendung sind',
    'not-connected': 'während das Relay nicht erreichbar war',
    'relay-slow': 'weil das Relay zu langsam war',
    'not-opus': 'kein Opus',
    'still-encrypted': 'noch verschlüsselt',
  },

  stopped: 'Der Podcast ist zu Ende.',
  over: ({ why }) => `Der Podcast ist zu Ende. ${why}`,
  endedBy: ({ name }) => `${name} hat ihn beendet.`,
  endedByRelay: ({ why }) => `Das Relay hat den Podcast beendet: ${why}`,

  comingBack: 'Ich komme zurück; bis dahin ist für die Zuhörenden Stille.',
  back: 'Ich bin wieder da; der Podcast geht weiter.',
  goesOn: ({ why }: { readonly why: string }) => `${why} Der Podcast geht weiter, sobald ich wieder da bin.`,
  handRaised:
    'Ich habe die Hand gehoben: Jemand von der Stage-Moderation kann mich zum Sprechen einladen. Der Podcast ist schon auf Sendung.',
  inAudience:
    'Auf dieser Stage darf ich weder sprechen noch die Hand heben (Berechtigung **Redeanfrage**, Request to Speak). Der Podcast ist auf Sendung, ich bleibe nur im Publikum.',
};
