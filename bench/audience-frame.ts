/**
 * What it costs the bot's CPU to send one frame to one guild, from the Opus that a tuner hands out to the datagram; and as the
 * control the same frame sent by @discordjs/voice itself. In a settled, end-to-end encrypted call on the simulated Discord.
 *
 * Contenders take turns of 200 frames. What counts is CPU time of the whole process, garbage collection included. Without
 * the kernel: the UDP socket's `send` is replaced by nothing, as in `capture`.
 *
 * Usage: node bench/audience-frame.ts [rounds = 5] [turns a round = 16]
 */
import { randomBytes } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { NetworkingStatusCode, type VoiceConnection, VoiceConnectionStatus } from '@discordjs/voice';
import { transportCipher } from '../src/bot/transport/transport-cipher.ts';
import { VoiceSender, noSendDrops } from '../src/bot/voice/voice-sender.ts';
import { goOnAir, startStage } from './capture-scene.ts';
import { median, printTable } from './figures.ts';

const [ROUNDS = 5, TURNS = 16] = process.argv.slice(2).map(Number);
const WARM_UP_ROUNDS = 2;
const TURN_FRAMES = 200;
const OPUS_BYTES = 120;
/** 20 ms of CELT, stereo, one frame. */
const OPUS_TOC = 0xfc;
const HEADER = Buffer.alloc(12, 0x80);

interface Contender {
  readonly name: string;
  readonly run: (frames: readonly Buffer[]) => void;
  readonly figures: number[];
}

function contendersIn(connection: VoiceConnection, withControl: boolean): Contender[] {
  const { state } = connection;
  if (state.status !== VoiceConnectionStatus.Ready) throw new Error('not connected');
  const { networking } = state;
  if (networking.state.code !== NetworkingStatusCode.Ready) throw new Error('not ready');
  const { dave, udp, connectionData } = networking.state;
  const cipher = transportCipher(connectionData.encryptionMode, connectionData.secretKey);
  if (!dave || !cipher) throw new Error('not encrypted');
  const drops = noSendDrops();
  const sender = new VoiceSender(connection, drops);
  const send = udp.send.bind(udp);
  let nowMs = 0;
  let counter = 0;
  const sendAll = (frames: readonly Buffer[]): void => {
    for (const frame of frames) sender.send(frame, (nowMs += 20));
    if (Object.values(drops).some((count) => count > 0)) throw new Error(JSON.stringify(drops));
  };
  const contender = (name: string, run: Contender['run']): Contender => ({ name, run, figures: [] });
  return [
    contender('DAVE encryption', (frames) => {
      for (const frame of frames) dave.encrypt(frame);
    }),
    contender('transport encryption', (frames) => {
      for (const frame of frames) cipher.seal(HEADER, frame, (counter += 1));
    }),
    contender('whole path: frame → datagram', (frames) => {
      udp.send = () => {};
      sendAll(frames);
      udp.send = send;
    }),
    contender('… and handed to the kernel by node:dgram', sendAll),
    // With sodium-native installed the library throws in the other mode.
    ...(withControl
      ? [
          contender('control: the library, frame → kernel', (frames) => {
            for (const frame of frames) {
              networking.prepareAudioPacket(frame);
              networking.dispatchAudio();
            }
          }),
        ]
      : []),
  ];
}

async function measureRound(contenders: readonly Contender[], counts: boolean): Promise<void> {
  const spent = contenders.map(() => 0);
  for (let turn = 0; turn < TURNS; turn += 1) {
    for (const [index, { run }] of contenders.entries()) {
      const frames = Array.from({ length: TURN_FRAMES }, randomOpus);
      const before = process.cpuUsage();
      run(frames);
      // dgram looks each address up and sends in the next tick: that is part of it. The simulated Discord reads after that.
      await new Promise<void>((resolve) => process.nextTick(resolve));
      const { user, system } = process.cpuUsage(before);
      spent[index]! += user + system;
      for (let pass = 0; pass < 5; pass += 1) await nextTurn();
    }
  }
  if (!counts) return;
  for (const [index, { figures }] of contenders.entries())
    figures.push(spent[index]! / (TURNS * TURN_FRAMES));
}

function randomOpus(): Buffer {
  const opus = randomBytes(OPUS_BYTES);
  opus[0] = OPUS_TOC;
  return opus;
}

const stage = await startStage();
for (const mode of ['aead_aes256_gcm_rtpsize', 'aead_xchacha20_poly1305_rtpsize'] as const) {
  const { connection } = await goOnAir(stage, mode);
  const contenders = contendersIn(connection, mode === 'aead_aes256_gcm_rtpsize');
  for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round += 1) await measureRound(contenders, round >= 0);
  console.log(`\n${mode}, DAVE, ${OPUS_BYTES}-byte frames: medians of ${ROUNDS} rounds\n`);
  printTable(
    ['', 'µs CPU a frame', 'least … most'],
    contenders.map(({ name, figures }) => [
      name,
      median(figures).toFixed(1),
      `${Math.min(...figures).toFixed(1)} … ${Math.max(...figures).toFixed(1)}`,
    ]),
  );
}
await stage.close();
process.exit();
