/** A member of a guild: joins calls, speaks, listens, types commands and presses buttons. */
import { randomUUID } from 'node:crypto';
import type { AutocompleteChoice } from './autocomplete.ts';
import { Answer } from './answer.ts';
import type { Channel } from './channel.ts';
import { CommandNotAllowed } from './command-errors.ts';
import type { CommandOptions } from './commands.ts';
import type { Guild } from './guild.ts';
import { Hearing } from './hearing.ts';
import {
  completeOption,
  pressComponent,
  submitModal,
  typeCommand,
  type TypedCommand,
} from './interacting.ts';
import type { Message } from './messages.ts';
import { holds, type PermissionName } from './permissions.ts';
import type { Random } from './random.ts';
import { Speaking, type SpeakOptions } from './speaking.ts';
import type { Speech } from './speech.ts';
import type { SpokenFrame } from './voice/frame-log.ts';
import { Talker, waitUntilSettled, type FrameOptions } from './voice/talker.ts';
import type { VoiceChannel } from './voice-channel.ts';

export interface PersonOptions {
  /** What this person may do beyond what everybody may. */
  readonly permissions?: readonly PermissionName[];
  /** The language of this person's client, as Discord writes it (`en-US`, `de`, `ja` …); en-US by default. */
  readonly locale?: string;
}

export interface JoinOptions {
  /** On a stage: whether one joins its audience, where what one says goes nowhere. */
  readonly audience?: boolean;
}

/** A commit takes a client this long at most, so that any member's may be first. */
const longestCommitMs = 15;
const joinTimeoutMs = 2000;
const defaultHearingLimit = 10_000;

interface Presence {
  readonly channel: VoiceChannel;
  readonly talker: Talker;
}

export class Person {
  readonly id: string;
  readonly name: string;
  readonly guild: Guild;
  /** The language of this person's client. */
  readonly locale: string;
  readonly #random: Random;
  #presence: Presence | undefined;
  /** What this guild calls them, where that is not their name: a bot without the intent for members learns it with their next voice state. */
  nickname: string | null = null;
  #isMuted = false;
  #hearing: Hearing | undefined;
  readonly #speeches = new Set<Speaking>();

  constructor(guild: Guild, name: string, { locale = 'en-US' }: PersonOptions = {}) {
    this.id = guild.world.snowflakes.next();
    this.name = name;
    this.guild = guild;
    this.locale = locale;
    this.#random = guild.world.random.fork();
  }

  /** The RTP source of what this person says in the present call. @throws Error outside a call */
  get ssrc(): number {
    return this.#present().talker.ssrc;
  }

  /** The voice channel that this person is in. */
  get channel(): VoiceChannel | undefined {
    return this.#presence?.channel;
  }

  /**
   * Changes a channel's status. @throws Error if this person may not: from outside the channel it takes ManageChannels
   */
  setStatus(channel: VoiceChannel, status: string): void {
    if (channel.kind === 'stage') throw new Error(`#${channel.name} is a stage, which has no status`);
    if (!channel.maySetStatus(this.id))
      throw new Error(`${this.name} may not change the status of #${channel.name}`);
    channel.setStatus(status);
  }

  /**
   * Deletes a message of the bot, as a moderator does.
   * @throws Error without ManageMessages, or if it is not there: an ephemeral one never is
   */
  deleteMessage(on: Message | Answer): void {
    const message = on instanceof Answer ? on.message : on;
    const channel = message && this.guild.channel(message.channelId);
    if (!message || !channel || message.isDeleted || message.isEphemeral)
      throw new Error('there is no message to delete');
    if (!holds(channel.permissionsOf(this.id), 'ManageMessages'))
      throw new Error(`${this.name} may not delete messages in #${channel.name}`);
    channel.deleteMessage(message);
    if (on instanceof Answer) on.noteChange();
  }

  /**
   * Joins a call, leaving another. On a stage, people join as speakers unless they say otherwise.
   * Resolves once everybody can hear this person, or after two seconds if the call does not settle.
   * @throws Error if it is full
   */
  async join(channel: VoiceChannel, options: JoinOptions = {}): Promise<void> {
    this.enter(channel, options);
    await waitUntilSettled(channel.call, joinTimeoutMs);
  }

  /** Joins a call like join, without waiting for anything. @throws Error if it is full */
  enter(channel: VoiceChannel, { audience = false }: JoinOptions = {}): void {
    if (this.channel === channel) return;
    if (channel.isDeleted) throw new Error(`#${channel.name} is gone`);
    if (channel.isFull) throw new Error(`#${channel.name} is full: ${channel.userLimit} are the most`);
    this.#depart();
    const random = this.#random;
    const talker = new Talker(channel.call, {
      userId: this.id,
      ssrc: this.guild.world.nextSsrc(),
      firstSequence: random.below(2 ** 16),
      firstTimestamp: random.below(2 ** 32),
      commitDelayMs: () => random.next() * longestCommitMs,
      maySpeak: () => this.guild.voiceStates.get(this.id)?.suppress === false,
    });
    this.#presence = { channel, talker };
    this.#wireHearing();
    this.guild.voiceStates.change(this.id, {
      channelId: channel.id,
      sessionId: randomUUID(),
      selfMute: this.#isMuted,
      suppress: audience && channel.kind === 'stage',
      requestToSpeakAt: null,
    });
    talker.join();
  }

