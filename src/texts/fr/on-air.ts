/** What people in a channel that is on air read, in French. */
import type { Catalogue } from '../catalogue.ts';
import { counter } from '../numbers.ts';

const listenersOf = counter('fr', { other: '# à l’écoute' });

export const onAir: Catalogue['onAir'] = {
  language: 'fr',

  panel: {
    heading: '🔴 À l’antenne',
    notice: (title, where) =>
      `**${title}** est diffusé en direct : tout ce qui se dit dans ${where} s’entend en dehors de ce serveur.`,
    optOut:
      'Vous préférez ne pas y être entendu ? Cliquez sur **Ne pas me diffuser** : votre voix reste dans ce salon, maintenant et dans toute émission à venir.',
    optIn:
      'Sur ce serveur, seules y sont entendues les personnes qui le veulent : cliquez sur **Me diffuser**. Les autres voix restent dans ce salon.',
    names: 'Qui écoute lit les noms de celles et ceux qui parlent.',
    since: (when) => `Début : ${when}`,
    visibility: { public: 'public', unlisted: 'non répertorié', private: 'privé' },
    speaking: (names) => `Parle : ${names}`,
    others: counter('fr', { one: '# autre', other: '# autres' }),
    nobody: 'personne pour l’instant',
    listening: (listeners) => `À l’écoute : ${listeners}`,
    servers: counter('fr', { one: '# serveur', other: '# serveurs' }),
    page: counter('fr', { other: '# sur la page' }),
    apps: counter('fr', { one: '# application', other: '# applications' }),
    radio: counter('fr', { other: '# par radio' }),
    hls: counter('fr', { other: '# par HLS' }),
    offAir: counter('fr', {
      one: '# personne ici n’est pas diffusée',
      other: '# personnes ici ne sont pas diffusées',
    }),
    sound: (how) => `Son : ${how}`,
    clear: 'clair',
    lost: (percent) => `${percent} % des paquets se perdent en chemin vers moi`,
    undecryptable: counter('fr', {
      one: '# personne ne peut pas être déchiffrée',
      other: '# personnes ne peuvent pas être déchiffrées',
    }),
    away: 'interrompu, je reviens',
    ended: (title, howLong, listeners) =>
      `⚫ **${title}** a été à l’antenne pendant ${howLong}${listeners > 0 ? `, avec au plus ${listenersOf(listeners)}` : ''}.`,
  },

  buttons: {
    stop: 'Arrêter',
    link: 'Lien d’écoute',
    offAir: 'Ne pas me diffuser',
    onAir: 'Me diffuser',
  },

  status: (title) => `🔴 À l’antenne : ${title}`,

  answers: {
    tookOffAir:
      'Vous n’êtes **pas diffusé** sur ce serveur : rien de ce que vous dites ne l’est, dans aucune émission. `/podcast à-l-antenne` ou le bouton **Me diffuser** change cela.',
    putOnAir:
      'Vous êtes **diffusé** sur ce serveur : ce que vous dites dans un salon à l’antenne est diffusé en direct. `/podcast hors-antenne` ou le bouton **Ne pas me diffuser** change cela.',
    showIsGone: 'L’émission de ce message est terminée.',
    consent: {
      'opt-out':
        'Dans un salon à l’antenne, tout le monde est diffusé jusqu’à dire non (consentement : **opt-out**).',
      'opt-in':
        'N’est diffusé que qui a dit oui, avec **Me diffuser** ou `/podcast à-l-antenne` (consentement : **opt-in**).',
    },
    names: {
      hide: 'L’auditoire ne sait pas qui parle : sur la page d’un podcast, tout le monde est anonyme (noms : **masquer**).',
      show: 'L’auditoire sait qui parle, par les noms portés sur ce serveur ; qui n’est pas diffusé n’est pas nommé (noms : **afficher**).',
    },
  },
};
