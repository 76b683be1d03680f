/** What happens to the bot in a voice channel, in German. */
import type { Catalogue } from '../catalogue.ts';
import { counter, durations } from '../numbers.ts';

/** As Discord's German client has them, with the English name: it is what guides and other clients show. */
const PERMISSIONS = {
  ViewChannel: '**Kanal anzeigen** (View Channel)',
  Connect: '**Verbinden** (Connect)',
  Speak: '**Sprechen** (Speak)',
};
const PURPOSES = { broadcast: 'auf Sendung zu gehen', play: 'etwas abzuspielen' };

const lists = new Intl.ListFormat('de');
const forSoLong = durations(
  counter('de', { one: 'einer Sekunde', other: '# Sekunden' }),
  counter('de', { one: 'einer Minute', other: '# Minuten' }),
);
const timesOf = counter('de', { one: 'einmal', other: '#-mal' });

export const voice: Catalogue['voice'] = {
  permissionsMissing: ({ permissions, channel, purpose }) => {
    const names = permissions.map((permission) => PERMISSIONS[permission]);
    const noun = names.length > 1 ? 'die Berechtigungen' : 'die Berechtigung';
    return `Ich brauche ${noun} ${lists.format(names)} in ${channel}, um dort ${PURPOSES[purpose]}.`;
  },
  full: ({ channel, limit }) =>
    `${channel} ist voll: Das Limit liegt bei ${limit}. Erhöhe es um eins, oder jemand muss gehen.`,
  notLetIn: 'Discord hat mich nicht rechtzeitig in den Sprachkanal gelassen.',
  failed: ({ message }) => `Die Sprachverbindung ist fehlgeschlagen: ${message}`,
  gaveUp: ({ why, times }) => `${why} Ich habe ${timesOf(times)} versucht, zurückzukommen.`,

  closed: ({ why }) => `Discord hat die Sprachverbindung geschlossen: ${why}`,
  closes: {
    4001: 'Es kannte eine meiner Nachrichten nicht.',
    4002: 'Es konnte eine meiner Nachrichten nicht lesen.',
    4003: 'Ich hatte mich nicht ausgewiesen.',
    4004: 'Es hat mein Token nicht angenommen.',
    4005: 'Ich hatte mich schon ausgewiesen.',
    4006: 'Meine Sitzung ist nicht mehr gültig.',
    4009: 'Meine Sitzung ist abgelaufen.',
    4011: 'Der Sprachserver wurde nicht gefunden.',
    4012: 'Es kennt das Protokoll nicht, das ich spreche.',
    4014: 'Jemand hat meine Verbindung getrennt, oder den Kanal gibt es nicht mehr.',
    4015: 'Der Sprachserver ist abgestürzt.',
    4016: 'Es kennt die Verschlüsselung nicht, um die ich gebeten habe.',
    4017: 'Dieses Gespräch ist Ende-zu-Ende-verschlüsselt, und meine Verschlüsselung wurde nicht angenommen.',
    4020: 'Es fand eine meiner Anfragen falsch.',
    4021: 'Ich habe zu viele Anfragen gestellt.',
    4022: 'Das Gespräch wurde für alle beendet.',
  },
  closedOtherwise: ({ code }) => `Die Verbindung ist abgerissen (${code}).`,

  cannotDecrypt: 'Es wird gesprochen, und ich kann es nicht entschlüsseln.',
  unheard: ({ names }) =>
    `Ich höre, dass ${lists.format(names)} ${names.length === 1 ? 'spricht' : 'sprechen'}, kann es aber nicht entschlüsseln.`,
  rejoining: ({ why }) => `${why} Ich betrete den Kanal neu.`,

  empty: ({ channel, ms }) => `Seit ${forSoLong(ms)} ist niemand mehr in ${channel}.`,
  takenOut: 'Jemand hat mich aus dem Kanal geholt.',
  moved: ({ who, channel }) =>
    `${who ?? 'Jemand'} hat mich nach ${channel} verschoben, wo niemand gefragt worden ist.`,
  disconnected: ({ who }) => `${who ?? 'Jemand'} hat meine Verbindung zum Kanal getrennt.`,
  channelDeleted: 'Der Kanal wurde gelöscht.',
  removed: 'Ich wurde vom Server entfernt.',
  shuttingDown: 'Ich werde gerade heruntergefahren.',
  restarting: 'Ich werde gerade neu gestartet.',
  restarted: 'Ich wurde neu gestartet.',
  gatewayLost: 'Discord hat meine Verbindung verloren.',
  gatewayStayedAway: 'Discord hat meine Verbindung verloren und mir nicht rechtzeitig eine neue gegeben.',
};
