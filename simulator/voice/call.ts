/** One call: who is in it, what they are told of each other, and whose audio goes to whom. */
import { EventEmitter } from 'node:events';
import type { Random } from '../random.ts';
import { DeliveryService } from './dave/delivery-service.ts';
import { FrameLog, type SpokenFrame } from './frame-log.ts';
import { NetworkFaults, type DatagramFate } from './network-faults.ts';
import { VoiceOp } from './opcodes.ts';
import type { RtpPacket } from './rtp.ts';
import type { VoiceSignal } from './signal.ts';
import type { TransportMode } from './transport-cipher.ts';

/** Media runs ahead of signalling: who leaves is announced only when what they said last has arrived. */
const farewellDelayMs = 25;

/** What a newcomer is told on joining. */
export type Greeting = 'external-sender' | 'clients' | 'speaking';

export interface CallOptions {
  readonly channelId: string;
  /** Whether frames are end-to-end encrypted (DAVE). */
  readonly encrypted: boolean;
  /** The transport modes offered, best first. */
  readonly modes: readonly TransportMode[];
  /** In which order a newcomer is told things; a shuffled one is drawn anew for each newcomer. */
  readonly greetings: readonly Greeting[] | 'shuffled';
  readonly random: Random;
}

/** A client in the call: a person in this process, or a bot over the network. */
export interface Participant {
  readonly userId: string;
  readonly ssrc: number;
  /** Whether the client has taken in every signal. */
  readonly upToDate: boolean;
  receive(signal: VoiceSignal): void;
  /** Takes in another's packet. @returns its fate if it went over the network */
  hear(senderId: string, packet: RtpPacket): DatagramFate | undefined;
}

interface CallEvents {
  /** Someone came or went, or the call may have become settled. */
  readonly changed: [];
}

export class Call extends EventEmitter<CallEvents> {
  readonly channelId: string;
  readonly modes: readonly TransportMode[];
  readonly faults: NetworkFaults;
  /** The delivery service of an encrypted call. */
  readonly delivery: DeliveryService | undefined;
  readonly #greetings: readonly Greeting[] | 'shuffled';
  readonly #random: Random;
  readonly #participants = new Map<string, Participant>();
  readonly #speaking = new Map<string, number>();
  readonly #logs = new Set<FrameLog>();
  /** Those who have left but are not announced yet, and how to do it. */
  readonly #farewells = new Map<string, { readonly timer: NodeJS.Timeout; readonly announce: () => void }>();

  constructor(options: CallOptions) {
    super();
    // Every waiting test listens once; there is no leak to warn of.
    this.setMaxListeners(0);
    this.channelId = options.channelId;
    this.modes = options.modes;
    this.#greetings = options.greetings;
    this.#random = options.random;
    this.faults = new NetworkFaults(options.random.fork());
    if (options.encrypted) this.delivery = this.#startDelivery();
  }

  get daveVersion(): 0 | 1 {
    return this.delivery ? 1 : 0;
  }

  /** Whether whatever is said now can be heard by everybody in the call. */
  get settled(): boolean {
    return (
      (this.delivery?.settled ?? true) && [...this.#participants.values()].every((member) => member.upToDate)
    );
  }

  participant(userId: string): Participant | undefined {
    return this.#participants.get(userId);
  }

  join(newcomer: Participant): void {
    const { userId } = newcomer;
    const previous = this.#participants.get(userId);
    if (previous) this.leave(previous);
    this.#farewells.get(userId)?.announce();
    this.#participants.set(userId, newcomer);
    this.#tellOthers(newcomer, { op: VoiceOp.clientsConnect, data: { user_ids: [userId] } });
    const order =
      this.#greetings === 'shuffled'
        ? this.#random.shuffled<Greeting>(['external-sender', 'clients', 'speaking'])
        : this.#greetings;
    for (const greeting of order) this.#greet(newcomer, greeting);
    this.delivery?.join(userId);
    this.emit('changed');
  }

  leave(leaver: Participant): void {
    const { userId } = leaver;
    if (this.#participants.get(userId) !== leaver) return;
    this.#participants.delete(userId);
    this.#speaking.delete(userId);
    const announce = (): void => {
      clearTimeout(this.#farewells.get(userId)?.timer);
      this.#farewells.delete(userId);
      this.#tellOthers(leaver, { op: VoiceOp.clientDisconnect, data: { user_id: userId } });
      this.delivery?.leave(userId);
      this.emit('changed');
    };
    const after = (delayMs: number, action: () => void): void => {
      this.#farewells.set(userId, { timer: setTimeout(action, delayMs).unref(), announce });
    };
    // Two waits, so that a process that was held up does not send the last word and the farewell in one turn.
    after(this.faults.jitterMs, () => after(farewellDelayMs, announce));
    this.emit('changed');
  }

  /** Op 5: whose SSRC is whose, and whether they speak (flags: 1 is the microphone, 0 is silence). */
  speaking(speaker: Participant, flags: number): void {
    this.#speaking.set(speaker.userId, flags);
    this.#tellOthers(speaker, speakingSignal(speaker, flags));
  }

  /** Passes a packet to everybody else. */
  forward(sender: Participant, packet: RtpPacket): DatagramFate | 'unheard' {
    let fate: DatagramFate | 'unheard' = 'unheard';
    for (const listener of this.#participants.values()) {
      if (listener !== sender) fate = listener.hear(sender.userId, packet) ?? fate;
    }
    return fate;
  }

  /** Starts a record of what is said. */
  record(limit: number): FrameLog {
    const log = new FrameLog(limit, (stopped) => this.#logs.delete(stopped));
    this.#logs.add(log);
    return log;
  }

  /** Enters a frame into every running record. */
  note(frame: SpokenFrame): void {
    for (const log of this.#logs) log.add(frame);
  }

  close(): void {
    for (const { timer } of this.#farewells.values()) clearTimeout(timer);
    this.#farewells.clear();
    this.#participants.clear();
    this.delivery?.close();
    this.faults.close();
  }

  #startDelivery(): DeliveryService {
    return new DeliveryService(this.channelId, {
      send: (userId, signal) => this.#participants.get(userId)?.receive(signal),
      after: (delayMs, action) => {
        const timer = setTimeout(action, delayMs).unref();
        return () => clearTimeout(timer);
      },
      changed: () => this.emit('changed'),
    });
  }

  #greet(newcomer: Participant, greeting: Greeting): void {
    const others = [...this.#participants.values()].filter((member) => member !== newcomer);
    switch (greeting) {
      case 'external-sender':
        if (this.delivery) newcomer.receive(this.delivery.externalSender);
        break;
      case 'clients': {
        const ids = others.map((member) => member.userId);
        if (ids.length > 0) newcomer.receive({ op: VoiceOp.clientsConnect, data: { user_ids: ids } });
        break;
      }
      case 'speaking':
        for (const other of others) {
          const flags = this.#speaking.get(other.userId);
          if (flags !== undefined) newcomer.receive(speakingSignal(other, flags));
        }
        break;
    }
  }

  #tellOthers(about: Participant, signal: VoiceSignal): void {
    for (const member of this.#participants.values()) if (member !== about) member.receive(signal);
  }
}

function speakingSignal({ userId, ssrc }: Participant, flags: number): VoiceSignal {
  return { op: VoiceOp.speaking, data: { user_id: userId, ssrc, speaking: flags, delay: 0 } };
}
