/** What happens to the bot in a voice channel, in French. */
import type { Catalogue } from '../catalogue.ts';
import { counter, durations } from '../numbers.ts';

/** As Discord's French client has them, with the English name: it is what guides and other clients show. */
const PERMISSIONS = {
  ViewChannel: '**Voir le salon** (View Channel)',
  Connect: '**Se connecter** (Connect)',
  Speak: '**Parler** (Speak)',
};
const PURPOSES = { broadcast: 'passer à l’antenne', play: 'diffuser un podcast' };

const lists = new Intl.ListFormat('fr');
const forSoLong = durations(
  counter('fr', { one: 'une seconde', other: '# secondes' }),
  counter('fr', { one: 'une minute', other: '# minutes' }),
);
const timesOf = counter('fr', { one: '# fois', other: '# fois' });

export const voice: Catalogue['voice'] = {
  permissionsMissing: ({ permissions, channel, purpose }) => {
    const names = permissions.map((permission) => PERMISSIONS[permission]);
    const noun = names.length > 1 ? 'des permissions' : 'de la permission';
    return `J’ai besoin ${noun} ${lists.format(names)} dans ${channel} pour y ${PURPOSES[purpose]}.`;
  },
  full: ({ channel, limit }) =>
    `${channel} est plein : sa limite est de ${limit}. Augmentez-la d’une place, ou laissez partir quelqu’un.`,
  notLetIn: 'Discord ne m’a pas laissé entrer à temps dans le salon vocal.',
  failed: ({ message }) => `La connexion vocale a échoué : ${message}`,
  gaveUp: ({ why, times }) => `${why} J’ai essayé ${timesOf(times)} de revenir.`,

  closed: ({ why }) => `Discord a fermé la connexion vocale : ${why}`,
  closes: {
    4001: 'il ne connaissait pas l’un de mes messages.',
    4002: 'il n’a pas pu lire l’un de mes messages.',
    4003: 'je n’étais pas identifié.',
    4004: 'il n’a pas accepté mon jeton.',
    4005: 'j’étais déjà identifié.',
    4006: 'ma session n’est plus valide.',
    4009: 'ma session a expiré.',
    4011: 'le serveur vocal est introuvable.',
    4012: 'il ne connaît pas le protocole que je parle.',
    4014: 'quelqu’un m’a déconnecté, ou le salon n’existe plus.',
    4015: 'le serveur vocal est tombé en panne.',
    4016: 'il ne connaît pas le chiffrement que j’ai demandé.',
    4017: 'cet appel est chiffré de bout en bout et il n’a pas accepté mon chiffrement.',
    4020: 'il a jugé incorrecte l’une de mes requêtes.',
    4021: 'j’ai envoyé trop de requêtes.',
    4022: 'l’appel a été terminé pour tout le monde.',
  },
  closedOtherwise: ({ code }) => `la connexion a été perdue (${code}).`,

  cannotDecrypt: 'On parle et je ne peux pas le déchiffrer.',
  unheard: ({ names }) =>
    `J’entends que ${lists.format(names)} ${names.length === 1 ? 'parle' : 'parlent'}, mais je ne peux pas le déchiffrer.`,
  rejoining: ({ why }) => `${why} Je me reconnecte au salon.`,

  empty: ({ channel, ms }) => `Il n’y a plus personne dans ${channel} depuis ${forSoLong(ms)}.`,
  takenOut: 'Quelqu’un m’a fait sortir du salon.',
  moved: ({ who, channel }) =>
    `${who ?? 'Quelqu’un'} m’a déplacé vers ${channel}, où personne n’a donné son accord.`,
  disconnected: ({ who }) => `${who ?? 'Quelqu’un'} m’a déconnecté du salon.`,
  channelDeleted: 'Le salon a été supprimé.',
  removed: 'J’ai été retiré du serveur.',
  shuttingDown: 'Je suis en train de m’arrêter.',
  restarting: 'Je suis en train de redémarrer.',
  restarted: 'J’ai redémarré.',
  gatewayLost: 'Discord a perdu ma connexion.',
  gatewayStayedAway: 'Discord a perdu ma connexion et ne m’en a pas donné d’autre à temps.',
};
