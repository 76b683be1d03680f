/** The statuses of voice channels, as far as the gateway has told them: discord.js has no event for it. */
import { type Client, GatewayDispatchEvents } from 'discord.js';

/** Many more than are on air at a time; a status that is forgotten is merely not put back. */
const CHANNELS_MAX = 10_000;

export class VoiceStatuses {
  readonly #byChannel = new Map<string, string>();

  /** Begins to listen. */
  constructor({ ws }: Pick<Client, 'ws'>) {
    ws.on(GatewayDispatchEvents.VoiceChannelStatusUpdate, (data: unknown) => this.#note(data));
  }

  /** Empty when the channel has none; undefined when the gateway has not told it. */
  of(channelId: string): string | undefined {
    return this.#byChannel.get(channelId);
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
