/** Who may do what with which headers (PROTOCOL.md §1). */
import type { Check } from '../check.ts';
import { headersOf, type Target } from '../target.ts';

const section = '1 Accounts';
const WRONG_SECRET = 'a wrong secret';

async function makesPodcastAs(target: Target, generation: 2022 | 2023): Promise<void> {
  const answer = await target.rest('POST', '/podcast', headersOf(target.account, generation));
  target.keep(answer);
}

async function hostsAs(target: Target, generation: 2022 | 2023): Promise<void> {
  const { id } = await target.podcast();
  const headers = { ...headersOf(target.account, generation), isSender: 'true' };
  await target.socket('/', { id: String(id) }, headers).hello();
}

export const accountChecks: readonly Check[] = [
  {
    section,
    demand: 'REST takes an account as client_id and client_secret.',
    run: (target) => makesPodcastAs(target, 2023),
  },
  {
    section,
    demand: 'REST takes an account as clientId and token.',
    run: (target) => makesPodcastAs(target, 2022),
  },
  {
    section,
    demand: 'A WebSocket takes an account as client_id and client_secret.',
    run: (target) => hostsAs(target, 2023),
  },
  {
    section,
    demand: 'A WebSocket takes an account as clientId and token.',
    run: (target) => hostsAs(target, 2022),
  },
  {
    section,
    demand: 'REST without an account answers 401 missing_auth.',
    async run(target) {
      (await target.rest('POST', '/podcast')).mustBeError(401, 'missing_auth');
      const half = { client_id: target.account.id };
      (await target.rest('POST', '/podcast', half)).mustBeError(401, 'missing_auth');
    },
  },
  {
    section,
    demand: 'REST with a wrong secret answers 401 invalid_auth.',
    async run(target) {
      const wrong = headersOf({ id: target.account.id, secret: WRONG_SECRET });
      (await target.rest('POST', '/podcast', wrong)).mustBeError(401, 'invalid_auth');
    },
  },
  {
    section,
    demand: 'Listening to a public or unlisted podcast needs no account.',
    async run(target) {
      await target.listen(await target.standing()).hello();
      await target.listen(await target.standing('unlisted')).hello();
    },
  },
  {
    section,
    demand: 'A private podcast is closed with 4006 to whoever has no key or a wrong one.',
    async run(target) {
      const podcast = await target.standing('private');
      await target.listen(podcast).mustClose(4006);
      await target.listen(podcast, { query: { key: 'AAAAAAAAAAAAAAAAAAAAAA' } }).mustClose(4006);
    },
  },
  {
    section,
    demand: 'A private podcast opens to its listen key, in the query and as a header.',
    async run(target) {
      const podcast = await target.standing('private');
      const key = String(podcast['listen_key']);
      await target.listen(podcast, { query: { key } }).hello();
      await target.listen(podcast, { headers: { listen_key: key } }).hello();
    },
  },
  {
    section,
    demand: 'A private podcast opens to the account of its host.',
    async run(target) {
      const podcast = await target.standing('private');
      await target.listen(podcast, { headers: target.auth }).hello();
    },
  },
  {
    section,
    demand: 'An account that is not the host is closed with 4001 when it wants to host.',
    async run(target) {
      const strangersAuth = target.strangersAuth;
      const podcast = await target.standing();
      await target.host(podcast, { headers: strangersAuth }).mustClose(4001);
    },
  },
];
