/** What listeners read in a browser, in French. */
import type { Catalogue } from '../catalogue.ts';
import { counter, hoursAndMinutes } from '../numbers.ts';

export const page: Catalogue['page'] = {
  language: 'fr',
  tagline: 'Des salons vocaux Discord, en direct pour tout le monde.',
  untitled: (id) => `Podcast nº ${id}`,

  states: {
    created: 'Pas encore à l’antenne',
    live: 'À l’antenne',
    interrupted: 'Interrompu',
    ended: 'Terminé',
    unknown: 'Introuvable',
  },

  messages: {
    before: {
      created: 'Ce n’est pas commencé. Lancez l’écoute maintenant : cela démarrera tout seul.',
      live: 'Lancez l’écoute.',
      interrupted: 'La diffusion est interrompue un instant. Lancez l’écoute : elle reprendra toute seule.',
    },
    during: {
      connecting: 'Connexion …',
      waiting: 'Tout est prêt. Cela démarrera tout seul.',
      playing: 'Vous écoutez en direct.',
      interrupted: 'La diffusion est interrompue un instant. Elle reprendra toute seule.',
      reconnecting: 'La connexion est coupée. Nouvel essai …',
    },
    ended: 'Ce podcast est terminé. Merci de votre écoute.',
    unknown: 'Il n’y a plus rien à écouter à cette adresse.',
    refused: 'Ce podcast ne peut pas être écouté pour le moment.',
    unable: 'Ce navigateur ne peut pas le lire ici. Essayez un autre moyen.',
    paused: 'Le son a été interrompu. Relancez l’écoute pour continuer.',
    unreachable: 'Le serveur ne répond pas. Nouvel essai …',
  },
  listeners: counter('fr', { one: '# auditeur', other: '# auditeurs' }),
  howLong: hoursAndMinutes('fr'),
  onAirFor: (howLong) => `À l’antenne depuis ${howLong}`,

  player: {
    heading: 'Lecteur',
    play: 'Écouter',
    stop: 'Arrêter',
    mute: 'Couper le son',
    unmute: 'Remettre le son',
    muted: 'Son coupé',
    volume: 'Volume',
    volumeAt: (percent) => `Volume à ${percent} %`,
    delay: (howLong) => `${howLong} de retard`,
    way: { packets: 'En direct', stream: 'Par flux, quelques secondes plus tard' },
    quality: { good: 'Bonne connexion', fair: 'Connexion moyenne', poor: 'Mauvaise connexion' },
    plain: 'Si le lecteur n’apparaît pas, ceci diffuse l’émission quelques secondes plus tard :',
  },

  speakers: {
    heading: 'Voix',
    someone: (number) => `Quelqu’un (${number})`,
    nobody: 'Personne ne parle en ce moment.',
    speaking: 'parle',
    notYet: 'Qui parle s’affiche ici pendant l’écoute.',
    notInStream: 'Un flux ne dit pas qui parle.',
  },

  ways: {
    heading: 'Écouter autrement',
    mp3: 'MP3, pour tous les lecteurs et radios',
    opus: 'Ogg Opus, pour VLC, mpv et les navigateurs',
    hls: 'HLS, pour les téléphones et les téléviseurs',
    playlist: 'Liste de lecture pour un lecteur',
    link: 'Lien vers cette page',
    copy: 'Copier le lien',
    copied: 'Le lien est copié.',
    notCopied: 'Le navigateur ne nous a pas laissé copier le lien.',
    secret: 'Qui a ce lien peut écouter ; ne le donnez qu’à ceux qui le doivent.',
  },

  keyboard: {
    heading: 'Clavier',
    space: 'Espace',
    play: 'Écouter et arrêter',
    mute: 'Couper et remettre le son',
    volume: 'Plus fort et moins fort',
    help: 'Cette liste',
    active: 'Utiliser ces touches',
    close: 'Fermer',
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
