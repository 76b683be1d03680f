/** What is said of a show, in French. */
import type { Catalogue } from '../catalogue.ts';
import { counter } from '../numbers.ts';
import { commands } from './commands.ts';
import { onAir } from './on-air.ts';

const START = `\`/${commands.podcast.name} ${commands.start.name}\``;
const STOP = `\`/${commands.podcast.name} ${commands.stop.name}\``;

const listenersOf = counter('fr', { one: '# auditeur', other: '# auditeurs' });
const framesOf = counter('fr', { one: '# trame envoyée', other: '# trames envoyées' });
const othersOf = counter('fr', { one: '# autre personne', other: '# autres personnes' });
const numbers = new Intl.NumberFormat('fr');

export const show: Catalogue['show'] = {
  deeds: {
    start: 'démarrer un podcast',
    endAnothers: 'mettre fin à un podcast lancé par quelqu’un d’autre',
    changeSettings: 'changer ces réglages',
  },
  joinFirst: 'Rejoignez d’abord un salon vocal : le podcast, c’est ce qui s’y dit.',
  noneOnAir: `Aucun podcast n’est à l’antenne sur ce serveur. ${START} en lance un.`,
  alreadyOnAir: ({ channel }) => `Un podcast est déjà à l’antenne dans ${channel}. ${STOP} y met fin.`,
  aboutToBegin: ({ channel }) => `Un podcast est sur le point de commencer dans ${channel} ; un instant.`,
  notBegun: ({ why }) => `Le podcast n’a pas commencé. ${why} ${START} pour réessayer.`,
  unmarked:
    'Discord ne m’a laissé changer ni le statut du salon ni mon pseudo, et un salon à l’antenne doit être signalé.',
  mayNotMark: ({ channel }) => {
    const status =
      channel === undefined
        ? ''
        : `**Définir le statut du salon vocal** (Set Voice Channel Status) dans ${channel} ou `;
    return `J’ai besoin de la permission ${status}**Changer le pseudo** (Change Nickname), pour que tout le monde voie que le salon est à l’antenne.`;
  },
  couldNotBegin: 'Il n’a pas pu commencer.',

  mayNotWrite: ({ channel }) =>
    `Je ne peux pas écrire dans ${channel} : dites aux personnes présentes qu’elles sont à l’antenne, ou donnez-moi la permission **Envoyer des messages** (Send Messages).`,
  mayNotSpeak: ({ channel }) =>
    `Je ne peux pas parler dans ${channel}, personne n’entend donc mon annonce : dites aux personnes présentes qu’elles sont à l’antenne.`,
  onAir: ({ title, visibility, id }) =>
    `**${title}** est à l’antenne (${onAir.panel.visibility[visibility]}), podcast ${id}.`,
  howToListen: ({ link, line }) => `Écouter dans un navigateur : ${link}\nOu dans un terminal : ${line}`,
  askForKey: ({ host }) => `Pour écouter, demandez à ${host} le lien avec la clé.`,
  keepKey: 'Quiconque a ce lien peut écouter ; ne le donnez qu’à qui de droit.',

  goes: ({ since, channel, listeners, frames }) =>
    `À l’antenne dans ${channel} (${since}) · ${listenersOf(listeners)} · ${framesOf(frames)}.`,
  onAirElsewhere: 'Un podcast est à l’antenne sur ce serveur, dans un salon que vous ne voyez pas.',
  nobodySpeaks: 'Personne ne parle en ce moment.',
  speaking: ({ names, others }) =>
    `En train de parler : ${names.join(', ')}${others > 0 ? ` et ${othersOf(others)}` : ''}.`,
  notBroadcast: ({ drops }) =>
    `Non diffusé : ${drops.map(({ count, reason }) => `${numbers.format(count)} ${reason}`).join(' ; ')}.`,
  dropReasons: {
    malformed: 'autre chose qu’un paquet RTP Opus',
    'unknown-ssrc': 'd’une personne que le serveur vocal n’a pas encore annoncée',
    'no-key': 'avant l’accord sur la clé de transport',
    transport: 'non authentiques',
    padding: 'avec un remplissage ou une extension plus longs que le paquet',
    empty: 'avec du remplissage seulement',
    duplicate: 'en double',
    dave: 'dont le déchiffrement de bout en bout a échoué',
    'dave-not-ready': 'chiffrés de bout en bout avant l’entrée de ce bot dans le groupe',
    'dave-message': 'messages incompréhensibles du chiffrement de bout en bout',
    'off-air': 'de personnes hors antenne',
    'not-connected': 'pendant que le relais était injoignable',
    'relay-slow': 'parce que le relais était trop lent',
    'not-opus': 'autre chose que de l’Opus',
    'still-encrypted': 'encore chiffrés',
  },

  stopped: 'Le podcast est terminé.',
  over: ({ why }) => `Le podcast est terminé. ${why}`,
  endedBy: ({ name }) => `${name} y a mis fin.`,
  endedByRelay: ({ why }) => `Le relais a mis fin au podcast : ${why}`,

  comingBack: 'Je reviens ; en attendant, les auditeurs entendent du silence.',
  back: 'Me revoilà ; le podcast continue.',
  goesOn: ({ why }: { readonly why: string }) => `${why} Le podcast continuera dès que je serai de retour.`,
  handRaised:
    'J’ai levé la main : la modération de la conférence peut m’inviter à parler. En attendant, le podcast est à l’antenne.',
  inAudience:
    'Je ne peux ni parler dans cette conférence ni lever la main (permission **Demande de prise de parole**, Request to Speak). Le podcast est à l’antenne, je reste seulement dans le public.',
};
