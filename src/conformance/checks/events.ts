/** JSON events over WebSocket (PROTOCOL.md §4). */
import { type Check, must, quoted } from '../check.ts';
import {
  CODE,
  type EventsClient,
  helloOf,
  hostEvents,
  joinByUdp,
  listenEvents,
  mustJoin,
  mustServeEvents,
} from '../events-client.ts';
import type { Podcast } from '../target.ts';

const section = '4 Events';
const HELLO_FIELDS = ['podcast_id', 'ip', 'port', 'secret'];
/** No relay has it: ids are drawn at random from two thousand million. */
const nowhere: Podcast = { id: 2_147_483_645 };

async function mustTell(client: EventsClient, code: number, clientId: number, what: string): Promise<void> {
  const { t, data } = await client.socket.textEvent(what);
  const isIt = t === code && data['client_id'] === clientId;
  must(isIt, `${what} of ${clientId}`, `${quoted({ t, data })} came`);
}

const helloChecks: readonly Check[] = [
  {
    section,
    demand: 'A host connects to /ws, which makes a podcast, and is told Hello.',
    async run(target) {
      const host = await hostEvents(target);
      (await target.look(host.podcast)).mustBe(200);
    },
  },
  {
    section,
    demand: 'A host connects to /ws?id= for a podcast that is there.',
    async run(target) {
      await mustServeEvents(target);
      const podcast = await target.podcast();
      const socket = target.socket('/ws', { id: String(podcast.id) }, target.auth);
      target.hosts(socket, podcast);
      const { data } = await helloOf(target, socket);
      const isIt = data['podcast_id'] === podcast.id;
      must(isIt, `podcast_id: ${podcast.id}`, `it was ${quoted(data['podcast_id'])}`);
    },
  },
  {
    section,
    demand: 'A listener connects to /listen?id= and is told the key of the host.',
    async run(target) {
      const host = await hostEvents(target);
      const listener = await listenEvents(target, host.podcast);
      const isSame = Buffer.from(host.key.bytes).equals(listener.key.bytes);
      must(isSame, "the host's key", 'it was another');
    },
  },
  {
    section,
    demand: 'secret is 32 signed bytes.',
    async run(target) {
      const secret = (await hostEvents(target)).data['secret'] as number[];
      const stray = secret.find((byte) => byte < -128 || byte > 127);
      must(stray === undefined, 'numbers from −128 to 127 in secret', `one was ${stray}`);
    },
  },
  {
    section,
    demand: 'Hello of section 4 has no additions for a connection that did not ask for all events.',
    async run(target) {
      const { data } = await hostEvents(target, {});
      const unexpected = Object.keys(data).filter((field) => !HELLO_FIELDS.includes(field));
      must(unexpected.length === 0, 'no additions', `${quoted(unexpected)} came`);
    },
  },
  {
    section,
    demand:
      'With ?events=all Hello of section 4 has client_id, and for a host resume_token and resume_seconds.',
    async run(target) {
      const host = await hostEvents(target);
      const listener = await listenEvents(target, host.podcast);
      for (const { id } of [host, listener]) must(id > 0, 'client_id: a u32', `it was ${id}`);
      const { resume_token: token, resume_seconds: seconds } = host.data;
      const isKept = typeof token === 'string' && typeof seconds === 'number';
      must(isKept, 'resume_token and resume_seconds', `${quoted(host.data)} came`);
      must(!('resume_token' in listener.data), 'no resume_token for a listener', 'it was told one');
    },
  },
];

