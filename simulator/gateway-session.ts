/** One bot's session on the main gateway: which events it is told, and which it may still ask to hear again. */
import type { WebSocket } from 'ws';
import type { Json } from './json.ts';

/** How many events are kept for a resume. */
const replayLimit = 2000;
const shardShift = 22n;

/** Intents, which a bot names on identifying to be told these events. */
export const intents = {
  always: 0,
  guilds: 1 << 0,
  guildVoiceStates: 1 << 7,
  guildMessages: 1 << 9,
} as const;

export interface GatewayEvent {
  readonly name: string;
  readonly data: Json;
  /** The guild that it is about, which decides the shard; undefined for every shard. */
  readonly guildId: string | undefined;
  /** The intent that it takes to be told. */
  readonly intent: number;
}

interface NumberedEvent {
  readonly sequence: number;
  readonly message: string;
}

export interface GatewaySessionOptions {
  readonly id: string;
  readonly socket: WebSocket;
  readonly intents: number;
  readonly shard: number;
  readonly shards: number;
}

export class GatewaySession {
  readonly id: string;
  readonly intents: number;
  readonly shard: number;
  readonly shards: number;
  /** The present connection; undefined while the bot is away. */
  socket: WebSocket | undefined;
  expiry: NodeJS.Timeout | undefined;
  #sequence = 0;
  #replay: NumberedEvent[] = [];

  constructor(options: GatewaySessionOptions) {
    this.id = options.id;
    this.socket = options.socket;
    this.intents = options.intents;
    this.shard = options.shard;
    this.shards = options.shards;
  }

  /** Whether the guild's events belong to this session's shard. */
  serves(guildId: string): boolean {
    return Number((BigInt(guildId) >> shardShift) % BigInt(this.shards)) === this.shard;
  }

  tell(event: GatewayEvent): void {
    if (event.intent !== intents.always && (this.intents & event.intent) === 0) return;
    if (event.guildId !== undefined && !this.serves(event.guildId)) return;
    this.#sequence += 1;
    const message = JSON.stringify({ op: 0, t: event.name, s: this.#sequence, d: event.data });
    this.#replay.push({ sequence: this.#sequence, message });
    if (this.#replay.length > replayLimit) this.#replay.shift();
    this.#transmit(message);
  }

  /** Goes on over another connection with everything after the last event seen; false if that is no longer possible. */
  resume(socket: WebSocket, lastSeen: number): boolean {
    const oldest = this.#replay[0]?.sequence ?? this.#sequence + 1;
    if (lastSeen + 1 < oldest || lastSeen > this.#sequence) return false;
    clearTimeout(this.expiry);
    this.socket = socket;
    for (const { sequence, message } of this.#replay) if (sequence > lastSeen) this.#transmit(message);
    this.tell({ name: 'RESUMED', data: {}, guildId: undefined, intent: intents.always });
    return true;
  }

  #transmit(message: string): void {
    if (this.socket?.readyState === 1) this.socket.send(message);
  }
}
