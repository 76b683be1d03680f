/** The limits that can be found from outside (PROTOCOL.md §6). */
import { type Check, NotTried } from '../check.ts';

const section = '6 Limits';
/** Sixty times the default. */
const BODY_TRIED_BYTES = 1024 * 1024;

export const limitChecks: readonly Check[] = [
  {
    section,
    demand: 'A title has at most 100 characters: one more is 400 invalid_body.',
    async run(target) {
      await target.podcast({ title: 'ü'.repeat(100) });
      const body = JSON.stringify({ title: 'ü'.repeat(101) });
      (await target.rest('POST', '/podcast', target.auth, body)).mustBeError(400, 'invalid_body');
    },
  },
  {
    section,
    demand: 'A description has at most 2000 characters: one more is 400 invalid_body.',
    async run(target) {
      await target.podcast({ description: 'd'.repeat(2000) });
      const body = JSON.stringify({ description: 'd'.repeat(2001) });
      (await target.rest('POST', '/podcast', target.auth, body)).mustBeError(400, 'invalid_body');
    },
  },
  {
    section,
    demand: 'A body that is too large answers 413 body_too_large.',
    async run(target) {
      const body = JSON.stringify({ padding: 'x'.repeat(BODY_TRIED_BYTES) });
      const answer = await target.rest('POST', '/podcast', target.auth, body);
      if (answer.status === 200) {
        target.keep(answer);
        throw new NotTried(`this relay takes bodies of ${BODY_TRIED_BYTES} bytes`);
      }
      answer.mustBeError(413, 'body_too_large');
    },
  },
];