const refusalChecks: readonly Check[] = [
  {
    section,
    demand: 'A host of section 4 is closed with 4000 without an account.',
    async run(target) {
      await mustServeEvents(target);
      await target.socket('/ws', {}).mustClose(4000);
    },
  },
  {
    section,
    demand: 'A listener of section 4 is closed with 4006 when there is no podcast of that id.',
    async run(target) {
      await mustServeEvents(target);
      await target.listen(nowhere, { path: '/listen' }).mustClose(4006);
    },
  },
  {
    section,
    demand: 'A private podcast opens to its key on /listen, and to nobody else.',
    async run(target) {
      await mustServeEvents(target);
      const podcast = await target.standing('private');
      await target.listen(podcast, { path: '/listen' }).mustClose(4006);
      await listenEvents(target, podcast, { key: String(podcast['listen_key']) });
    },
  },
  {
    section,
    demand: 'A message that is no event is closed with 4002.',
    async run(target) {
      const host = await hostEvents(target);
      for (const message of ['hello', '[]', '{"t":"2","data":{}}']) {
        const { socket } = await listenEvents(target, host.podcast);
        socket.send(message);
        await socket.mustClose(4002);
      }
    },
  },
  {
    section,
    demand: 'An address that is not confirmed is closed with 4007.',
    async run(target) {
      const host = await hostEvents(target);
      const { socket } = await listenEvents(target, host.podcast);
      socket.send(JSON.stringify({ t: CODE.connected, data: { ip: '192.0.2.1', port: 50_000 } }));
      await socket.mustClose(4007);
    },
  },
];

const lifeChecks: readonly Check[] = [
  {
    section,
    demand: 'After Connected the first ClientJoin is its own, and the host is told of each listener.',
    async run(target) {
      const host = await hostEvents(target);
      await joinByUdp(target, host);
      const listener = await listenEvents(target, host.podcast);
      await joinByUdp(target, listener);
      await mustTell(host, CODE.clientJoin, listener.id, 'ClientJoin');
    },
  },
  {
    section,
    demand: 'The host is told Disconnected of a listener that left.',
    async run(target) {
      const host = await hostEvents(target);
      await joinByUdp(target, host);
      const listener = await listenEvents(target, host.podcast);
      await joinByUdp(target, listener);
      await mustTell(host, CODE.clientJoin, listener.id, 'ClientJoin');
      await listener.socket.leave(1000);
      await mustTell(host, CODE.disconnected, listener.id, 'Disconnected');
    },
  },
  {
    section,
    demand: 'Codes above 5 and unknown fields are passed over.',
    async run(target) {
      const host = await hostEvents(target);
      const listener = await listenEvents(target, host.podcast);
      listener.socket.send('{"t":99,"data":{"of":"later"},"more":1}');
      await joinByUdp(target, listener);
    },
  },
  {
    section,
    demand: 'When the host leaves, listeners are told End and closed with 4003.',
    async run(target) {
      const host = await hostEvents(target);
      const { socket } = await listenEvents(target, host.podcast);
      await host.socket.leave(1000);
      const { t, data } = await socket.textEvent('End');
      must(t === CODE.end, 'End', `${quoted({ t, data })} came`);
      await socket.mustClose(4003);
      target.over(host.podcast);
    },
  },
  {
    section,
    demand: 'A host of section 4 comes back with its token, and the listeners that stayed hear it.',
    async run(target) {
      const host = await hostEvents(target);
      const listener = await listenEvents(target, host.podcast, { audio: 'websocket' });
      await mustJoin(listener);
      host.socket.drop();
      const token = String(host.data['resume_token']);
      const query = { id: String(host.podcast.id), resume: token, events: 'all' };
      const back = await helloOf(target, target.socket('/ws', query));
      const udp = await joinByUdp(target, back);
      const sending = setInterval(() => udp.send(back.key.datagram()), 100);
      target.finally(() => clearInterval(sending));
      await mustHear(listener);
    },
  },
  {
    section,
    demand: 'With audio=websocket ClientJoin follows Hello, and audio comes as 1 ‖ nonce ‖ sealed.',
    async run(target) {
      await mustServeEvents(target);
      const podcast = await target.podcast();
      const host = target.host(podcast);
      const { key } = await host.hello();
      const listener = await listenEvents(target, podcast, { audio: 'websocket' });
      await mustJoin(listener);
      const packet = key.packet();
      host.send(packet);
      const heard = await mustHear(listener);
      must(heard.equals(packet), 'the packet of the host', 'another came');
    },
  },
];

/** Audio on the WebSocket, whatever is told of others before. @throws Broken */
async function mustHear({ socket }: EventsClient): Promise<Buffer> {
  for (;;) {
    const incoming = await socket.next('audio');
    if (incoming.kind === 'binary') return incoming.bytes;
    must(incoming.kind === 'text', 'audio', 'the socket was closed');
  }
}

export const eventChecks: readonly Check[] = [...helloChecks, ...refusalChecks, ...lifeChecks];
