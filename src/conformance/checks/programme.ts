/** stream=programme, and who plays it into guilds (PROTOCOL.md §4). */
import { setTimeout } from 'node:timers/promises';
import { Broken, type Check, must, NotTried, quoted } from '../check.ts';
import { CODE, type EventsClient, listenEvents, mustJoin, mustServeEvents } from '../events-client.ts';
import { cameOf, type ProbeSocket } from '../probe-socket.ts';
import { onAir } from '../on-air.ts';
import type { Podcast, Target } from '../target.ts';
import { FRAME_SAMPLES, readRtp } from '../wire.ts';

const section = '4 Programme';
const FRAMES = 25;
/** Half a second: in bursts of more than this nothing can be played live. */
const PACED_FRAMES = 25;
const SAMPLES_PER_MS = 48;
/** Timestamps against the clock of the kit: networks and schedulers take their time. */
const CLOCKS_DIFFER_MS = 400;
/** A machine that stands still for a moment, also the kit's own, breaks no demand. */
const TRIES = 3;
const SILENCE = 'f8fffe';
/** Between two looks at a podcast: a minute has few calls. */
const LOOK_MS = 100;
/** Of a speaker of the kit. */
const SSRC = 77;

interface ProgrammeFrame {
  readonly opus: string;
  readonly sequence: number;
  readonly timestamp: number;
  readonly ssrc: number;
  readonly atMs: number;
}

/** In a podcast that has a host, over WebSocket. @throws NotTried by a relay that makes no programme, Broken */
async function listenProgramme(target: Target): Promise<{ host: ProbeSocket; listener: EventsClient }> {
  const { podcast, host } = await programmePodcast(target);
  return { host, listener: await listenTo(target, podcast) };
}

async function programmePodcast(target: Target): Promise<{ podcast: Podcast; host: ProbeSocket }> {
  await mustServeEvents(target);
  const { podcast, host } = await onAir(target, { listeners: 0 });
  const probe = target.listen(podcast, {
    path: '/listen',
    query: { audio: 'websocket', stream: 'programme' },
  });
  const first = await probe.next('Hello');
  probe.drop();
  if (first.kind === 'close' && first.code === 4002) throw new NotTried('this relay makes no programme');
  return { podcast, host };
}

async function listenTo(target: Target, podcast: Podcast): Promise<EventsClient> {
  const listener = await listenEvents(target, podcast, { audio: 'websocket', stream: 'programme' });
  await mustJoin(listener);
  return listener;
}

/** The next frame. @throws Broken when it does not open, or does not say where it stands */
async function nextFrame({ socket, key }: EventsClient): Promise<ProgrammeFrame> {
  const incoming = await socket.next('a frame of the programme');
  must(incoming.kind === 'binary', 'a frame of the programme', cameOf(incoming));
  const rtp = readRtp(incoming.bytes);
  must(rtp !== undefined, 'a nonce with an RTP header', cameOf(incoming));
  const opus = key.opened(incoming.bytes);
  must(opus !== undefined, 'a frame that opens under the secret', 'it did not open');
  return { ...rtp, opus: Buffer.from(opus).toString('hex'), atMs: performance.now() };
}

async function nextFrames(listener: EventsClient, count: number): Promise<ProgrammeFrame[]> {
  const frames: ProgrammeFrame[] = [];
  while (frames.length < count) frames.push(await nextFrame(listener));
  return frames;
}

