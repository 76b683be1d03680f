/** How a host comes back, and how it leaves for good (PROTOCOL.md §3, Leaving and Coming back). */
import { type Check, must, quoted } from '../check.ts';
import { type OnAir, onAir } from '../on-air.ts';
import type { ProbeSocket } from '../probe-socket.ts';
import type { Target } from '../target.ts';
import type { SealingKey } from '../wire.ts';

const section = '3 Resume';

function onAirWithToken(target: Target): Promise<OnAir> {
  return onAir(target, { host: { query: { events: 'all' } } });
}

/** Without headers: the token is enough. */
function comeBack(target: Target, { podcast, hello }: OnAir, token?: string): ProbeSocket {
  const resume = token ?? String(hello.content['resume_token']);
  return target.socket('/', { id: String(podcast.id), resume, events: 'all' });
}

async function mustBeHeard(host: ProbeSocket, key: SealingKey, listener: ProbeSocket): Promise<void> {
  host.send(key.packet());
  await listener.audio();
}

function mustBeSameKey(key: SealingKey, before: SealingKey): void {
  must(Buffer.from(key.bytes).equals(before.bytes), 'the same key as before', 'it was another');
}

const comingBack: readonly Check[] = [
  {
    section,
    demand: 'A host that dropped comes back with its token alone, and the listeners that stayed hear it.',
    async run(target) {
      const show = await onAirWithToken(target);
      show.host.drop();
      const again = comeBack(target, show);
      await again.hello();
      await mustBeHeard(again, show.key, show.listener);
    },
  },
  {
    section,
    demand: 'A host that dropped comes back with its account, and the listeners that stayed hear it.',
    async run(target) {
      const show = await onAir(target);
      show.host.drop();
      const { socket } = await target.takeUp(show.podcast);
      await mustBeHeard(socket, show.key, show.listener);
    },
  },
  {
    section,
    demand: 'A host that comes back is told the same key.',
    async run(target) {
      const show = await onAir(target);
      show.host.drop();
      const { hello } = await target.takeUp(show.podcast);
      mustBeSameKey(hello.key, show.key);
    },
  },
  {
    section,
    demand: 'active_since stays the same when a host comes back.',
    async run(target) {
      const show = await onAir(target);
      const before = (await target.look(show.podcast)).fields['active_since'];
      show.host.drop();
      await target.takeUp(show.podcast);
      const after = (await target.look(show.podcast)).fields['active_since'];
      must(after === before, `active_since: ${quoted(before)}`, `it was ${quoted(after)}`);
    },
  },
  {
    section,
    demand: 'A token takes over from a connection that still counts as alive: that one is closed with 4004.',
    async run(target) {
      const show = await onAirWithToken(target);
      const again = comeBack(target, show);
      await again.hello();
      await show.host.mustClose(4004);
      await mustBeHeard(again, show.key, show.listener);
    },
  },
  {
    section,
    demand: 'A token stays the same and serves again.',
    async run(target) {
      const show = await onAirWithToken(target);
      const second = comeBack(target, show);
      const { content } = await second.hello();
      const token = show.hello.content['resume_token'];
      must(content['resume_token'] === token, 'the same resume_token', `it was another`);
      await comeBack(target, show).hello();
    },
  },
  {
    section,
    demand: 'A wrong token is closed with 4001, and the host on air hears nothing of it.',
    async run(target) {
      const show = await onAirWithToken(target);
      await comeBack(target, show, 'wrong').mustClose(4001);
      await mustBeHeard(show.host, show.key, show.listener);
    },
  },
];

const leaving: readonly Check[] = [
  {
    section,
    demand: 'A host that closes with 1000 ends the podcast: listeners are closed with 4003, and it is gone.',
    async run(target) {
      const { podcast, host, listener } = await onAir(target);
      await host.leave(1000);
      await listener.mustClose(4003);
      target.over(podcast);
      (await target.look(podcast)).mustBe(404);
    },
  },
  {
    section,
    demand: 'A host that closes without a code ends the podcast as well.',
    async run(target) {
      const { podcast, host, listener } = await onAir(target);
      await host.leave();
      await listener.mustClose(4003);
      target.over(podcast);
    },
  },
  {
    section,
    demand: 'A host that closes with another code may come back.',
    async run(target) {
      const { podcast, host, key, listener } = await onAir(target);
      await host.leave(1001);
      const { socket } = await target.takeUp(podcast);
      await mustBeHeard(socket, key, listener);
    },
  },
  {
    section,
    demand: 'All that a host sent before it left comes before the end.',
    async run(target) {
      const { podcast, host, key, listener } = await onAir(target);
      for (let sent = 0; sent < 5; sent += 1) host.send(key.packet());
      const left = host.leave(1000);
      for (let heard = 0; heard < 5; heard += 1) await listener.audio();
      await left;
      target.over(podcast);
    },
  },
];

export const resumeChecks: readonly Check[] = [...comingBack, ...leaving];
