/** What host and listener are told first (PROTOCOL.md §3). */
import { type Check, must, quoted } from '../check.ts';
import { onAir } from '../on-air.ts';
import { cameOf, type Hello } from '../probe-socket.ts';
import { isAudio } from '../wire.ts';

const section = '3 Audio';
const U32_MAX = 2 ** 32 - 1;

function mustBeSigned({ content }: Hello): void {
  const bytes = content['secretKey'] as number[];
  const stray = bytes.find((byte) => byte < -128 || byte > 127);
  must(stray === undefined, 'numbers from −128 to 127 in secretKey', `one was ${stray}`);
}

function mustHaveOnly({ content }: Hello, fields: readonly string[]): void {
  const unexpected = Object.keys(content).filter((field) => !fields.includes(field));
  must(unexpected.length === 0, `no other fields than ${fields.join(', ')}`, `${quoted(unexpected)} came`);
}

function mustIntroduce({ content }: Hello, podcastId: number): void {
  const { client_id: clientId, podcast_id: toldId } = content;
  const isU32 = Number.isInteger(clientId) && Number(clientId) > 0 && Number(clientId) <= U32_MAX;
  must(isU32, 'client_id: a u32', `it was ${quoted(clientId)}`);
  must(toldId === podcastId, `podcast_id: ${podcastId}`, `it was ${quoted(toldId)}`);
}

export const helloChecks: readonly Check[] = [
  {
    section,
    demand: 'A host connects to /ws with isHost: true and is told Hello.',
    async run(target) {
      const podcast = await target.podcast();
      const headers = { ...target.auth, isHost: 'true' };
      const host = target.socket('/ws', { id: String(podcast.id) }, headers);
      const { key } = await host.hello();
      // A listener is told Hello as well: only a host may send.
      const listener = target.listen(podcast);
      await listener.hello();
      host.send(key.packet());
      await listener.audio();
    },
  },
  {
    section,
    demand: 'A listener connects to / or /ws and is told Hello, before and while the host is there.',
    async run(target) {
      const podcast = await target.podcast();
      await target.listen(podcast).hello();
      await target.host(podcast).hello();
      await target.listen(podcast, { path: '/ws' }).hello();
    },
  },
  {
    section,
    demand: 'Hello comes once to each connection.',
    async run(target) {
      const { host, key, listener } = await onAir(target);
      host.send(key.packet());
      const second = await listener.next('audio after Hello');
      must(second.kind === 'binary' && isAudio(second.bytes), 'audio after Hello', cameOf(second));
      await host.leave(1000);
      const { events } = await host.ending('the end of the closing handshake');
      must(events.length === 0, 'no event for a host after Hello', `${quoted(events[0])} came`);
    },
  },
  {
    section,
    demand: 'secretKey is 32 signed bytes.',
    async run(target) {
      const podcast = await target.podcast();
      mustBeSigned(await target.host(podcast).hello());
      mustBeSigned(await target.listen(podcast).hello());
    },
  },
  {
    section,
    demand: 'Host and listeners are told the same key.',
    async run(target) {
      const podcast = await target.podcast();
      const { key } = await target.host(podcast).hello();
      const { key: toListener } = await target.listen(podcast).hello();
      const isSame = Buffer.from(key.bytes).equals(toListener.bytes);
      must(isSame, "the host's key for a listener", 'it was another');
    },
  },
  {
    section,
    demand: 'Two podcasts have two keys.',
    async run(target) {
      const [one, two] = [await target.standing(), await target.standing('unlisted')];
      const { key } = await target.listen(one).hello();
      const { key: other } = await target.listen(two).hello();
      must(!Buffer.from(key.bytes).equals(other.bytes), 'another key', 'it was the same');
    },
  },
  {
    section,
    demand: 'Hello has secretKey alone for a connection that did not ask for all events.',
    async run(target) {
      const podcast = await target.podcast();
      mustHaveOnly(await target.host(podcast).hello(), ['secretKey']);
      mustHaveOnly(await target.listen(podcast).hello(), ['secretKey']);
    },
  },
  {
    section,
    demand: 'With ?events=all a host is told client_id, podcast_id, resume_token and resume_seconds.',
    async run(target) {
      const podcast = await target.podcast();
      const hello = await target.host(podcast, { query: { events: 'all' } }).hello();
      mustIntroduce(hello, podcast.id);
      const { resume_token: token, resume_seconds: seconds } = hello.content;
      must(typeof token === 'string' && token !== '', 'a resume_token', `it was ${quoted(token)}`);
      must(typeof seconds === 'number' && seconds >= 0, 'resume_seconds', `it was ${quoted(seconds)}`);
    },
  },
  {
    section,
    demand: 'With ?events=all a listener is told client_id and podcast_id, and no resume_token.',
    async run(target) {
      const podcast = await target.standing();
      const hello = await target.listen(podcast, { query: { events: 'all' } }).hello();
      mustIntroduce(hello, podcast.id);
      must(!('resume_token' in hello.content), 'no resume_token for a listener', 'it was told one');
    },
  },
];
