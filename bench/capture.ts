/**
 * What one frame of one speaker costs the bot's CPU, from the datagram of Discord's voice server to the packet for the
 * relay; and as the control what the receiver of @discordjs/voice takes for less: to decrypt it.
 *
 * The datagrams are real ones of a settled, end-to-end encrypted call on the simulated Discord, each decrypted once,
 * because DAVE refuses a repetition. They are recorded before the clock starts. Contenders take turns of 200 datagrams,
 * and each has as many in a round. What counts is CPU time of the whole process, garbage collection included; what
 * does not count is the kernel's part in receiving the datagram, which is the same for everybody. In such turns code and
 * data stay in the caches; the last column is what one datagram costs that comes alone, 20 ms after the one before.
 *
 * Usage: node bench/capture.ts [rounds = 5] [turns a round = 16]
 */
import { randomBytes } from 'node:crypto';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { type DAVESession, VoiceReceiver } from '@discordjs/voice';
import { WebSocket } from 'ws';
import type { TransportMode } from '../simulator/voice/transport-cipher.ts';
import { captureFrom } from '../src/bot/capture/connection-capture.ts';
import { payloadOf, readRtpHeader } from '../src/bot/transport/rtp-packet.ts';
import { transportCipher } from '../src/bot/transport/transport-cipher.ts';
import { NonceWriter } from '../src/protocol/nonce.ts';
import { writeAudioPacket } from '../src/protocol/packet.ts';
import { seal } from '../src/protocol/sealing.ts';
import { type Call, type Stage, goOnAir, startStage } from './capture-scene.ts';
import { median, printTable } from './figures.ts';

const [ROUNDS = 5, TURNS = 16] = process.argv.slice(2).map(Number);
const TURN_DATAGRAMS = 200;
const WARM_UP_ROUNDS = 2;
const PACED_DATAGRAMS = 50;
const FRAME_MS = 20;
/** The library takes one datagram in 65,536 for one with a header extension: its ciphertext begins like that. */
const LOST_BY_CHANCE = 1;
const OPUS_BYTES = 120;
/** 20 ms of CELT, stereo, one frame; what follows is as random as Opus looks. */
const OPUS_TOC = 0xfc;

/** One way to spend CPU on datagrams. */
interface Contender {
  readonly name: string;
  /** @returns what `run` is given, made before the clock starts */
  readonly prepare: (datagrams: readonly Buffer[]) => readonly Buffer[];
  /** @returns how many frames came out of it */
  readonly run: (input: readonly Buffer[]) => number;
  readonly figures: number[];
  /** µs of CPU of single datagrams that come as in life. */
  readonly pacedFigures: number[];
}

const asTheyCome = (datagrams: readonly Buffer[]): readonly Buffer[] => datagrams;

/** The steps apart: each takes what the one before it has made. */
function steps({ connection, speakerId }: Call): Contender[] {
  const { encryptionMode = '', secretKey = new Uint8Array() } = connection.receiver.connectionData;
  const cipher = transportCipher(encryptionMode, secretKey);
  const dave = daveOf(connection);
  if (!cipher || !dave) throw new Error('the call is not encrypted as this benchmark needs it');
  const opened = (datagram: Buffer): Buffer => {
    const header = readRtpHeader(datagram);
    const decrypted = header && cipher.open(datagram, header.headerBytes);
    const payload = decrypted && payloadOf(decrypted, header);
    if (!payload) throw new Error('a datagram of the call is not authentic');
    return payload;
  };
  const nonces = new NonceWriter();
  const nonce = new Uint8Array(24);
  const key = randomBytes(32);
  return [
    contender('transport decryption', asTheyCome, (datagrams) => {
      let frames = 0;
      for (const datagram of datagrams) if (cipher.open(datagram, 12)) frames += 1;
      return frames;
    }),
    contender(
      'DAVE decryption',
      (datagrams) => datagrams.map(opened),
      (payloads) => {
        let frames = 0;
        for (const payload of payloads) if (dave.decrypt(payload, speakerId)) frames += 1;
        return frames;
      },
    ),
    contender(
      're-sealing: nonce, secretbox, packet',
      (datagrams) => datagrams.map((datagram) => dave.decrypt(opened(datagram), speakerId) ?? datagram),
      (frames) => {
        let packets = 0;
        for (const frame of frames) {
          nonces.next({ sequence: packets, timestamp: packets * 960, ssrc: 1 }, nonce);
          if (writeAudioPacket(nonce, seal(frame, nonce, key)).length > 0) packets += 1;
        }
        return packets;
      },
    ),
  ];
}

