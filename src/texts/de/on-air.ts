/** What people in a channel that is on air read, in German. */
import type { Catalogue } from '../catalogue.ts';
import { counter } from '../numbers.ts';

const listenersOf = counter('de', { other: '# Zuhörenden' });

export const onAir: Catalogue['onAir'] = {
  language: 'de',

  panel: {
    heading: '🔴 Auf Sendung',
    notice: (title, where) =>
      `**${title}** wird live übertragen: Was in ${where} gesagt wird, ist außerhalb dieses Servers zu hören.`,
    optOut:
      'Du möchtest dort nicht gehört werden? Drücke **Mich nicht senden**: Deine Stimme bleibt in diesem Kanal, jetzt und in jeder späteren Sendung.',
    optIn:
      'Auf diesem Server ist dort nur zu hören, wer das will: Drücke **Mich senden**. Alle anderen Stimmen bleiben in diesem Kanal.',
    names: 'Wer zuhört, liest die Namen derer, die sprechen.',
    since: (when) => `Begonnen ${when}`,
    visibility: { public: 'öffentlich', unlisted: 'nicht gelistet', private: 'privat' },
    speaking: (names) => `Es spricht: ${names}`,
    others: counter('de', { other: '# weitere' }),
    nobody: 'gerade niemand',
    listening: (listeners) => `Es hören zu: ${listeners}`,
    servers: counter('de', { other: '# Server' }),
    page: counter('de', { other: '# auf der Seite' }),
    apps: counter('de', { one: '# App', other: '# Apps' }),
    radio: counter('de', { other: '# per Radio' }),
    hls: counter('de', { other: '# per HLS' }),
    offAir: counter('de', {
      one: '# Person hier wird nicht gesendet',
      other: '# Personen hier werden nicht gesendet',
    }),
    sound: (how) => `Ton: ${how}`,
    clear: 'klar',
    lost: (percent) => `${percent} % der Pakete gehen auf dem Weg zu mir verloren`,
    undecryptable: counter('de', {
      one: '# Person kann nicht entschlüsselt werden',
      other: '# Personen können nicht entschlüsselt werden',
    }),
    away: 'unterbrochen, ich komme zurück',
    ended: (title, howLong, listeners) =>
      `⚫ **${title}** war ${howLong} auf Sendung${listeners > 0 ? `, mit höchstens ${listenersOf(listeners)}` : ''}.`,
  },

  buttons: {
    stop: 'Beenden',
    link: 'Link zum Zuhören',
    offAir: 'Mich nicht senden',
    onAir: 'Mich senden',
  },

  status: (title) => `🔴 Auf Sendung: ${title}`,

  answers: {
    tookOffAir:
      'Du wirst auf diesem Server **nicht gesendet**: Nichts, was du sagst, wird übertragen, in keiner Sendung. `/podcast senden` oder der Knopf **Mich senden** ändert das.',
    putOnAir:
      'Du wirst auf diesem Server **gesendet**: Was du in einem Kanal sagst, der auf Sendung ist, wird live übertragen. `/podcast nicht-senden` oder der Knopf **Mich nicht senden** ändert das.',
    showIsGone: 'Die Sendung zu dieser Nachricht ist beendet.',
    consent: {
      'opt-out':
        'Wer in einem Kanal ist, der auf Sendung ist, wird übertragen, bis er oder sie Nein sagt (Einwilligung: **Opt-out**).',
      'opt-in':
        'Übertragen wird nur, wer Ja gesagt hat, mit **Mich senden** oder `/podcast senden` (Einwilligung: **Opt-in**).',
    },
    names: {
      hide: 'Zuhörende erfahren nicht, wer spricht: Auf der Seite eines Podcasts sind alle anonym (Namen: **verbergen**).',
      show: 'Zuhörende erfahren, wer spricht, mit den Namen, die auf diesem Server gelten; wer nicht gesendet wird, wird nicht genannt (Namen: **zeigen**).',
    },
  },
};
