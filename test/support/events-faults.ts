/** Faults of JSON events, one by one (PROTOCOL.md §4). */
import type { Link } from './faulty-relay.ts';
import type { PlantedFault } from './planted-fault.ts';
import { closingWith, telling, tolerating, welcoming } from './socket-changes.ts';

const CLIENT_JOIN = 4;

function isEvent(text: Buffer, code: number): boolean {
  return text.includes(`"t":${code},`);
}

export const EVENTS_FAULTS: readonly PlantedFault[] = [
  {
    name: 'does not show the podcasts that were made at /ws',
    plant() {
      const called = new Set<string | null>();
      return {
        answer(answer, { method, url }) {
          if (method === 'POST') called.add(/"id":(\d+)/.exec(answer.text)?.[1] ?? '');
          const isIt =
            method === 'GET' && url.pathname === '/podcast' && !called.has(url.searchParams.get('id'));
          return isIt ? { ...answer, status: 404 } : answer;
        },
      };
    },
    breaks: ['A host connects to /ws, which makes a podcast, and is told Hello.'],
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
    breaks: ['A host connects to /ws?id= for a podcast that is there.'],
  },
  {
    name: 'writes secret in unsigned bytes',
    plant: welcoming((data) => {
      data['secret'] = [...Uint8Array.from(data['secret'] as number[])];
    }),
    breaks: ['secret is 32 signed bytes.'],
  },
  {
    name: 'tells listeners of section 4 another key',
    plant: welcoming((data, { asked }) => {
      if (asked.url.pathname === '/listen') data['secret'] = (data['secret'] as number[]).toReversed();
    }),
    breaks: ['A listener connects to /listen?id= and is told the key of the host.'],
  },
  {
    name: 'adds to Hello of section 4 without being asked',
    plant: () => ({
      upgrade(upgrade) {
        upgrade.url.searchParams.set('events', 'all');
        return upgrade;
      },
    }),
    breaks: ['Hello of section 4 has no additions for a connection that did not ask for all events.'],
  },
  {
    name: 'tells listeners of section 4 a resume_token',
    plant: welcoming((data, { asked }) => {
      if (asked.url.pathname === '/listen') data['resume_token'] = 'token';
    }),
    breaks: [
      'With ?events=all Hello of section 4 has client_id, and for a host resume_token and resume_seconds.',
    ],
  },
  {
    name: 'closes hosts of section 4 without an account with 4006',
    plant: closingWith(4006, 'missingAuth'),
    breaks: [
      'A host of section 4 is closed with 4000 without an account.',
      'A host without an account is let in and closed with 4000.',
    ],
  },
  {
    name: 'closes listeners of no podcast with 1011',
    plant: closingWith(1011, 'unknownPodcast'),
    breaks: [
      'A private podcast is closed with 4006 to whoever has no key or a wrong one.',
      'A listener of section 4 is closed with 4006 when there is no podcast of that id.',
      'A private podcast opens to its key on /listen, and to nobody else.',
      'A listener of a podcast that is not there is closed with 4006.',
      'A host of a podcast that is not there is closed with 4006.',
    ],
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
    breaks: ['A private podcast opens to its key on /listen, and to nobody else.'],
  },
  {
    name: 'tolerates what is no event',
    plant: tolerating('listener', ({ data }) => data.toString() === 'hello'),
    breaks: ['A message that is no event is closed with 4002.'],
  },
  {
    name: 'tolerates an address that is not confirmed',
    plant: tolerating('listener', ({ data }) => data.includes('192.0.2.1') && !data.includes('cookie')),
    breaks: ['An address that is not confirmed is closed with 4007.'],
  },
  {
    name: 'tolerates the cookie of another address',
    plant: tolerating('listener', ({ data }) => data.includes('192.0.2.1') && data.includes('cookie')),
    breaks: ['A cookie that was sent to another address or client is closed with 4007.'],
  },
  {
    name: 'does not tell the host who listens',
    plant() {
      const joined = new WeakSet<Link>();
      const change = telling((event, link) => {
        if (event.t !== CLIENT_JOIN) return event;
        if (joined.has(link)) return strange(event);
        joined.add(link);
        return event;
      });
      return change();
    },
    breaks: [
      'After Connected the first ClientJoin is its own, and the host is told of each listener.',
      'The host is told Disconnected of a listener that left.',
    ],
  },
  {
    name: 'tells nobody who left',
    plant: telling((event) => (event.t === 3 ? undefined : event)),
    breaks: ['The host is told Disconnected of a listener that left.'],
  },
  {
    name: 'closes a listener that says what it does not know',
    plant: () => ({
      fromClient: (message) => {
        return isEvent(message.data, 99) ? { data: Buffer.from('broken'), isBinary: false } : message;
      },
    }),
    breaks: ['Codes above 5 and unknown fields are passed over.'],
  },
  {
    name: 'forgets End',
    plant: telling((event) => (event.t === 5 ? undefined : event)),
    breaks: ['When the host leaves, listeners are told End and closed with 4003.'],
  },
  {
    name: 'closes with 1000 after End',
    plant: closingWith(1000, 'senderDisconnected'),
    breaks: ['When the host leaves, listeners are told End and closed with 4003.'],
  },
  {
    name: 'knows no resume at /ws',
    plant: () => ({
      upgrade: (upgrade) => (upgrade.url.searchParams.has('resume') ? 400 : upgrade),
    }),
    breaks: ['A host of section 4 comes back with its token, and the listeners that stayed hear it.'],
  },
  {
    name: 'knows no audio=websocket',
    plant: () => ({
      upgrade(upgrade) {
        upgrade.url.searchParams.delete('audio');
        return upgrade;
      },
    }),
    breaks: [
      'A host of section 4 comes back with its token, and the listeners that stayed hear it.',
      'With audio=websocket ClientJoin follows Hello, and audio comes as 1 ‖ nonce ‖ sealed.',
    ],
  },
];

/** The same event of somebody who is not there. */
function strange<Event extends { data: Record<string, unknown> }>(event: Event): Event {
  return { ...event, data: { ...event.data, client_id: 1 } };
}
