/**
 * Sends Opus into a voice connection of @discordjs/voice 0.19, as a client that speaks does.
 *
 * The library would encrypt frames itself, but it takes its XChaCha20 from whichever package a dynamic import finds first,
 * and the namespaces of sodium-native and libsodium-wrappers lack what it then reads from them: on a voice server that
 * offers XChaCha20 alone every frame would throw. So the transport encryption is ours here as it is in capture. And while
 * its end-to-end session is not ready the library sends frames in clear; this never does.
 */
import { NetworkingStatusCode, type VoiceConnection, VoiceConnectionStatus } from '@discordjs/voice';
import { SILENCE, isSilence } from '../../audio/opus-packet.ts';
import { writeRtpHeader } from '../transport/rtp-packet.ts';
import { KeyedCipher } from '../transport/transport-cipher.ts';

/** Why a frame was not sent. */
export type SendDropReason = 'not-connected' | 'dave-not-ready' | 'dave' | 'socket';
export type SendDrops = Record<SendDropReason, number>;

export function noSendDrops(): SendDrops {
  return { 'not-connected': 0, 'dave-not-ready': 0, dave: 0, socket: 0 };
}

const U16 = 2 ** 16;
const U32 = 2 ** 32;
const FRAME_SAMPLES = 960;
const FRAME_MS = 20;
/** So many frames of silence end what is said, so that no listener's decoder goes on with the last sound. */
const FAREWELL_FRAMES = 5;
/** A frame that comes later than this after the one before it did not follow it. */
const RUN_GAP_MS = 200;
const SILENCE_FRAME = Buffer.from(SILENCE);

type Networking = Extract<VoiceConnection['state'], { readonly networking: unknown }>['networking'];
type Ready = Extract<Networking['state'], { readonly code: NetworkingStatusCode.Ready }>;
type Line = Pick<Ready, 'connectionData' | 'dave' | 'udp'> & { readonly networking: Networking };

/** One connection's voice. Nothing here throws. All times are `nowMs` of one clock, ms. */
export class VoiceSender {
  readonly #connection: VoiceConnection;
  readonly #drops: SendDrops;
  readonly #cipher = new KeyedCipher();
  /** The connection's own counters; others after each new session with the voice server. */
  #data: Ready['connectionData'] | undefined;
  /** When the last frame was sent or skipped. */
  #lastMs: number | undefined;
  #isSpeaking = false;
  /** Frames of silence since the last sound. */
  #silences = 0;

  /** @param drops counted up here, so that the counts outlive the connection */
  constructor(connection: VoiceConnection, drops: SendDrops) {
    this.#connection = connection;
    this.#drops = drops;
  }

  /** Whether what is sent now can be heard: connected, and in the group of an end-to-end encrypted call. */
  get canBeHeard(): boolean {
    const line = this.#line();
    if (!line) return false;
    const { dave } = line;
    return !dave || dave.protocolVersion === 0 || dave.session?.ready === true;
  }

  /**
   * Sends 20 ms. A run of frames begins with the first that is no silence, and is over with the fifth frame of silence
   * after the last sound; what is silent beyond that is not sent.
   */
  send(opus: Buffer, nowMs: number): void {
    const silent = isSilence(opus);
    if (silent && !this.#isSpeaking) return;
    const line = this.#line();
    if (!line) {
      this.#drops['not-connected'] += 1;
      return;
    }
    this.#advance(line, nowMs);
    this.#transmit(line, opus);
    this.#silences = silent ? this.#silences + 1 : 0;
    if (this.#silences >= FAREWELL_FRAMES) this.#hush(line);
  }

  /** The frame of these 20 ms is missing: its place in the stream stays empty, and those who hear it conceal that. */
  skip(nowMs: number): void {
    const line = this.#isSpeaking ? this.#line() : undefined;
    if (line) this.#advance(line, nowMs);
  }

  /** Ends the run now, if one is under way. */
  rest(nowMs: number): void {
    const line = this.#isSpeaking ? this.#line() : undefined;
    if (!line) return;
    for (let frameMs = nowMs; this.#silences < FAREWELL_FRAMES; this.#silences += 1) {
      this.#advance(line, frameMs);
      frameMs += FRAME_MS;
      this.#transmit(line, SILENCE_FRAME);
    }
    this.#hush(line);
  }

  /** A run of nothing but silence: some voice servers send nothing to a client that has sent nothing. */
  greet(nowMs: number): void {
    const line = this.#line();
    if (!line) return;
    this.#begin(line);
    this.rest(nowMs);
  }

  #line(): Line | undefined {
    const { state } = this.#connection;
    if (state.status !== VoiceConnectionStatus.Ready) return undefined;
    const { networking } = state;
    const { state: ready } = networking;
    if (ready.code !== NetworkingStatusCode.Ready) return undefined;
    const { connectionData, dave, udp } = ready;
    if (connectionData !== this.#data) {
      this.#data = connectionData;
      this.#isSpeaking = false;
      this.#lastMs = undefined;
    }
    return { networking, connectionData, dave, udp };
  }

  /** One frame further in sequence and time; across a pause the time goes on by the wall clock, the sequence does not. */
  #advance(line: Line, nowMs: number): void {
    const { connectionData: data } = line;
    const sinceMs = nowMs - (this.#lastMs ?? nowMs);
    const followed = this.#isSpeaking && sinceMs < RUN_GAP_MS;
    const frames = followed ? 1 : Math.max(1, Math.round(sinceMs / FRAME_MS));
    data.sequence = (data.sequence + 1) % U16;
    data.timestamp = (data.timestamp + frames * FRAME_SAMPLES) % U32;
    this.#lastMs = nowMs;
    if (!this.#isSpeaking) this.#begin(line);
  }

  #begin({ networking }: Line): void {
    this.#isSpeaking = true;
    this.#silences = 0;
    networking.setSpeaking(true);
  }

  #hush({ networking }: Line): void {
    this.#isSpeaking = false;
    networking.setSpeaking(false);
  }

  #transmit({ connectionData: data, dave, udp }: Line, opus: Buffer): void {
    const cipher = this.#cipher.of(data.encryptionMode, data.secretKey);
    const frame = dave ? this.#endToEnd(dave, opus) : opus;
    if (!cipher || !frame) return;
    try {
      data.nonce = (data.nonce + 1) % U32;
      udp.send(cipher.seal(writeRtpHeader(data), frame, data.nonce));
    } catch {
      this.#drops.socket += 1;
    }
  }

  #endToEnd(dave: NonNullable<Line['dave']>, opus: Buffer): Buffer | undefined {
    if (dave.protocolVersion === 0 || isSilence(opus)) return opus;
    if (!dave.session?.ready) {
      this.#drops['dave-not-ready'] += 1;
      return undefined;
    }
    try {
      const sealed = dave.encrypt(opus);
      // Ciphertext is longer than what is in it: anything else is not encrypted.
      if (sealed.length > opus.length) return sealed;
    } catch {
      // Counted below: there is no key for this group yet, or no longer.
    }
    this.#drops.dave += 1;
    return undefined;
  }
}
