/** A person's client inside this process: speaks into the call and, if asked to, keeps what it hears. */
import { asNumber, asObject, asText, type JsonObject } from '../json.ts';
import type { Call, Participant } from './call.ts';
import { DaveClient } from './dave/dave-client.ts';
import type { SpokenFrame } from './frame-log.ts';
import { VoiceOp } from './opcodes.ts';
import type { RtpPacket } from './rtp.ts';
import type { VoiceSignal } from './signal.ts';

/** 20 ms at 48 kHz. */
const samplesPerFrame = 960;
const frameMs = 20;
const microphone = 1;
/** How long one waits before the first word for the others to have learned one's SSRC. */
const introductionMs = 250;

/** Opus for 20 ms of silence: five of them end every speech, and end-to-end encryption lets them through as they are. */
export const silenceFrame = Buffer.of(0xf8, 0xff, 0xfe);

export interface FrameOptions {
  /** RTP header extension data, a multiple of 4 bytes. */
  readonly extension?: Buffer;
  /** RTP padding, 1…255 bytes. */
  readonly padding?: number;
  /** RTP contributing sources, at most 15. */
  readonly csrcs?: readonly number[];
  /** Leaves end-to-end encryption out, as a client without DAVE would. */
  readonly plain?: boolean;
  /** Another SSRC than the speaker's own. */
  readonly ssrc?: number;
}

export interface HeardFrame {
  readonly userId: string;
  readonly sequence: number;
  readonly timestamp: number;
  readonly ssrc: number;
  /** Decrypted; undefined if the group's keys did not open it. */
  readonly opus: Buffer | undefined;
  /** When it came, by performance.now(). */
  readonly atMs: number;
}

/** Op 5 as it came: whose SSRC is whose, and whether they speak. */
export interface SpeakingNotice {
  readonly userId: string;
  readonly ssrc: number;
  /** 1 is the microphone, 0 is silence. */
  readonly flags: number;
  /** When it came, by performance.now(). */
  readonly atMs: number;
}

/** Takes in what a talker hears. */
export interface Ear {
  hear(frame: HeardFrame): void;
  notice(notice: SpeakingNotice): void;
}

export interface TalkerOptions {
  readonly userId: string;
  readonly ssrc: number;
  /** Where the RTP sequence starts, 16 bits. */
  readonly firstSequence: number;
  /** Where the RTP timestamp starts, 32 bits. */
  readonly firstTimestamp: number;
  /** How long each commit takes, so that not always the same member's wins. */
  readonly commitDelayMs: () => number;
  /** Whether what one says is passed on: not from the audience of a stage. */
  readonly maySpeak: () => boolean;
}

export class Talker implements Participant {
  readonly userId: string;
  readonly ssrc: number;
  readonly #call: Call;
  readonly #dave: DaveClient | undefined;
  readonly #commitDelayMs: () => number;
  readonly #maySpeak: () => boolean;
  readonly #timers = new Set<NodeJS.Timeout>();
  /** Signals that have been sent to this client and not been read yet. */
  #unread = 0;
  #sequence: number;
  #timestamp: number;
  #lastSentMs = 0;
  /** Gets every frame that the others say; unset, nothing is decrypted. */
  ear: Ear | undefined;

  constructor(call: Call, options: TalkerOptions) {
    this.#call = call;
    this.userId = options.userId;
    this.ssrc = options.ssrc;
    this.#sequence = options.firstSequence;
    this.#timestamp = options.firstTimestamp;
    this.#commitDelayMs = options.commitDelayMs;
    this.#maySpeak = options.maySpeak;
    if (call.delivery) this.#dave = this.#startDave(call.delivery);
  }

  get upToDate(): boolean {
    return this.#unread === 0;
  }

  join(): void {
    this.#call.join(this);
    this.#dave?.apply();
  }

  leave(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    this.#call.leave(this);
  }