/** The program's own way, and the library's. */
function paths({ program }: Stage, { connection, guild, speakerId }: Call, mode: TransportMode): Contender[] {
  const { receiver } = connection;
  const wholePath = receiver.onUdpMessage.bind(receiver);
  let captured = 0;
  captureFrom(connection, {
    mayHear: () => true,
    onFrame: () => (captured += 1),
    onSpeaking: () => {},
    onDrop: () => {},
  });
  const captureAlone = receiver.onUdpMessage.bind(receiver);
  const sent = (): number => program.bot.broadcasts.of(guild.id)?.status().frames ?? 0;
  const ours = [
    contender('capture: datagram → frame', asTheyCome, (datagrams) => {
      const before = captured;
      feed(datagrams, captureAlone);
      return captured - before;
    }),
    contender('whole path: datagram → packet handed to the WebSocket', asTheyCome, (datagrams) => {
      const before = sent();
      withoutWebSocket(() => feed(datagrams, wholePath));
      return sent() - before;
    }),
    contender('… and written to the kernel by ws', asTheyCome, (datagrams) => {
      const before = sent();
      feed(datagrams, wholePath);
      return sent() - before;
    }),
  ];
  // With sodium-native installed the library throws in this mode: there is nothing to compare with.
  if (mode === 'aead_xchacha20_poly1305_rtpsize') return ours;
  let received = 0;
  receiver.subscribe(speakerId).on('data', () => (received += 1));
  const library = (datagram: Buffer): void => VoiceReceiver.prototype.onUdpMessage.call(receiver, datagram);
  return [
    ...ours,
    contender('control: the library, datagram → frame', asTheyCome, (datagrams) => {
      const before = received;
      feed(datagrams, library);
      return received - before;
    }),
  ];
}

function feed(datagrams: readonly Buffer[], receive: (datagram: Buffer) => void): void {
  for (const datagram of datagrams) receive(datagram);
}

function contender(name: string, prepare: Contender['prepare'], run: Contender['run']): Contender {
  return { name, prepare, run, figures: [], pacedFigures: [] };
}

/** Up to the library's door: what a WebSocket does with a message is not the bot's to spend or save. */
function withoutWebSocket(act: () => void): void {
  const send = Object.getOwnPropertyDescriptor(WebSocket.prototype, 'send')!;
  WebSocket.prototype.send = () => {};
  act();
  Object.defineProperty(WebSocket.prototype, 'send', send);
}

function daveOf({ state }: Call['connection']): DAVESession | undefined {
  const networking = 'networking' in state ? state.networking.state : undefined;
  return networking && 'dave' in networking ? networking.dave : undefined;
}

/** @returns µs of CPU a datagram, for each contender */
async function measureRound(call: Call, contenders: readonly Contender[]): Promise<number[]> {
  const spent = contenders.map(() => 0);
  for (let turn = 0; turn < TURNS; turn += 1) {
    for (const [index, { name, prepare, run }] of contenders.entries()) {
      const input = prepare(call.datagramsOf(Array.from({ length: TURN_DATAGRAMS }, randomOpus)));
      const before = process.cpuUsage();
      const frames = run(input);
      const { user, system } = process.cpuUsage(before);
      if (frames < TURN_DATAGRAMS - LOST_BY_CHANCE)
        throw new Error(`${name}: ${frames} frames of ${TURN_DATAGRAMS}`);
      spent[index]! += user + system;
      // The relay reads what it was sent, so that nothing waits in front of the next turn.
      for (let pass = 0; pass < 5; pass += 1) await nextTurn();
    }
  }
  return spent.map((us) => us / (TURNS * TURN_DATAGRAMS));
}

/** One datagram every 20 ms, as of one speaker: between two of them the caches have forgotten. */
async function measurePaced(call: Call, contenders: readonly Contender[]): Promise<void> {
  const total = PACED_DATAGRAMS * contenders.length;
  const datagrams = call.datagramsOf(Array.from({ length: total }, randomOpus));
  for (const [index, datagram] of datagrams.entries()) {
    const { prepare, run, pacedFigures } = contenders[Math.floor(index / PACED_DATAGRAMS)]!;
    const input = prepare([datagram]);
    await sleep(FRAME_MS);
    const before = process.cpuUsage();
    run(input);
    const { user, system } = process.cpuUsage(before);
    pacedFigures.push(user + system);
  }
}

function randomOpus(): Buffer {
  const opus = randomBytes(OPUS_BYTES);
  opus[0] = OPUS_TOC;
  // One random frame in 155,000 ends as DAVE's own do, and would be dropped for one that was not decrypted.
  opus[OPUS_BYTES - 1] = 0;
  return opus;
}

const stage = await startStage();
for (const mode of ['aead_aes256_gcm_rtpsize', 'aead_xchacha20_poly1305_rtpsize'] as const) {
  const call = await goOnAir(stage, mode);
  const contenders = [...steps(call), ...paths(stage, call, mode)];
  for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round += 1) {
    const figures = await measureRound(call, contenders);
    if (round >= 0) for (const [index, us] of figures.entries()) contenders[index]!.figures.push(us);
  }
  await measurePaced(call, contenders);
  console.log(`\n${mode}, DAVE, ${OPUS_BYTES}-byte frames: medians of ${ROUNDS} rounds\n`);
  const control = contenders.find(({ name }) => name.startsWith('control'));
  printTable(
    ['', 'µs CPU a frame', 'least … most', '× control', 'one every 20 ms'],
    contenders.map(({ name, figures, pacedFigures }) => [
      name,
      median(figures).toFixed(1),
      `${Math.min(...figures).toFixed(1)} … ${Math.max(...figures).toFixed(1)}`,
      control ? (median(figures) / median(control.figures)).toFixed(2) : '',
      median(pacedFigures).toFixed(0),
    ]),
  );
}
await stage.close();
process.exit();
