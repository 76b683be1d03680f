/** The REST calls and their errors (PROTOCOL.md §2). */
import { type Check, must } from '../check.ts';
import type { Target } from '../target.ts';

const section = '2 REST';

/** No relay has it: ids are drawn at random from two thousand million. */
const UNUSED_ID = 2_147_483_647;

async function listedIds(target: Target): Promise<unknown[]> {
  const answer = await target.rest('GET', '/list');
  const { podcasts } = answer.fields;
  must(answer.status === 200 && Array.isArray(podcasts), '200 {"podcasts": […]}', answer.came);
  return (podcasts as { id?: unknown }[]).map(({ id }) => id);
}

const findingChecks: readonly Check[] = [
  {
    section,
    demand: 'GET /podcast without an id answers 400 missing_parameter.',
    async run(target) {
      (await target.rest('GET', '/podcast')).mustBeError(400, 'missing_parameter');
    },
  },
  {
    section,
    demand: 'GET /podcast with an id that is none answers 400 invalid_id.',
    async run(target) {
      for (const id of ['0', '2147483648', 'x']) {
        (await target.rest('GET', `/podcast?id=${id}`)).mustBeError(400, 'invalid_id');
      }
    },
  },
  {
    section,
    demand: 'GET /podcast with the id of no podcast answers 404 unknown_podcast.',
    async run(target) {
      (await target.rest('GET', `/podcast?id=${UNUSED_ID}`)).mustBeError(404, 'unknown_podcast');
    },
  },
  {
    section,
    demand: 'GET /podcast finds a private podcast for its key and its host alone.',
    async run(target) {
      const podcast = await target.standing('private');
      (await target.look(podcast)).mustBeError(404, 'unknown_podcast');
      (await target.look(podcast, { listen_key: String(podcast['listen_key']) })).mustBe(200);
      (await target.look(podcast, target.auth)).mustBe(200);
    },
  },
  {
    section,
    demand: 'The listen key is shown to the host alone, and only of a private podcast.',
    async run(target) {
      const podcast = await target.standing('private');
      const key = podcast['listen_key'];
      must(typeof key === 'string' && key !== '', 'a listen_key for the host', 'there was none');
      const toListener = await target.look(podcast, { listen_key: key });
      must(!('listen_key' in toListener.fields), 'no listen_key for a listener', toListener.came);
      const open = await target.look(await target.standing(), target.auth);
      must(!('listen_key' in open.fields), 'no listen_key of a public podcast', open.came);
    },
  },
  {
    section,
    demand: 'GET /list has the public podcasts, and neither unlisted nor private ones.',
    async run(target) {
      const open = await target.standing();
      const hidden = [await target.standing('unlisted'), await target.standing('private')];
      const ids = await listedIds(target);
      must(ids.includes(open.id), 'the public podcast in the list', 'it was not there');
      for (const { id, visibility } of hidden) {
        must(!ids.includes(id), `no ${String(visibility)} podcast in the list`, 'it was there');
      }
    },
  },
];

const listenKeyChecks: readonly Check[] = [
  {
    section,
    demand: 'POST /podcast/listen-key changes the key: who listens by the old one is closed with 4001.',
    async run(target) {
      const podcast = await target.podcast({ visibility: 'private' });
      const key = String(podcast['listen_key']);
      const listener = target.listen(podcast, { query: { key } });
      await listener.hello();
      const answer = await target.rest('POST', `/podcast/listen-key?id=${podcast.id}`, target.auth);
      answer.mustBe(200);
      const changed = answer.fields['listen_key'];
      must(typeof changed === 'string' && changed !== key, 'another listen_key', answer.came);
      await listener.mustClose(4001);
      await target.listen(podcast, { query: { key: changed } }).hello();
      await target.listen(podcast, { query: { key } }).mustClose(4006);
    },
  },
  {
    section,
    demand: 'POST /podcast/listen-key for a podcast that is not private answers 400 not_private.',
    async run(target) {
      const { id } = await target.standing();
      const answer = await target.rest('POST', `/podcast/listen-key?id=${id}`, target.auth);
      answer.mustBeError(400, 'not_private');
    },
  },
];

const endingChecks: readonly Check[] = [
  {
    section,
    demand: 'DELETE /podcast by its host answers 204, and the podcast is gone.',
    async run(target) {
      const podcast = await target.podcast();
      const path = `/podcast?id=${podcast.id}`;
      (await target.rest('DELETE', path, target.auth)).mustBe(204);
      (await target.look(podcast)).mustBeError(404, 'unknown_podcast');
      target.over(podcast);
    },
  },
  {
    section,
    demand: 'DELETE /podcast ends it with 4003 for host and listeners.',
    async run(target) {
      const podcast = await target.podcast();
      const sockets = [target.host(podcast), target.listen(podcast)];
      await Promise.all(sockets.map((socket) => socket.hello()));
      await target.rest('DELETE', `/podcast?id=${podcast.id}`, target.auth);
      target.over(podcast);
      for (const socket of sockets) await socket.mustClose(4003);
    },
  },
  {
    section,
    demand: 'DELETE /podcast without an account answers 401 missing_auth, and the podcast stays.',
    async run(target) {
      const podcast = await target.podcast();
      const path = `/podcast?id=${podcast.id}`;
      (await target.rest('DELETE', path)).mustBeError(401, 'missing_auth');
      (await target.look(podcast)).mustBe(200);
    },
  },
  {
    section,
    demand: 'DELETE /podcast by another account answers 403 not_host, and the podcast stays.',
    async run(target) {
      const strangersAuth = target.strangersAuth;
      const podcast = await target.podcast();
      const answer = await target.rest('DELETE', `/podcast?id=${podcast.id}`, strangersAuth);
      answer.mustBeError(403, 'not_host');
      (await target.look(podcast)).mustBe(200);
    },
  },
];

const otherChecks: readonly Check[] = [
  {
    section,
    demand: 'GET /ip answers the address of the caller as plain text.',
    async run(target) {
      const answer = await target.rest('GET', '/ip');
      const isAddress = /^[\da-f.:]+$/i.test(answer.text.trim());
      const isKept = answer.status === 200 && answer.contentType.startsWith('text/plain') && isAddress;
      must(isKept, 'status 200 and an address as text/plain', `${answer.came} as ${answer.contentType}`);
    },
  },
  {
    section,
    demand: 'An address where nothing is answers 404 unknown_path.',
    async run(target) {
      (await target.rest('GET', '/nothing-is-here')).mustBeError(404, 'unknown_path');
    },
  },
  {
    section,
    demand: 'A method that an address does not take answers 405 method_not_allowed.',
    async run(target) {
      (await target.rest('POST', '/list', {}, '')).mustBeError(405, 'method_not_allowed');
    },
  },
  {
    section,
    demand: 'GET /live and GET /ready answer 200.',
    async run(target) {
      (await target.rest('GET', '/live')).mustBe(200);
      (await target.rest('GET', '/ready')).mustBe(200);
    },
  },
];

export const restChecks: readonly Check[] = [
  ...findingChecks,
  ...listenKeyChecks,
  ...endingChecks,
  ...otherChecks,
];