  receive(signal: VoiceSignal): void {
    if (signal.op === VoiceOp.speaking && 'data' in signal) this.#notice(asObject(signal.data));
    if (!this.#dave) return;
    const dave = this.#dave;
    this.#unread += 1;
    // Read in a turn of its own, as if it had come over a wire: the sender must have finished first.
    setImmediate(() => {
      dave.receive(signal);
      this.#unread -= 1;
      this.#call.emit('changed');
    });
  }

  hear(senderId: string, packet: RtpPacket): undefined {
    if (!this.ear) return;
    const { sequence, timestamp, ssrc, payload } = packet;
    const isSealed = this.#dave !== undefined && !payload.equals(silenceFrame);
    const opus = isSealed ? this.#dave?.open(senderId, payload) : payload;
    this.ear.hear({ userId: senderId, sequence, timestamp, ssrc, opus, atMs: performance.now() });
  }

  /**
   * Announces that one is about to speak, and moves the RTP clock on by the silence since.
   * Resolves once everybody knows one's SSRC, or after a quarter of a second.
   */
  async startSpeaking(nowMs: number): Promise<void> {
    if (this.#lastSentMs > 0) {
      const silentFrames = Math.max(0, Math.round((nowMs - this.#lastSentMs) / frameMs) - 1);
      this.#timestamp = (this.#timestamp + silentFrames * samplesPerFrame) >>> 0;
    }
    if (this.#maySpeak()) this.#call.speaking(this, microphone);
    await waitUntilSettled(this.#call, introductionMs);
  }

  /** Announces that one has finished. */
  stopSpeaking(): void {
    if (this.#maySpeak()) this.#call.speaking(this, 0);
  }

  /** Says one frame of 20 ms. An empty one is a packet of padding alone, which no time passes for. */
  say(opus: Buffer, nowMs: number, options: FrameOptions = {}): SpokenFrame {
    if (!this.#maySpeak()) return this.#swallow(opus);
    this.#sequence = (this.#sequence + 1) & 0xffff;
    if (opus.length > 0) this.#timestamp = (this.#timestamp + samplesPerFrame) >>> 0;
    this.#lastSentMs = nowMs;
    const { extension, padding, csrcs, ssrc = this.ssrc } = options;
    const isPlain = options.plain === true || opus.length === 0 || opus.equals(silenceFrame);
    const payload = isPlain ? opus : (this.#dave?.seal(opus) ?? opus);
    const place = { sequence: this.#sequence, timestamp: this.#timestamp, ssrc };
    const settled = this.#call.settled;
    const fate = this.#call.forward(this, { ...place, payload, extension, padding, csrcs });
    const frame = { userId: this.userId, ...place, opus, settled, fate };
    this.#call.note(frame);
    return frame;
  }

  /** What is said in the audience goes nowhere, and into no record. */
  #swallow(opus: Buffer): SpokenFrame {
    const place = { sequence: this.#sequence, timestamp: this.#timestamp, ssrc: this.ssrc };
    return { userId: this.userId, ...place, opus, settled: false, fate: 'unheard' };
  }

  #notice(data: JsonObject): void {
    this.ear?.notice({
      userId: asText(data['user_id']) ?? '',
      ssrc: asNumber(data['ssrc']) ?? 0,
      flags: asNumber(data['speaking']) ?? 0,
      atMs: performance.now(),
    });
  }

  #startDave(delivery: NonNullable<Call['delivery']>): DaveClient {
    const { userId } = this;
    return new DaveClient(userId, this.#call.channelId, {
      keyPackage: (payload) => delivery.keyPackage(userId, payload),
      commit: (payload) => this.#later(this.#commitDelayMs(), () => delivery.commit(userId, payload)),
      transitionReady: (transitionId) => delivery.transitionReady(userId, transitionId),
      invalid: () => delivery.invalid(userId),
    });
  }

  #later(delayMs: number, action: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      action();
    }, delayMs).unref();
    this.#timers.add(timer);
  }
}

/** Resolves once the call is settled, or with false when the time is over first. */
export async function waitUntilSettled(call: Call, timeoutMs: number): Promise<boolean> {
  if (call.settled) return true;
  return await new Promise((resolve) => {
    const finish = (settled: boolean): void => {
      clearTimeout(timer);
      call.off('changed', check);
      resolve(settled);
    };
    const check = (): void => {
      if (call.settled) finish(true);
    };
    const timer = setTimeout(() => finish(false), timeoutMs);
    call.on('changed', check);
  });
}
