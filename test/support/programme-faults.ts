/** Faults of the programme and of retractions, one by one (PROTOCOL.md §3, §4). */
import { randomBytes } from 'node:crypto';
import nacl from 'tweetnacl';
import type { Link, Message } from './faulty-relay.ts';
import type { PlantedFault } from './planted-fault.ts';
import { isAudio, telling, tolerating } from './socket-changes.ts';

const WITHOUT_GAP =
  'The programme is one stream without a gap: one SSRC, sequence +1, timestamps in steps of 960.';
const EVERY_20_MS = 'A frame of the programme comes every 20 ms, as its timestamp says.';
const SILENCE = 'While nobody speaks, the programme is the frame of silence: F8 FF FE.';
const SOUND = 'What a host says is to be heard in the programme, and silence comes after it.';
const RETRACT =
  'A Retract of a host of section 3 comes to listeners that asked for all events, and to no others.';
const SILENT_FRAME = Buffer.from('f8fffe', 'hex');
const NONCE_END = 25;

function isProgramme({ asked }: Link): boolean {
  return asked.url.searchParams.get('stream') === 'programme';
}

function isRetract({ data, isBinary }: Message): boolean {
  return isBinary && data[0] === 0 && data.includes('"type":2');
}

/** Has each frame of the programme say something else. */
function saying(change: (opus: Buffer) => Buffer): PlantedFault['plant'] {
  return () => {
    const keys = new WeakMap<Link, Uint8Array>();
    return {
      fromRelay(message, link) {
        if (!message.isBinary) {
          const { t, data } = JSON.parse(message.data.toString()) as {
            t: number;
            data: { secret: number[] };
          };
          if (t === 1) keys.set(link, Uint8Array.from(data.secret));
        }
        const key = keys.get(link);
        if (!isAudio(message) || !isProgramme(link) || !key) return [message];
        const nonce = message.data.subarray(1, NONCE_END);
        const opus = nacl.secretbox.open(message.data.subarray(NONCE_END), nonce, key);
        if (!opus) return [message];
        const sealed = nacl.secretbox(change(Buffer.from(opus)), nonce, key);
        return [{ data: Buffer.concat([Buffer.of(1), nonce, sealed]), isBinary: true }];
      },
    };
  };
}

/** Counts the frames of each listener to the programme. */
function framing(
  change: (message: Message, frame: number, link: Link) => readonly Message[],
): PlantedFault['plant'] {
  return () => {
    const frames = new WeakMap<Link, number>();
    return {
      fromRelay(message, link) {
        if (!isAudio(message) || !isProgramme(link)) return [message];
        const frame = (frames.get(link) ?? 0) + 1;
        frames.set(link, frame);
        return change(message, frame, link);
      },
    };
  };
}

/** Gives frames only so many at once. */
function hoarding(count: number): PlantedFault['plant'] {
  const hoards = new WeakMap<Link, Message[]>();
  return framing((message, frame, link) => {
    const hoard = [...(hoards.get(link) ?? []), message];
    const isFull = frame % count === 0;
    hoards.set(link, isFull ? [] : hoard);
    return isFull ? hoard : [];
  });
}

export const PROGRAMME_FAULTS: readonly PlantedFault[] = [
  {
    name: 'loses frames of the programme',
    plant: framing((message, frame) => (frame % 10 === 0 ? [] : [message])),
    breaks: [WITHOUT_GAP],
  },
  { name: 'sends the programme in bursts', plant: hoarding(80), breaks: [EVERY_20_MS] },
  {
    name: 'fills the pauses of the programme with noise',
    plant: saying((opus) => {
      return opus.equals(SILENT_FRAME) ? Buffer.concat([Buffer.of(0xfc), randomBytes(60)]) : opus;
    }),
    breaks: [SILENCE, SOUND],
  },
  { name: 'makes a programme of nothing', plant: saying(() => SILENT_FRAME), breaks: [SOUND] },
  {
    name: 'says nothing when the programme is over',
    plant: telling((event, link) => (event.t === 5 && isProgramme(link) ? undefined : event)),
    breaks: ['When the host leaves, listeners of the programme are told End and closed with 4003.'],
  },
  {
    name: 'sends tracks for a stream that it does not know',
    plant: () => ({
      upgrade(upgrade) {
        if (upgrade.url.searchParams.get('stream') === 'everything')
          upgrade.url.searchParams.delete('stream');
        return upgrade;
      },
    }),
    breaks: ['A stream that is neither tracks nor programme is closed with 4002.'],
  },
  {
    name: 'passes over Guilds',
    plant: tolerating('listener', ({ data }) => data.includes('"t":7')),
    breaks: [
      'A listener with an account that plays into guilds counts as these.',
      'A listener without an account that says Guilds is closed with 4002.',
    ],
  },
];

export const RETRACT_FAULTS: readonly PlantedFault[] = [
  {
    name: 'keeps a Retract from listeners of section 3',
    plant: () => ({ fromRelay: (message) => (isRetract(message) ? [] : [message]) }),
    breaks: [RETRACT],
  },
  {
    name: 'tells everyone of a Retract',
    plant: () => ({
      upgrade(upgrade) {
        upgrade.url.searchParams.set('events', 'all');
        return upgrade;
      },
    }),
    breaks: [RETRACT],
  },
  {
    name: 'keeps a Retract from listeners of section 4',
    plant: telling((event) => (event.t === 6 ? undefined : event)),
    breaks: ['A Retract of a host of section 4 comes to listeners of section 4 that asked for all events.'],
  },
  {
    name: 'takes no audio any more after a Retract',
    plant() {
      const retracted = new WeakSet<Link>();
      return {
        fromClient(message, link) {
          if (isRetract(message)) retracted.add(link);
          return isAudio(message) && retracted.has(link) ? undefined : message;
        },
      };
    },
    breaks: [RETRACT, 'What a host sends after a Retract goes out as ever.'],
  },
  {
    name: 'tolerates a Retract of a listener',
    plant: () => ({
      fromClient(message, { asked }) {
        return asked.url.pathname === '/listen' && message.data.includes('"t":6') ? undefined : message;
      },
    }),
    breaks: ['A listener that says Retract is closed with 4002.'],
  },
];
