/** The bot's way into a guild's voice channels: asks, admissions, moves and disconnections. */
import { randomUUID } from 'node:crypto';
import { intents } from './gateway-session.ts';
import type { Guild } from './guild.ts';
import type { Person } from './person.ts';
import { holds } from './permissions.ts';
import { voiceCloseReasons } from './voice/opcodes.ts';
import type { VoiceServer } from './voice/voice-server.ts';
import type { VoiceChannel } from './voice-channel.ts';

const disconnected = 4014;

export interface VoiceRequest {
  readonly channelId: string | null;
  readonly selfMute: boolean;
  readonly selfDeaf: boolean;
  /** Who asks: each run of a bot is a session of its own on the main gateway. */
  readonly gatewaySessionId: string;
}

export class BotVoice {
  readonly #guild: Guild;
  #server: VoiceServer;
  #sessionId = randomUUID();
  /** The session on the main gateway that is in the call. */
  #owner: string | undefined;

  constructor(guild: Guild) {
    this.#guild = guild;
    this.#server = guild.world.voiceServer;
  }

  /** The channel that the bot is in. */
  get channel(): VoiceChannel | undefined {
    const channelId = this.#guild.voiceStates.get(this.#botId)?.channelId;
    return channelId ? this.#guild.voiceChannel(channelId) : undefined;
  }

  /** Op 4. What the bot may not do, Discord ignores without a word, and so does this. */
  request({ channelId, selfMute, selfDeaf, gatewaySessionId }: VoiceRequest): void {
    if (channelId === null) {
      // Of a bot that runs twice, only the run that is in the call can leave it.
      this.sessionEnded(gatewaySessionId);
      return;
    }
    const channel = this.#guild.voiceChannel(channelId);
    if (!channel) return;
    const present = this.channel;
    // A bot that was started anew takes the place of the one that was not seen to go.
    if (present && gatewaySessionId !== this.#owner) this.leave();
    const isConnected = present === channel && this.#server.session(this.#sessionId)?.peer !== undefined;
    if (isConnected) this.#guild.voiceStates.change(this.#botId, { selfMute, selfDeaf });
    else if (present === channel || this.#mayEnter(channel)) {
      this.#owner = gatewaySessionId;
      this.#enter(channel, { selfMute, selfDeaf });
    }
  }

  /** The session on the main gateway is over: what it holds here goes with it, and nothing of a later one. */
  sessionEnded(gatewaySessionId: string): void {
    if (gatewaySessionId === this.#owner) this.leave();
  }

  leave(): void {
    if (this.channel) this.#guild.voiceStates.change(this.#botId, { channelId: null });
    this.#server.dismiss(this.#sessionId, disconnected);
    this.#sessionId = randomUUID();
  }

  kick(by: Person | undefined): void {
    if (!this.channel) return;
    if (by) this.#guild.auditLog.noteDisconnect(by.id);
    this.leave();
  }

  move(to: VoiceChannel, by: Person | undefined): void {
    if (!this.channel) return;
    if (by) this.#guild.auditLog.noteMove(by.id, to.id);
    this.#enter(to, {});
  }

  /** Closes the bot's voice connection with a code; 1006 cuts it without a word. */
  closeConnection(code: number): void {
    const socket = this.#server.session(this.#sessionId)?.peer?.socket;
    if (code === 1006) socket?.terminate();
    else if (code < 4000 || code === 4015) socket?.close(code, voiceCloseReasons[code] ?? '');
    else this.#server.dismiss(this.#sessionId, code);
  }

  /** Sends the bot to another voice server (VOICE_SERVER_UPDATE with a new endpoint). */
  moveServer(server: VoiceServer): void {
    const previous = this.#server;
    this.#server = server;
    const { channel } = this;
    if (channel) this.#admit(channel);
    previous.dismiss(this.#sessionId, disconnected);
  }

  get #botId(): string {
    return this.#guild.world.bot.id;
  }

  #mayEnter(channel: VoiceChannel): boolean {
    const permissions = channel.permissionsOf(this.#botId);
    if (!holds(permissions, 'ViewChannel') || !holds(permissions, 'Connect')) return false;
    return !channel.isFull || holds(permissions, 'MoveMembers');
  }

  #enter(channel: VoiceChannel, flags: { readonly selfMute?: boolean; readonly selfDeaf?: boolean }): void {
    const previousSessionId = this.#sessionId;
    if (this.channel && this.channel !== channel) this.#sessionId = randomUUID();
    this.#guild.voiceStates.change(this.#botId, {
      ...flags,
      channelId: channel.id,
      sessionId: this.#sessionId,
      suppress: channel.kind === 'stage',
      requestToSpeakAt: null,
    });
    this.#admit(channel);
    if (previousSessionId !== this.#sessionId) this.#server.dismiss(previousSessionId, disconnected);
  }

  #admit(channel: VoiceChannel): void {
    const token = randomUUID();
    this.#server.admit({
      guildId: this.#guild.id,
      userId: this.#botId,
      sessionId: this.#sessionId,
      token,
      call: channel.call,
      refusal: channel.refusal,
      maySpeak: () => this.#guild.voiceStates.get(this.#botId)?.suppress === false,
    });
    const { endpoint } = this.#server;
    this.#guild.tell('VOICE_SERVER_UPDATE', { token, guild_id: this.#guild.id, endpoint }, intents.always);
  }
}