const streamChecks: readonly Check[] = [
  {
    section,
    demand: 'The programme is one stream without a gap: one SSRC, sequence +1, timestamps in steps of 960.',
    async run(target) {
      const { listener } = await listenProgramme(target);
      let last = await nextFrame(listener);
      for (const frame of await nextFrames(listener, FRAMES)) {
        must(frame.ssrc === last.ssrc, `the SSRC ${last.ssrc}`, `${frame.ssrc} came`);
        const expected = (last.sequence + 1) % 2 ** 16;
        must(frame.sequence === expected, `the sequence ${expected}`, `${frame.sequence} came`);
        const samples = (frame.timestamp - last.timestamp) >>> 0;
        const isStep = samples > 0 && samples % FRAME_SAMPLES === 0;
        must(isStep, `a timestamp that is ${FRAME_SAMPLES} further`, `it was ${samples} further`);
        last = frame;
      }
    },
  },
  {
    section,
    demand: 'A frame of the programme comes every 20 ms, as its timestamp says.',
    async run(target) {
      const { listener } = await listenProgramme(target);
      let came = '';
      for (let tries = 0; tries < TRIES; tries += 1) {
        const first = await nextFrame(listener);
        const last = (await nextFrames(listener, PACED_FRAMES)).at(-1) ?? first;
        const saidMs = ((last.timestamp - first.timestamp) >>> 0) / SAMPLES_PER_MS;
        const tookMs = last.atMs - first.atMs;
        if (Math.abs(saidMs - tookMs) < CLOCKS_DIFFER_MS) return;
        came = `${saidMs} ms of audio came in ${Math.round(tookMs)} ms`;
      }
      throw new Broken(`${PACED_FRAMES} frames in ${PACED_FRAMES * 20} ms`, came);
    },
  },
  {
    section,
    demand: 'While nobody speaks, the programme is the frame of silence: F8 FF FE.',
    async run(target) {
      const { listener } = await listenProgramme(target);
      const { opus } = await nextFrame(listener);
      must(opus === SILENCE, `the frame ${SILENCE}`, `${opus} came`);
    },
  },
  {
    section,
    demand: 'What a host says is to be heard in the programme, and silence comes after it.',
    async run(target) {
      const { host, listener } = await listenProgramme(target);
      for (let sequence = 1; sequence <= FRAMES; sequence += 1) {
        host.send(listener.key.noise(SSRC, sequence));
        await nextFrame(listener);
      }
      let frame = await nextFrame(listener);
      while (frame.opus === SILENCE) {
        must(!target.signal.aborted, 'sound', 'nothing but silence came');
        frame = await nextFrame(listener);
      }
      while (frame.opus !== SILENCE) frame = await nextFrame(listener);
    },
  },
];

const lifeChecks: readonly Check[] = [
  {
    section,
    demand: 'When the host leaves, listeners of the programme are told End and closed with 4003.',
    async run(target) {
      const { host, listener } = await listenProgramme(target);
      await host.leave(1000);
      for (;;) {
        const incoming = await listener.socket.next('End');
        if (incoming.kind === 'binary') continue;
        const isEnd = incoming.kind === 'text' && incoming.text.includes(`"t":${CODE.end}`);
        must(isEnd, 'End', cameOf(incoming));
        break;
      }
      await listener.socket.mustClose(4003);
      target.over(listener.podcast);
    },
  },
  {
    section,
    demand: 'A stream that is neither tracks nor programme is closed with 4002.',
    async run(target) {
      await mustServeEvents(target);
      const podcast = await target.standing();
      await target.listen(podcast, { path: '/listen', query: { stream: 'everything' } }).mustClose(4002);
    },
  },
  {
    section,
    demand: 'A listener with an account that plays into guilds counts as these.',
    async run(target) {
      const { podcast } = await programmePodcast(target);
      const query = { audio: 'websocket', events: 'all' };
      const socket = target.listen(podcast, { path: '/listen', query, headers: target.auth });
      await socket.textEvent('Hello');
      socket.send(JSON.stringify({ t: CODE.guilds, data: { guilds: 3 } }));
      for (;;) {
        const { fields } = await target.look(podcast);
        if (fields['listeners'] === 3) break;
        must(!target.signal.aborted, 'listeners: 3', `it was ${quoted(fields['listeners'])}`);
        await setTimeout(LOOK_MS);
      }
    },
  },
  {
    section,
    demand: 'A listener without an account that says Guilds is closed with 4002.',
    async run(target) {
      const { podcast } = await programmePodcast(target);
      const { socket } = await listenEvents(target, podcast, { audio: 'websocket' });
      socket.send(JSON.stringify({ t: CODE.guilds, data: { guilds: 3 } }));
      await socket.mustClose(4002);
    },
  },
];

export const programmeChecks: readonly Check[] = [...streamChecks, ...lifeChecks];
