/** What is said where the bot plays a podcast, in French. */
import type { Catalogue } from '../catalogue.ts';
import { counter } from '../numbers.ts';
import { commands } from './commands.ts';

const LISTEN = `\`/${commands.podcast.name} ${commands.listen.name}\``;
const LEAVE = `\`/${commands.podcast.name} ${commands.leave.name}\``;
const VOLUME = `\`/${commands.podcast.name} ${commands.volume.name}\``;

const listenersOf = counter('fr', { one: '# auditeur', other: '# auditeurs' });

export const audience: Catalogue['audience'] = {
  joinFirst: 'Rejoignez d’abord un salon vocal : le podcast y est diffusé.',
  plays: ({ title, channel }) => `Je diffuse **${title}** dans ${channel}. ${LEAVE} l’arrête.`,
  announced: ({ title, origin }) =>
    `▶️ **${title}** passe ici, en direct de ${origin}. ${VOLUME} règle le volume, ${LEAVE} l’arrête.`,
  host: ({ account }) => `l’hôte ${account}`,
  untitled: ({ id }) => `Podcast n° ${id}`,
  alreadyPlaying: ({ title, channel }) => `Je diffuse déjà **${title}** dans ${channel} ; d’abord ${LEAVE}.`,
  aboutToPlay: ({ channel }) => `Je suis sur le point de diffuser un podcast dans ${channel} ; un instant.`,
  notBegun: ({ why }) => `Je n’ai pas pu le diffuser. ${why}`,
  couldNotBegin: 'Il n’a pas pu commencer.',
  over: ({ title, why }) => `Je ne diffuse plus **${title}**. ${why}`,
  stopped: 'Je ne le diffuse plus.',
  stoppedBy: ({ name }) => `${name} l’a arrêté.`,
  nothingPlays: `Je ne diffuse rien sur ce serveur. ${LISTEN} diffuse un podcast.`,
  notYours: ({ channel }) =>
    `Il passe dans ${channel} : c’est à qui s’y trouve, ou a la permission **Gérer les évènements** (Manage Events).`,
  mayNotSpeak: ({ channel }) =>
    `Ce qu’on entend dans ${channel} revient à qui peut y parler : avec la permission **Parler** (Speak), dans une conférence comme intervenant, ou avec **Gérer les évènements** (Manage Events).`,
  volumeIs: ({ percent }) => `Il passe ici à ${percent} %.`,
  tooManyVolumes:
    'Trop de volumes différents sont utilisés en ce moment. Chacun peut aussi régler mon volume : clic droit sur moi.',

  unknownPodcast: 'Je ne connais pas ce podcast. Un podcast privé s’ouvre par son lien avec la clé.',
  notAPodcast: 'Choisissez un podcast dans la liste, ou tapez son numéro ou son lien.',
  otherRelay: 'Ce lien est celui d’un autre relais ; je diffuse ce qui est sur le mien.',

  listed: ({ title, origin, since, listeners, id, page }) =>
    `**${title}** · ${origin} · ${since} · ${listenersOf(listeners)} · ${id} · ${page}`,
  andOthers: ({ others }) => `… et ${others} de plus ; ${LISTEN} les trouve par leur titre.`,
  nothingListed: 'Aucun podcast public n’est à l’antenne en ce moment.',

  comingBack: 'Je reviens ; en attendant, c’est le silence ici.',
  back: 'Je suis de retour ; le podcast continue.',
  goesOn: ({ why }: { readonly why: string }) => `${why} Le podcast continuera dès que je serai de retour.`,
  handRaised:
    'J’ai levé la main : personne n’entend le podcast avant que la modération de la conférence m’invite à parler.',
  inAudience:
    'Je ne peux ni parler dans cette conférence ni lever la main (permission **Demande de prise de parole**, Request to Speak) : personne n’entend le podcast ici.',
};
