/** The close codes that can be provoked from outside, and the word before them (PROTOCOL.md §5). */
import { randomBytes } from 'node:crypto';
import { type Check, must, quoted } from '../check.ts';
import { onAir } from '../on-air.ts';
import type { ProbeSocket } from '../probe-socket.ts';
import { headersOf } from '../target.ts';

const section = '5 Close codes';
/** No relay has it: ids are drawn at random from two thousand million. */
const nowhere = { id: 2_147_483_646 };

async function mustSayWhy(socket: ProbeSocket): Promise<void> {
  const { events, code, came } = await socket.ending('a close code');
  const last = events.at(-1);
  must(last?.type === 1, 'the event Disconnect before a close', `none was there before ${came}`);
  const { code: toldCode, reason } = last.content;
  const isSame = toldCode === code && typeof reason === 'string' && reason !== '';
  must(isSame, `a Disconnect with code ${code} and a reason`, `it was ${quoted(last.content)}`);
}

const refusals: readonly Check[] = [
  {
    section,
    demand: 'A host without an account is let in and closed with 4000.',
    async run(target) {
      const { id } = await target.standing();
      await target.socket('/', { id: String(id) }, { isSender: 'true' }).mustClose(4000);
    },
  },
  {
    section,
    demand: 'A host with a wrong secret is let in and closed with 4001.',
    async run(target) {
      const podcast = await target.standing();
      const wrong = headersOf({ id: target.account.id, secret: 'a wrong secret' });
      await target.host(podcast, { headers: wrong }).mustClose(4001);
    },
  },
  {
    section,
    demand: 'A second host is closed with 4004, and the first hears nothing of it.',
    async run(target) {
      const { podcast, host, key, listener } = await onAir(target);
      await target.host(podcast).mustClose(4004);
      host.send(key.packet());
      await listener.audio();
    },
  },
  {
    section,
    demand: 'A listener of a podcast that is not there is closed with 4006.',
    async run(target) {
      await target.listen(nowhere).mustClose(4006);
    },
  },
  {
    section,
    demand: 'A host of a podcast that is not there is closed with 4006.',
    async run(target) {
      await target.host(nowhere).mustClose(4006);
    },
  },
];

const disconnects: readonly Check[] = [
  {
    section,
    demand: 'Disconnect says code and reason before a listener is closed because the podcast ends.',
    async run(target) {
      const { podcast, host, listener } = await onAir(target);
      await host.leave(1000);
      await mustSayWhy(listener);
      target.over(podcast);
    },
  },
  {
    section,
    demand: 'Disconnect says code and reason before a host is closed for what it sent.',
    async run(target) {
      const { host } = await onAir(target, { listeners: 0 });
      host.send(randomBytes(5));
      await mustSayWhy(host);
    },
  },
  {
    section,
    demand: 'Disconnect says code and reason before a connection is closed that is not let in.',
    async run(target) {
      await mustSayWhy(target.listen(nowhere));
    },
  },
];

export const closeCodeChecks: readonly Check[] = [...refusals, ...disconnects];
