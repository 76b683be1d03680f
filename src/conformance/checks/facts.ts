/** What listeners are told of a podcast, and the speakers that its host names (PROTOCOL.md §4). */
import { type Check, must, NotTried, quoted } from '../check.ts';
import { CODE, hostEvents, listenEvents, mustJoin, mustServeEvents } from '../events-client.ts';
import { onAir } from '../on-air.ts';
import type { Podcast, Target } from '../target.ts';
import { eventPacket } from '../wire.ts';

const section = '4 Podcast';
const TYPE_SPEAKERS = 3;
const SPEAKERS = [
  { ssrc: 4_000_000_000, name: 'Zoë' },
  { ssrc: 7, name: '木村' },
];
const NO_SPEAKERS = { speakers: [{ ssrc: 'Zoë' }] };
const BY_WEBSOCKET = { audio: 'websocket' };

/**
 * The Podcast that comes behind Hello to a listener of now.
 * @throws Broken; NotTried by a relay that tells none, because it may be of before this addition
 */
async function firstFacts(target: Target, podcast: Podcast): Promise<Readonly<Record<string, unknown>>> {
  const { socket } = await listenEvents(target, podcast, BY_WEBSOCKET);
  const { t, data } = await socket.anyTextEvent('Podcast');
  if (t === CODE.clientJoin) throw new NotTried('this relay does not tell Podcast, which is 8');
  must(t === CODE.podcast, 'Podcast behind Hello', `${quoted({ t, data })} came`);
  return data;
}

async function mustTellFacts(target: Target): Promise<void> {
  await mustServeEvents(target);
  await firstFacts(target, await target.standing());
}

async function mustName(target: Target, podcast: Podcast): Promise<void> {
  const { speakers } = await firstFacts(target, podcast);
  must(quoted(speakers) === quoted(SPEAKERS), `speakers: ${quoted(SPEAKERS)}`, `${quoted(speakers)} came`);
}

export const factsChecks: readonly Check[] = [
  {
    section,
    demand: 'With ?events=all Podcast comes behind Hello, and says what the podcast object says.',
    async run(target) {
      await mustServeEvents(target);
      const about = { title: 'Ünder tést', guild: 'The 2 of us' };
      const podcast = await target.podcast(about);
      const facts = await firstFacts(target, podcast);
      const expected = { ...about, state: 'created', active_since: null, listeners: 1, speakers: [] };
      for (const [field, value] of Object.entries(expected)) {
        must(quoted(facts[field]) === quoted(value), `${field}: ${quoted(value)}`, `${quoted(facts)} came`);
      }
      const { fields } = await target.look(podcast);
      const isSame = quoted(facts['listeners_by']) === quoted(fields['listeners_by']);
      must(isSame, `listeners_by: ${quoted(fields['listeners_by'])}`, `${quoted(facts)} came`);
    },
  },
  {
    section,
    demand: 'Podcast comes to no connection that did not ask for all events.',
    async run(target) {
      await mustServeEvents(target);
      const podcast = await target.standing();
      const socket = target.listen(podcast, { path: '/listen', query: BY_WEBSOCKET });
      await socket.textEvent('Hello');
      const { t, data } = await socket.anyTextEvent('ClientJoin');
      must(t === CODE.clientJoin, 'ClientJoin behind Hello', `${quoted({ t, data })} came`);
    },
  },
  {
    section,
    demand: 'The speakers that a host of section 3 names are told to listeners in Podcast.',
    async run(target) {
      await mustTellFacts(target);
      const { podcast, host, key, listener } = await onAir(target);
      host.send(eventPacket(TYPE_SPEAKERS, { speakers: SPEAKERS }));
      host.send(key.packet());
      // Then the relay has read what was sent before.
      await listener.audio();
      await mustName(target, podcast);
    },
  },
  {
    section,
    demand: 'The speakers that a host of section 4 names are told to listeners in Podcast.',
    async run(target) {
      await mustTellFacts(target);
      const host = await hostEvents(target);
      const listener = await listenEvents(target, host.podcast, BY_WEBSOCKET);
      await mustJoin(listener);
      host.socket.send(JSON.stringify({ t: CODE.speakers, data: { speakers: SPEAKERS } }));
      host.socket.send(JSON.stringify({ t: CODE.retract, data: { ssrc: 1 } }));
      const { t, data } = await listener.socket.textEvent('Retract');
      must(t === CODE.retract, 'Retract', `${quoted({ t, data })} came`);
      await mustName(target, host.podcast);
    },
  },
  {
    section,
    demand: 'A host whose Speakers are no list of ssrc and name is closed with 4002.',
    async run(target) {
      await mustTellFacts(target);
      const { host } = await onAir(target);
      host.send(eventPacket(TYPE_SPEAKERS, NO_SPEAKERS));
      await host.mustClose(4002);
      const { socket } = await hostEvents(target);
      socket.send(JSON.stringify({ t: CODE.speakers, data: NO_SPEAKERS }));
      await socket.mustClose(4002);
    },
  },
  {
    section,
    demand: 'A listener that says Speakers is closed with 4002.',
    async run(target) {
      await mustTellFacts(target);
      const { socket } = await listenEvents(target, await target.standing(), BY_WEBSOCKET);
      socket.send(JSON.stringify({ t: CODE.speakers, data: { speakers: SPEAKERS } }));
      await socket.mustClose(4002);
    },
  },
  {
    section,
    demand: 'A listener that says from=page counts as page, and one that says from=elsewhere does not.',
    async run(target) {
      await mustServeEvents(target);
      const podcast = await target.podcast();
      for (const from of ['page', 'elsewhere']) {
        await mustJoin(await listenEvents(target, podcast, { ...BY_WEBSOCKET, from }));
      }
      const by = (await target.look(podcast)).fields['listeners_by'];
      const isKnown = typeof by === 'object' && by !== null && 'page' in by && 'websocket' in by;
      if (!isKnown) throw new NotTried('this relay does not count page');
      must(by.page === 1 && by.websocket === 1, 'page: 1, websocket: 1', `it was ${quoted(by)}`);
    },
  },
];
