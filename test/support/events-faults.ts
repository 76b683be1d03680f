/** Faults of JSON events, one by one (PROTOCOL.md §4). */
import type { PlantedFault } from './planted-fault.ts';
import { closingWith, telling, tolerating, welcoming } from './socket-changes.ts';

const CLIENT_JOIN = 4;

function isEvent(text: Buffer, code: number): boolean {
  return text.includes(`"t":${code},`);
}

export const EVENTS_FAULTS: readonly PlantedFault[] = [
  {
    name: 'makes no podcast at /ws',
    plant: () => ({
      upgrade: (upgrade) => {
        const { pathname, searchParams } = upgrade.url;
        return pathname === '/ws' && !searchParams.has('id') && 'client_id' in upgrade.headers ? 400 : upgrade;
      },
    }),
    breaks: [],
  },
  {
    name: 'makes another podcast at /ws?id=',
    plant: () => ({
      upgrade(upgrade) {
        const { pathname, searchParams } = upgrade.url;
        const isIt = pathname === '/ws' && 'client_id' in upgrade.headers && !searchParams.has('resume');
        if (isIt && !('ishost' in upgrade.headers)) searchParams.delete('id');
        return upgrade;
      },
    }),
    breaks: [],
  },
  {
    name: 'writes secret in unsigned bytes',
    plant: welcoming((data) => {
      data['secret'] = [...Uint8Array.from(data['secret'] as number[])];
    }),
    breaks: [],
  },
  {
    name: 'tells listeners of section 4 another key',
    plant: welcoming((data, { asked }) => {
      if (asked.url.pathname === '/listen') data['secret'] = (data['secret'] as number[]).toReversed();
    }),
    breaks: [],
  },
  {
    name: 'adds to Hello of section 4 without being asked',
    plant: () => ({
      upgrade(upgrade) {
        upgrade.url.searchParams.set('events', 'all');
        return upgrade;
      },
    }),
    breaks: [],
  },
  {
    name: 'tells listeners of section 4 a resume_token',
    plant: welcoming((data, { asked }) => {
      if (asked.url.pathname === '/listen') data['resume_token'] = 'token';
    }),
    breaks: [],
  },
  {
    name: 'closes hosts of section 4 without an account with 4006',
    plant: closingWith(4006, 'missingAuth'),
    breaks: [],
  },
  {
    name: 'closes listeners of no podcast with 1011',
    plant: closingWith(1011, 'unknownPodcast'),
    breaks: [],
  },
  {
    name: 'opens private podcasts on /listen to anyone',
    plant() {
      let key = '';
      return {
        answer(answer) {
          const [, found] = /"listen_key":"([^"]+)"/.exec(answer.text) ?? [];
          key = found ?? key;
          return answer;
        },
        upgrade(upgrade) {
          if (upgrade.url.pathname === '/listen') upgrade.url.searchParams.set('key', key);
          return upgrade;
        },
      };
    },
    breaks: [],
  },
  {
    name: 'tolerates what is no event',
    plant: tolerating('listener', ({ data }) => data.toString() === 'hello'),
    breaks: [],
  },
  {
    name: 'tolerates an address that is not confirmed',
    plant: tolerating('listener', ({ data }) => data.includes('192.0.2.1') && !data.includes('cookie')),
    breaks: [],
  },
  {
    name: 'tolerates the cookie of another address',
    plant: tolerating('listener', ({ data }) => data.includes('192.0.2.1') && data.includes('cookie')),
    breaks: [],
  },
  {
    name: 'does not tell the host who listens',
    plant: telling((event, { asked }) => {
      const isHost = asked.url.pathname === '/ws';
      return isHost && event.t === CLIENT_JOIN && event.data['client_id'] !== undefined ? strange(event) : event;
    }),
    breaks: [],
  },
  {
    name: 'tells nobody who left',
    plant: telling((event) => (event.t === 3 ? undefined : event)),
    breaks: [],
  },
  {
    name: 'closes a listener that says what it does not know',
    plant: () => ({
      fromClient: (message) => {
        return isEvent(message.data, 99) ? { data: Buffer.from('broken'), isBinary: false } : message;
      },
    }),
    breaks: [],
  },
  {
    name: 'forgets End',
    plant: telling((event) => (event.t === 5 ? undefined : event)),
    breaks: [],
  },
  {
    name: 'closes with 1000 after End',
    plant: closingWith(1000, 'senderDisconnected'),
    breaks: [],
  },
  {
    name: 'knows no resume at /ws',
    plant: () => ({
      upgrade: (upgrade) => (upgrade.url.searchParams.has('resume') ? 400 : upgrade),
    }),
    breaks: [],
  },
  {
    name: 'knows no audio=websocket',
    plant: () => ({
      upgrade(upgrade) {
        upgrade.url.searchParams.delete('audio');
        return upgrade;
      },
    }),
    breaks: [],
  },
];

/** The same event of somebody who is not there. */
function strange<Event extends { data: Record<string, unknown> }>(event: Event): Event {
  return { ...event, data: { ...event.data, client_id: 1 } };
}
