/** A delivery service and its members without sockets or clocks: every message waits until the test lets it through. */
import { Random } from '../../simulator/random.ts';
import { DaveClient } from '../../simulator/voice/dave/dave-client.ts';
import { DeliveryService } from '../../simulator/voice/dave/delivery-service.ts';
import { VoiceOp } from '../../simulator/voice/opcodes.ts';
import type { VoiceSignal } from '../../simulator/voice/signal.ts';

interface Timer {
  readonly dueMs: number;
  readonly action: () => void;
}

/** One direction of one member's connection, in which nothing overtakes. */
type Lane = (() => void)[];

interface Member {
  readonly client: DaveClient;
  readonly inbox: Lane;
  readonly outbox: Lane;
}

export class DaveNetwork {
  readonly service: DeliveryService;
  readonly members = new Map<string, Member>();
  readonly #random: Random;
  readonly #channelId = '900000000000000001';
  readonly #timers = new Set<Timer>();
  #nowMs = 0;

  constructor(seed: number) {
    this.#random = new Random(seed);
    this.service = new DeliveryService(this.#channelId, {
      send: (userId, signal) => this.#send(userId, signal),
      after: (delayMs, action) => {
        const timer = { dueMs: this.#nowMs + delayMs, action };
        this.#timers.add(timer);
        return () => this.#timers.delete(timer);
      },
      changed: () => {},
    });
  }

  join(userId: string): void {
    const inbox: Lane = [];
    const outbox: Lane = [];
    const client = new DaveClient(userId, this.#channelId, {
      keyPackage: (payload) => outbox.push(() => this.service.keyPackage(userId, payload)),
      commit: (payload) => outbox.push(() => this.service.commit(userId, payload)),
      transitionReady: (id) => outbox.push(() => this.service.transitionReady(userId, id)),
      invalid: () => outbox.push(() => this.service.invalid(userId)),
    });
    for (const other of this.members.keys()) {
      this.#send(other, { op: VoiceOp.clientsConnect, data: { user_ids: [userId] } });
    }
    this.members.set(userId, { client, inbox, outbox });
    this.#send(userId, this.service.externalSender);
    this.#send(userId, { op: VoiceOp.clientsConnect, data: { user_ids: [...this.members.keys()] } });
    this.service.join(userId);
    client.apply();
  }

  leave(userId: string): void {
    this.members.delete(userId);
    for (const other of this.members.keys()) {
      this.#send(other, { op: VoiceOp.clientDisconnect, data: { user_id: userId } });
    }
    this.service.leave(userId);
  }

  /** The member's client loses its way: it reports so and starts over, as after a commit that it could not read. */
  confuse(userId: string): void {
    this.#send(userId, { op: VoiceOp.mlsAnnounceCommit, payload: Buffer.from('0001ffff', 'hex') });
  }

  /** Lets one waiting message through, or the clock run to the next timer; false when nothing is left to happen. */
  step(): boolean {
    const lanes = [...this.members.values()].flatMap(({ inbox, outbox }) => [inbox, outbox]);
    const waiting = lanes.filter((lane) => lane.length > 0);
    const due = [...this.#timers].filter((timer) => timer.dueMs <= this.#nowMs);
    const chosen = this.#random.below(waiting.length + due.length);
    if (chosen < waiting.length) waiting[chosen]?.shift()?.();
    else this.#fire(due[chosen - waiting.length]);
    if (waiting.length + due.length > 0) return true;
    const next = [...this.#timers].map((timer) => timer.dueMs).toSorted((a, b) => a - b)[0];
    if (next === undefined) return false;
    this.#nowMs = next;
    return true;
  }

  /** Lets everything happen that has to happen. */
  run(): void {
    while (this.step());
  }

  /** Whom each member cannot hear. */
  deaf(): string[] {
    const failures: string[] = [];
    for (const [speakerId, speaker] of this.members) {
      const opus = Buffer.from(`78${speakerId}`);
      const sealed = speaker.client.seal(opus);
      for (const [listenerId, listener] of this.members) {
        if (listenerId === speakerId) continue;
        if (!listener.client.open(speakerId, sealed)?.equals(opus))
          failures.push(`${listenerId} < ${speakerId}`);
      }
    }
    return failures;
  }

  #fire(timer: Timer | undefined): void {
    if (timer && this.#timers.delete(timer)) timer.action();
  }

  #send(userId: string, signal: VoiceSignal): void {
    const member = this.members.get(userId);
    member?.inbox.push(() => member.client.receive(signal));
  }
}
