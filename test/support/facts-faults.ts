/** Faults of what listeners are told of a podcast, one by one (PROTOCOL.md §4). */
import type { PlantedFault } from './planted-fault.ts';
import { telling, tolerating } from './socket-changes.ts';

const PODCAST = 8;
const OF_SECTION_3 = 'The speakers that a host of section 3 names are told to listeners in Podcast.';
const OF_SECTION_4 = 'The speakers that a host of section 4 names are told to listeners in Podcast.';

export const FACTS_FAULTS: readonly PlantedFault[] = [
  {
    name: 'says nothing of the guild',
    plant: telling(({ t, data }) => ({ t, data: t === PODCAST ? { ...data, guild: '' } : data })),
    breaks: ['With ?events=all Podcast comes behind Hello, and says what the podcast object says.'],
  },
  {
    name: 'tells everyone Podcast',
    plant: () => ({
      upgrade(upgrade) {
        upgrade.url.searchParams.set('events', 'all');
        return upgrade;
      },
    }),
    breaks: ['Podcast comes to no connection that did not ask for all events.'],
  },
  {
    name: 'keeps the names of speakers to itself',
    plant: telling(({ t, data }) => ({ t, data: t === PODCAST ? { ...data, speakers: [] } : data })),
    breaks: [OF_SECTION_3, OF_SECTION_4],
  },
  {
    name: 'tolerates Speakers in another shape',
    plant: tolerating('host', ({ data }) => data.includes('"ssrc":"Z')),
    breaks: ['A host whose Speakers are no list of ssrc and name is closed with 4002.'],
  },
  {
    name: 'tolerates Speakers of a listener',
    plant: () => ({
      fromClient(message, { asked }) {
        return asked.url.pathname === '/listen' && message.data.includes('"t":9') ? undefined : message;
      },
    }),
    breaks: ['A listener that says Speakers is closed with 4002.'],
  },
  {
    name: 'takes everybody who says from= for the page',
    plant: () => ({
      upgrade(upgrade) {
        if (upgrade.url.searchParams.has('from')) upgrade.url.searchParams.set('from', 'page');
        return upgrade;
      },
    }),
    breaks: ['A listener that says from=page counts as page, and one that says from=elsewhere does not.'],
  },
];
