/** A host takes back what a speaker said (PROTOCOL.md §3, §4). */
import { type Check, must, quoted } from '../check.ts';
import { CODE, hostEvents, listenEvents, mustJoin, mustServeEvents } from '../events-client.ts';
import { onAir } from '../on-air.ts';
import { cameOf, type ProbeSocket } from '../probe-socket.ts';
import { eventPacket, isAudio, readEvent } from '../wire.ts';

const section = '4 Retract';
const RETRACT = 2;
const SSRC = 4_000_000_000;

function retractPacket(ssrc: number): Buffer {
  return eventPacket(RETRACT, { ssrc });
}

/** The next message is Retract, as section 3 has it. @throws Broken */
async function mustBeRetracted(socket: ProbeSocket): Promise<void> {
  const incoming = await socket.next('Retract');
  const event = incoming.kind === 'binary' ? readEvent(incoming.bytes) : undefined;
  const isIt = event?.type === RETRACT && event.content['ssrc'] === SSRC;
  must(isIt, `Retract of ${SSRC}`, cameOf(incoming));
}

export const retractChecks: readonly Check[] = [
  {
    section,
    demand:
      'A Retract of a host of section 3 comes to listeners that asked for all events, and to no others.',
    async run(target) {
      const { podcast, host, key, listener } = await onAir(target);
      const asking = target.listen(podcast, { query: { events: 'all' } });
      await asking.hello();
      host.send(retractPacket(SSRC));
      await mustBeRetracted(asking);
      host.send(key.packet());
      const next = await listener.next('audio');
      must(next.kind === 'binary' && isAudio(next.bytes), 'no Retract', cameOf(next));
    },
  },
  {
    section,
    demand: 'A Retract of a host of section 4 comes to listeners of section 4 that asked for all events.',
    async run(target) {
      const host = await hostEvents(target);
      const listener = await listenEvents(target, host.podcast, { audio: 'websocket' });
      await mustJoin(listener);
      host.socket.send(JSON.stringify({ t: CODE.retract, data: { ssrc: SSRC } }));
      const { t, data } = await listener.socket.textEvent('Retract');
      const isIt = t === CODE.retract && data['ssrc'] === SSRC;
      must(isIt, `Retract of ${SSRC}`, `${quoted({ t, data })} came`);
    },
  },
  {
    section,
    demand: 'What a host sends after a Retract goes out as ever.',
    async run(target) {
      const { host, key, listener } = await onAir(target);
      host.send(retractPacket(SSRC));
      const packet = key.packet();
      host.send(packet);
      must((await listener.audio()).equals(packet), 'the packet of the host', 'another came');
    },
  },
  {
    section,
    demand: 'A listener that says Retract is closed with 4002.',
    async run(target) {
      await mustServeEvents(target);
      const podcast = await target.standing();
      const { socket } = await listenEvents(target, podcast, { audio: 'websocket' });
      socket.send(JSON.stringify({ t: CODE.retract, data: { ssrc: SSRC } }));
      await socket.mustClose(4002);
    },
  },
];
