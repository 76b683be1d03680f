/** The statuses of voice channels, as far as the gateway has told them: discord.js has no event for it. */
import { setTimeout as pause } from 'node:timers/promises';
import { type Client, GatewayDispatchEvents, GatewayOpcodes, type VoiceBasedChannel } from 'discord.js';

/** Many more than are on air at a time; a status that is forgotten is merely not put back. */
const CHANNELS_MAX = 10_000;

const ANSWER_MS = 1000;

interface Question {
  readonly channelId: string;
  readonly answered: () => void;
}

export class VoiceStatuses {
  readonly #byChannel = new Map<string, string>();
  /** By guild. */
  readonly #questions = new Map<string, Question>();

  /** Begins to listen. */
  constructor({ ws }: Pick<Client, 'ws'>) {
    ws.on(GatewayDispatchEvents.VoiceChannelStatusUpdate, (data: unknown) => this.#note(data));
    ws.on(GatewayDispatchEvents.ChannelInfo, (data: unknown) => this.#noteAnswer(data));
  }

  /** Asks the gateway for a status that it has not told: one message. Resolves when it is known, or after a second. */
  async learn({ id: channelId, guildId, guild }: VoiceBasedChannel): Promise<void> {
    if (this.#byChannel.has(channelId)) return;
    const { promise, resolve: answered } = Promise.withResolvers<void>();
    this.#questions.set(guildId, { channelId, answered });
    guild.shard.send({
      op: GatewayOpcodes.RequestChannelInfo,
      d: { guild_id: guildId, fields: ['status'] },
    });
    await Promise.race([promise, pause(ANSWER_MS, undefined, { ref: false })]);
    this.#questions.delete(guildId);
  }

  /** Empty when the channel has none; undefined when the gateway has not told it. */
  of(channelId: string): string | undefined {
    return this.#byChannel.get(channelId);
  }

  #noteAnswer(data: unknown): void {
    if (typeof data !== 'object' || data === null) return;
    const { guild_id: guildId, channels } = data as {
      readonly guild_id?: unknown;
      readonly channels?: unknown;
    };
    if (typeof guildId !== 'string' || !Array.isArray(channels)) return;
    for (const channel of channels) this.#note(channel);
    const question = this.#questions.get(guildId);
    if (!question) return;
    // One that has no status is not named.
    if (!this.#byChannel.has(question.channelId)) this.#note({ id: question.channelId });
    question.answered();
  }

  #note(data: unknown): void {
    if (typeof data !== 'object' || data === null) return;
    const { id, status } = data as { readonly id?: unknown; readonly status?: unknown };
    if (typeof id !== 'string') return;
    this.#byChannel.delete(id);
    this.#byChannel.set(id, typeof status === 'string' ? status : '');
    const [oldest] = this.#byChannel.keys();
    if (this.#byChannel.size > CHANNELS_MAX && oldest !== undefined) this.#byChannel.delete(oldest);
  }
}