  /** Goes from one call to another. */
  async moveTo(channel: VoiceChannel): Promise<void> {
    await this.join(channel);
  }

  leave(): void {
    if (!this.#presence) return;
    this.#depart();
    this.guild.voiceStates.change(this.id, { channelId: null });
  }

  mute(): void {
    this.#isMuted = true;
    if (this.#presence) this.guild.voiceStates.change(this.id, { selfMute: true });
  }

  unmute(): void {
    this.#isMuted = false;
    if (this.#presence) this.guild.voiceStates.change(this.id, { selfMute: false });
  }

  /**
   * Says something, in real time unless told otherwise, and ends with five frames of silence, as clients do.
   * @throws Error outside a call
   */
  speak(speech: Speech, options: SpeakOptions = {}): Speaking {
    const { talker } = this.#present();
    const speaking = new Speaking(
      speech,
      {
        open: async () => await talker.startSpeaking(performance.now()),
        say: (opus) => {
          if (this.#presence?.talker !== talker) return false;
          if (!this.#isMuted) talker.say(opus, performance.now());
          return true;
        },
        close: () => talker.stopSpeaking(),
      },
      options,
    );
    this.#speeches.add(speaking);
    void speaking.done.finally(() => this.#speeches.delete(speaking));
    return speaking;
  }

  /** Announces the microphone (op 5) and resolves once the bot knows whose frames these will be. */
  async startSpeaking(): Promise<void> {
    await this.#present().talker.startSpeaking(performance.now());
  }

  /**
   * Says one frame of 20 ms, right now.
   * @throws Error outside a call
   */
  sendFrame(opus: Buffer, options: FrameOptions = {}): SpokenFrame {
    return this.#present().talker.say(opus, performance.now(), options);
  }

  /** Sends packets of padding alone, as bandwidth probes are: they carry no sound and take no time. */
  sendPadding(count: number, paddingBytes = 200): void {
    for (let packet = 0; packet < count; packet += 1)
      this.sendFrame(Buffer.alloc(0), { padding: paddingBytes });
  }

  /** Keeps what the others say from now on, the newest `limit` frames, through every channel. */
  listen({ limit = defaultHearingLimit }: { readonly limit?: number } = {}): Hearing {
    const hearing = new Hearing(limit, () => {
      this.#hearing = undefined;
      this.#wireHearing();
    });
    this.#hearing = hearing;
    this.#wireHearing();
    return hearing;
  }

  /**
   * Types a slash command and waits for the first reply.
   * @param words subcommand group and subcommand, as far as the command has them, then the options
   * @throws CommandNotRegistered, CommandNotAllowed, NoResponse
   */
  async command(channel: Channel, name: string, ...words: (string | CommandOptions)[]): Promise<Answer> {
    this.#checkVisible(channel);
    return await typeCommand(this, channel, { name, ...typedWords(words) });
  }

  /**
   * Types at an option of a slash command and waits for what the bot suggests; nothing is sent yet.
   * @param words as for `command`; the option named last is the one that is being typed
   * @throws CommandNotRegistered if the option has no autocompletion, CommandNotAllowed, NoResponse
   */
  async autocomplete(
    channel: Channel,
    name: string,
    ...words: (string | CommandOptions)[]
  ): Promise<readonly AutocompleteChoice[]> {
    this.#checkVisible(channel);
    return await completeOption(this, channel, { name, ...typedWords(words) });
  }

  /**
   * Presses a button of a message or an answer, or chooses from its menu, and waits for the first reply.
   * @param values what is chosen, for a menu
   * @throws ComponentNotThere, NoResponse
   */
  async press(on: Message | Answer, customId: string, values?: readonly string[]): Promise<Answer> {
    return await pressComponent(this, on, customId, values);
  }

  /**
   * Fills in the dialog that an answer opened, and waits for the first reply.
   * @param fields the text for each of its inputs, by custom id
   * @throws ComponentNotThere, NoResponse
   */
  async submit(answer: Answer, fields: Readonly<Record<string, string>>): Promise<Answer> {
    return await submitModal(this, answer, fields);
  }

  #checkVisible(channel: Channel): void {
    if (channel.isDeleted || !holds(channel.permissionsOf(this.id), 'ViewChannel')) {
      throw new CommandNotAllowed(`${this.name} does not see #${channel.name}`);
    }
  }

  #present(): Presence {
    if (!this.#presence) throw new Error(`${this.name} is in no call`);
    return this.#presence;
  }

  #depart(): void {
    const talker = this.#presence?.talker;
    this.#presence = undefined;
    for (const speaking of this.#speeches) speaking.stop();
    talker?.leave();
  }

  #wireHearing(): void {
    if (this.#presence) this.#presence.talker.ear = this.#hearing;
  }
}

function typedWords(words: readonly (string | CommandOptions)[]): Omit<TypedCommand, 'name'> {
  const path = words.filter((word) => typeof word === 'string');
  const values: CommandOptions = Object.assign({}, ...words.filter((word) => typeof word !== 'string'));
  return { path, values };
}
