/** A voice or stage channel: the call inside it, the bot's part in that call, and everything that can go wrong with it. */
import { setTimeout as pause } from 'node:timers/promises';
import { Channel, type ChannelOptions } from './channel.ts';
import type { Guild } from './guild.ts';
import type { JsonObject } from './json.ts';
import { holds } from './permissions.ts';
import type { Person } from './person.ts';
import { Call, type Greeting } from './voice/call.ts';
import type { FrameLog } from './voice/frame-log.ts';
import type { NetworkFaults } from './voice/network-faults.ts';
import { Mischief } from './voice/mischief.ts';
import { transportModes, type TransportMode } from './voice/transport-cipher.ts';
import { VoicePeer } from './voice/voice-peer.ts';

export interface VoiceChannelOptions extends ChannelOptions {
  /** How many fit in; 0 for any number. */
  readonly userLimit?: number;
  /** Whether the call is end-to-end encrypted (DAVE): by default in voice channels, not in stage channels. */
  readonly encrypted?: boolean;
  /** The transport modes offered, best first; both by default. */
  readonly modes?: readonly TransportMode[];
  /**
   * In which order a newcomer is told things. By default the external sender, then who is there, then who has spoken;
   * `shuffled` draws an order for each newcomer.
   */
  readonly greetings?: readonly Greeting[] | 'shuffled';
}

const defaultGreetings: readonly Greeting[] = ['external-sender', 'clients', 'speaking'];
/** How long a channel status may be, in characters. */
export const longestStatus = 500;
const bitrate = 64_000;
const settleTimeoutMs = 10_000;
/** How long a stranger stays in a storm of arrivals. */
const longestVisitMs = 20;
const defaultLogLimit = 100_000;

export class VoiceChannel extends Channel {
  readonly call: Call;
  #userLimit: number;
  #status = '';
  /** How many of the bot's next identifies are refused, and with which close code. */
  readonly refusal = { timesLeft: 0, closeCode: 4006 };

  /** What a faulty or hostile network and server can do to the bot. */
  readonly mischief = new Mischief(
    () => this.call,
    () => this.botPeer,
  );

  constructor(guild: Guild, kind: 'voice' | 'stage', name: string, options: VoiceChannelOptions = {}) {
    super(guild, kind, name, options);
    this.#userLimit = options.userLimit ?? 0;
    this.call = new Call({
      channelId: this.id,
      encrypted: options.encrypted ?? kind === 'voice',
      modes: options.modes ?? transportModes,
      greetings: options.greetings ?? defaultGreetings,
      random: guild.world.random.fork(),
    });
  }

  override get payload(): JsonObject {
    return { ...super.payload, bitrate, user_limit: this.userLimit, rtc_region: null };
  }

  /** How many fit in; 0 for any number. */
  get userLimit(): number {
    return this.#userLimit;
  }

  /** Lets so many in from now on, 0 for any number; nobody is thrown out. */
  setUserLimit(people: number): void {
    this.#userLimit = people;
    this.tellUpdate();
  }

  /** The channel status ("on air"), as members see it before joining; empty for none. */
  get status(): string {
    return this.#status;
  }

  /** Changes the channel status, and tells the bot. A stage has none. @throws RangeError over 500 characters */
  setStatus(status: string): void {
    if (status.length > longestStatus)
      throw new RangeError(`a status of ${status.length} characters: ${longestStatus} are the most`);
    this.#status = status;
    const data = { id: this.id, guild_id: this.guild.id, status: status === '' ? null : status };
    this.guild.tell('VOICE_CHANNEL_STATUS_UPDATE', data);
  }

  /** Whether a member may change the channel status; from outside the channel it takes ManageChannels too. */
  maySetStatus(userId: string): boolean {
    const permissions = this.permissionsOf(userId);
    const isInside = this.occupants.includes(userId);
    return holds(permissions, 'SetVoiceChannelStatus') && (isInside || holds(permissions, 'ManageChannels'));
  }

  /** Who is in the channel, by user id. */
  get occupants(): readonly string[] {
    return this.guild.voiceStates.in(this.id);
  }

  /** Whether nobody more fits in. */
  get isFull(): boolean {
    return this.userLimit > 0 && this.occupants.length >= this.userLimit;
  }

  /** The bad network between this call and the bot; perfect until its rates are set. */
  get faults(): NetworkFaults {
    return this.call.faults;
  }

  /** The bot's end of the call; undefined while it is not in it. */
  get botPeer(): VoicePeer | undefined {
    const peer = this.call.participant(this.guild.world.bot.id);
    return peer instanceof VoicePeer ? peer : undefined;
  }

  /** Whether everybody who is in the channel is in the call, and whatever is said now can be heard by all. */
  get isSettled(): boolean {
    return this.call.settled && this.occupants.every((userId) => this.call.participant(userId));
  }

  /**
   * Waits until the call is settled.
   * @throws Error after ten seconds
   */
  async settled(): Promise<void> {
    await this.#until(() => this.isSettled, 'the call did not settle');
  }

  /**
   * Waits until the bot is in the call and the call is settled.
   * @throws Error after ten seconds
   */
  async botJoined(): Promise<void> {
    await this.#until(() => this.botPeer !== undefined && this.isSettled, 'the bot did not join the call');
  }

  /** Starts a record of every frame said here, at most `limit` of them. */
  record({ limit = defaultLogLimit }: { readonly limit?: number } = {}): FrameLog {
    return this.call.record(limit);
  }

  /** Disconnects the bot, as a moderator does: close code 4014, and no voice channel any more. */
  kickBot({ by }: { readonly by?: Person } = {}): void {
    this.guild.botVoice.kick(by);
  }

  /** Moves the bot to another channel, as a moderator does. */
  moveBot(to: VoiceChannel, { by }: { readonly by?: Person } = {}): void {
    this.guild.botVoice.move(to, by);
  }

  /**
   * Closes the bot's voice connection with this code (see voiceCloseReasons); 1006 cuts it without a word.
   * From 4000 on, but for 4015, the session is gone as well.
   */
  close(code: number): void {
    this.guild.botVoice.closeConnection(code);
  }

  /** Refuses the bot's next identifies at the voice gateway. */
  refuseBot(times: number, closeCode: number): void {
    Object.assign(this.refusal, { timesLeft: times, closeCode });
  }

  /**
   * Strangers come and go as fast as they can, so that the group's keys change all the time.
   * @param arrivals how many come; each leaves again a few milliseconds later
   */
  async rekeyStorm(arrivals: number): Promise<void> {
    const { random } = this.guild.world;
    for (let arrival = 0; arrival < arrivals; arrival += 1) {
      const stranger = this.guild.addPerson(`Stranger ${arrival + 1}`);
      stranger.enter(this);
      await pause(random.below(longestVisitMs));
      this.guild.removePerson(stranger);
      await pause(random.below(longestVisitMs));
    }
  }

  async #until(isSo: () => boolean, complaint: string): Promise<void> {
    const deadlineMs = Date.now() + settleTimeoutMs;
    while (!isSo()) {
      if (Date.now() > deadlineMs)
        throw new Error(`#${this.name}: ${complaint} within ${settleTimeoutMs} ms`);
      await changeOf(this.call);
    }
  }
}

/** Resolves at the call's next change, or after a moment: a voice state can change without the call noticing. */
async function changeOf(call: Call): Promise<void> {
  const momentMs = 20;
  await new Promise<void>((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      call.off('changed', done);
      resolve();
    };
    const timer = setTimeout(done, momentMs);
    call.on('changed', done);
  });
}
