/** Faults of accounts and limits, one by one (PROTOCOL.md §1, §6). */
import { withFields } from './faulty-relay.ts';
import type { PlantedFault } from './planted-fault.ts';
import { cutting, failingWith, without } from './rest-changes.ts';

const accountFaults: readonly PlantedFault[] = [
  {
    name: 'knows no clientId and token on REST',
    plant: () => ({
      request: (request) => ({ ...request, headers: without(request.headers, 'clientid', 'token') }),
    }),
    breaks: ['REST takes an account as clientId and token.'],
  },
  {
    name: 'knows no clientId and token on WebSockets',
    plant: () => ({
      upgrade: (upgrade) => ({ ...upgrade, headers: without(upgrade.headers, 'clientid', 'token') }),
    }),
    breaks: ['A WebSocket takes an account as clientId and token.'],
  },
  {
    name: 'forgets the error code of a missing account',
    plant: failingWith('missing_auth', (answer) => withFields(answer, (fields) => delete fields['error'])),
    breaks: [
      'REST without an account answers 401 missing_auth.',
      'DELETE /podcast without an account answers 401 missing_auth, and the podcast stays.',
    ],
  },
  {
    name: 'answers a wrong secret with 403',
    plant: failingWith('invalid_auth', (answer) => ({ ...answer, status: 403 })),
    breaks: ['REST with a wrong secret answers 401 invalid_auth.'],
  },
  {
    name: 'takes any secret of an account on REST',
    plant() {
      let right: Record<string, string> = {};
      return {
        request(request) {
          const { headers } = request;
          if ('client_secret' in headers && headers['client_secret'] !== 'a wrong secret') {
            right = { client_id: headers['client_id']!, client_secret: headers['client_secret'] };
          }
          const isWrong = headers['client_secret'] === 'a wrong secret';
          return isWrong ? { ...request, headers: { ...headers, ...right } } : request;
        },
      };
    },
    breaks: ['REST with a wrong secret answers 401 invalid_auth.'],
  },
];

const limitFaults: readonly PlantedFault[] = [
  {
    name: 'cuts a long title',
    plant: cutting('title', 100),
    breaks: ['A title has at most 100 characters: one more is 400 invalid_body.'],
  },
  {
    name: 'cuts a long description',
    plant: cutting('description', 2000),
    breaks: ['A description has at most 2000 characters: one more is 400 invalid_body.'],
  },
  {
    name: 'takes any visibility for public',
    plant: () => ({
      request(request) {
        const isIt = request.body.toString() === '{"visibility":"secret"}';
        return isIt ? { ...request, body: Buffer.from('{}') } : request;
      },
    }),
    breaks: ['POST /podcast refuses what is no title, no visibility or no JSON with 400 invalid_body.'],
  },
  {
    name: 'answers a large body with 400',
    plant: failingWith('body_too_large', (answer) => ({ ...answer, status: 400 })),
    breaks: ['A body that is too large answers 413 body_too_large.'],
  },
];

export const ACCOUNT_FAULTS: readonly PlantedFault[] = [...accountFaults, ...limitFaults];
