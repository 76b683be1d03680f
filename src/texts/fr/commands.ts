/** Slash commands in French. */
import type { Catalogue } from '../catalogue.ts';

export const commands: Catalogue['commands'] = {
  podcast: { name: 'podcast', description: 'Diffuser ce salon vocal en direct' },
  start: { name: 'démarrer', description: 'Mettre à l’antenne le salon vocal où vous êtes' },
  'start.title': { name: 'titre', description: 'Le nom de l’émission' },
  'start.visibility': {
    name: 'visibilité',
    description: 'Qui peut écouter (public, sauf indication contraire)',
    choices: {
      public: 'public : dans la liste, tout le monde peut écouter',
      unlisted: 'non répertorié : quiconque a le lien',
      private: 'privé : seulement avec la clé',
    },
  },
  stop: { name: 'arrêter', description: 'Mettre fin au podcast de ce serveur' },
  status: { name: 'état', description: 'Où en est le podcast de ce serveur' },
  invite: { name: 'inviter', description: 'Le lien qui ajoute ce bot à un autre serveur' },
  listen: { name: 'écouter', description: 'Diffuser un podcast dans le salon vocal où vous êtes' },
  'listen.podcast': { name: 'podcast', description: 'Son lien ou son numéro' },
  leave: { name: 'quitter', description: 'Arrêter la lecture et quitter le salon vocal' },
  list: { name: 'liste', description: 'Les podcasts à l’antenne en ce moment' },
  volume: { name: 'volume', description: 'Le volume du podcast ici' },
  'volume.percent': { name: 'pourcentage', description: '100 correspond au volume d’origine' },
  offair: { name: 'hors-antenne', description: 'Exclure votre voix des diffusions de ce serveur' },
  onair: {
    name: 'à-l-antenne',
    description: 'Laisser entendre votre voix dans les diffusions de ce serveur',
  },
  settings: { name: 'réglages', description: 'Ce qui vaut pour tous les podcasts de ce serveur' },
  'settings.consent': {
    name: 'consentement',
    description: 'Quelles voix sont diffusées',
    choices: {
      'opt-out': 'opt-out : tout le monde, sauf refus',
      'opt-in': 'opt-in : seulement les personnes qui ont accepté',
    },
  },
  'settings.names': {
    name: 'noms',
    description: 'Si l’auditoire voit les noms de qui parle (masqués, sauf indication contraire)',
    choices: {
      hide: 'masquer : tout le monde est anonyme',
      show: 'afficher : les noms portés sur ce serveur',
    },
  },
};
