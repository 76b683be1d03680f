/** What listeners read in a browser, in French. */
import type { Catalogue } from '../catalogue.ts';
import { counter, hoursAndMinutes } from '../numbers.ts';

export const page: Catalogue['page'] = {
  language: 'fr',
  tagline: 'Des salons vocaux Discord, en direct pour tout le monde.',
  untitled: (id) => `Podcast nº ${id}`,

  states: {
    created: 'Pas encore à l’antenne. Cela commencera tout seul.',
    live: 'À l’antenne',
    interrupted: 'La diffusion est interrompue un instant.',
    ended: 'Ce podcast est terminé.',
    connecting: 'Connexion …',
    reconnecting: 'La connexion est coupée. Nouvel essai …',
    refused: 'Ce podcast ne peut plus être écouté.',
    unable: 'Ce navigateur ne peut pas le lire ici. Essayez un autre moyen ci-dessous.',
  },
  listeners: counter('fr', { one: '# auditeur', other: '# auditeurs' }),
  howLong: hoursAndMinutes('fr'),
  onAirFor: (howLong) => `À l’antenne depuis ${howLong}`,

  player: {
    heading: 'Lecteur',
    play: 'Écouter',
    pause: 'Mettre en pause',
    mute: 'Couper le son',
    unmute: 'Remettre le son',
    volume: 'Volume',
    volumeAt: (percent) => `Volume à ${percent} %`,
    delay: (seconds) => `${seconds} s de retard`,
    quality: { good: 'Bonne connexion', fair: 'Connexion moyenne', poor: 'Mauvaise connexion' },
    needsScript: 'Sans JavaScript, ceci diffuse l’émission quelques secondes plus tard :',
  },

  speakers: {
    heading: 'Voix',
    someone: (number) => `Quelqu’un (${number})`,
    nobody: 'Personne ne parle en ce moment.',
    speaks: (name) => `${name} parle`,
  },

  ways: {
    heading: 'Écouter autrement',
    mp3: 'MP3, pour tous les lecteurs et radios',
    opus: 'Ogg Opus, pour VLC, mpv et les navigateurs',
    hls: 'HLS, pour les téléphones et les téléviseurs',
    playlist: 'Liste de lecture pour un lecteur',
    copy: 'Copier le lien',
    copied: 'Le lien est copié.',
    notCopied: 'Le navigateur ne nous a pas laissé copier le lien.',
    secret: 'Qui a ce lien peut écouter ; ne le donnez qu’à ceux qui le doivent.',
  },

  keyboard: {
    heading: 'Clavier',
    play: 'Espace ou K : écouter et mettre en pause',
    volume: 'Flèches haut et bas : volume',
    mute: 'M : couper et remettre le son',
  },

  live: {
    heading: 'En direct',
    nothing: 'Rien n’est à l’antenne en ce moment.',
    back: 'Ce qui est en direct',
  },

  faults: {
    unknown: {
      heading: 'Introuvable',
      sentence: 'Il n’y a rien à écouter à cette adresse. Le lien est-il complet ?',
    },
    ended: { heading: 'Terminé', sentence: 'Ce podcast est terminé. Merci de votre écoute.' },
    busy: {
      heading: 'Trop de requêtes',
      sentence: 'Il y a eu trop de requêtes depuis votre adresse. Attendez une minute, puis réessayez.',
    },
    away: {
      heading: 'De retour bientôt',
      sentence: 'Ce serveur ne peut pas répondre en ce moment. Réessayez dans un instant.',
    },
    unbuilt: {
      heading: 'Presque prêt',
      sentence: 'La page n’est pas encore construite : qui gère ce serveur doit lancer npm run prepare.',
    },
    broken: { heading: 'Une panne', sentence: 'Ce serveur a échoué à cette requête. La faute est la nôtre.' },
    again: 'Réessayer',
  },
};
