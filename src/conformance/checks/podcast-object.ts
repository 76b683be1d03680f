/** The fields of the podcast object (PROTOCOL.md §2). */
import { type Check, must, NotTried, quoted } from '../check.ts';
import type { Podcast } from '../target.ts';

const section = '2 REST';
const ID_MAX = 2 ** 31 - 1;
const PORT_MAX = 2 ** 16 - 1;
/** Clocks of two machines differ; years in the wrong unit differ more. */
const CLOCKS_DIFFER_MS = 24 * 60 * 60 * 1000;

function mustHave(podcast: Podcast, field: string, expected: unknown): void {
  must(podcast[field] === expected, `${field}: ${quoted(expected)}`, `it was ${quoted(podcast[field])}`);
}

export const podcastObjectChecks: readonly Check[] = [
  {
    section,
    demand: 'POST /podcast answers 200.',
    async run(target) {
      (await target.standingAnswer()).mustBe(200);
    },
  },
  {
    section,
    demand: 'A podcast has an id from 1 to 2147483647, as a number.',
    async run(target) {
      const { id } = (await target.standingAnswer()).fields;
      const isKept = Number.isInteger(id) && Number(id) >= 1 && Number(id) <= ID_MAX;
      must(isKept, 'a whole number from 1 to 2147483647', `the id was ${quoted(id)}`);
    },
  },
  {
    section,
    demand: 'A podcast names its host by account id, as a string.',
    async run(target) {
      mustHave(await target.standing(), 'host', target.account.id);
    },
  },
  {
    section,
    demand: 'A podcast says by ip and port where its WebSocket is.',
    async run(target) {
      const { ip, port } = await target.standing();
      must(typeof ip === 'string' && ip !== '', 'ip: a string', `it was ${quoted(ip)}`);
      const isPort = Number.isInteger(port) && Number(port) > 0 && Number(port) <= PORT_MAX;
      must(isPort, 'port: a number from 1 to 65535', `it was ${quoted(port)}`);
    },
  },
  {
    section,
    demand: 'active_since is null until a sender has connected, and then ms since 1970.',
    async run(target) {
      const podcast = await target.podcast();
      mustHave(podcast, 'active_since', null);
      await target.host(podcast).hello();
      const { active_since: since } = (await target.look(podcast)).fields;
      const isNow = typeof since === 'number' && Math.abs(Date.now() - since) < CLOCKS_DIFFER_MS;
      must(isNow, 'active_since: ms since 1970', `it was ${quoted(since)}`);
    },
  },
  {
    section,
    demand: 'activeSince has the value of active_since.',
    async run(target) {
      const podcast = await target.podcast();
      mustHave(podcast, 'activeSince', null);
      await target.host(podcast).hello();
      const { active_since: since, activeSince } = (await target.look(podcast)).fields;
      // Where active_since is missing, that is its own demand's fault.
      const expected = typeof since === 'number' ? quoted(since) : 'a number';
      const isKept = typeof activeSince === 'number' && (since === undefined || activeSince === since);
      must(isKept, `activeSince: ${expected}`, `it was ${quoted(activeSince)}`);
    },
  },
  {
    section,
    demand: 'A podcast made without a body is public, with an empty title and description.',
    async run(target) {
      const podcast = await target.standing();
      mustHave(podcast, 'title', '');
      mustHave(podcast, 'description', '');
      mustHave(podcast, 'visibility', 'public');
    },
  },
  {
    section,
    demand: 'POST /podcast takes title, description and visibility.',
    async run(target) {
      const about = { title: 'Ünder tést', description: 'of 2 lines\nand all', visibility: 'unlisted' };
      const podcast = await target.podcast(about);
      const { fields } = await target.look(podcast);
      for (const [field, expected] of Object.entries(about)) {
        mustHave(podcast, field, expected);
        mustHave({ ...fields, id: podcast.id }, field, expected);
      }
    },
  },
  {
    section,
    demand: 'POST /podcast takes a guild.',
    async run(target) {
      const podcast = await target.podcast({ guild: 'The 2 of üs' });
      if (!('guild' in podcast)) throw new NotTried('this relay does not know of guild');
      mustHave(podcast, 'guild', 'The 2 of üs');
    },
  },
  {
    section,
    demand: 'The page of a podcast is a link for browsers.',
    async run(target) {
      const { page } = await target.standing();
      if (page === undefined) throw new NotTried('this relay has no page');
      const isLink = typeof page === 'string' && /^https?:$/.test(URL.parse(page)?.protocol ?? '');
      must(isLink, 'page: an http(s) URL', `it was ${quoted(page)}`);
    },
  },
  {
    section,
    demand: 'POST /podcast refuses what is no title, no visibility or no JSON with 400 invalid_body.',
    async run(target) {
      for (const body of ['{"title":5}', '{"visibility":"secret"}', '{"title":']) {
        const answer = await target.rest('POST', '/podcast', target.auth, body);
        answer.mustBeError(400, 'invalid_body');
      }
    },
  },
  {
    section,
    demand: 'The url of a podcast is a WebSocket to listen on.',
    async run(target) {
      const { url } = await target.standing();
      must(typeof url === 'string' && /^wss?:/.test(url), 'url: a WebSocket URL', `it was ${quoted(url)}`);
      await target.socketAt(url).hello();
    },
  },
  {
    section,
    demand: 'listeners counts who listens now.',
    async run(target) {
      const podcast = await target.podcast();
      mustHave(podcast, 'listeners', 0);
      const two = [target.listen(podcast), target.listen(podcast)];
      await Promise.all(two.map((listener) => listener.hello()));
      const { fields } = await target.look(podcast);
      mustHave({ ...fields, id: podcast.id }, 'listeners', 2);
    },
  },
  {
    section,
    demand:
      'listeners_by says how many listen by websocket, by udp and in guilds, and listeners is their sum.',
    async run(target) {
      const podcast = await target.podcast();
      await target.listen(podcast).hello();
      const { fields } = await target.look(podcast);
      const by = fields['listeners_by'];
      const isKept =
        typeof by === 'object' && by !== null && 'websocket' in by && 'udp' in by && 'guilds' in by;
      must(isKept, 'listeners_by: websocket, udp, guilds', `it was ${quoted(by)}`);
      const counts = [by.websocket, by.udp, by.guilds];
      const isRight = quoted(counts) === '[1,0,0]' && fields['listeners'] === 1;
      must(isRight, 'one listener by websocket', `${quoted(fields['listeners'])}: ${quoted(by)}`);
    },
  },
];
