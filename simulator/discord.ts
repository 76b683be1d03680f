/** A Discord on loopback: REST API, gateway and voice servers that unmodified bot libraries connect to. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { makeCertificate, trustAuthority, type Certificate } from './certificate.ts';
import type { Channel } from './channel.ts';
import { Commands } from './commands.ts';
import { intents, type GatewayEvent, type GatewaySession } from './gateway-session.ts';
import { Gateway } from './gateway.ts';
import { Guild, type GuildOptions } from './guild.ts';
import { Interactions } from './interactions.ts';
import { asText, type JsonObject } from './json.ts';
import { MessageBoard, type Message } from './messages.ts';
import { Random } from './random.ts';
import { applicationRoutes } from './rest/application-routes.ts';
import { channelRoutes, guildRoutes } from './rest/guild-routes.ts';
import { interactionRoutes } from './rest/interaction-routes.ts';
import { messageRoutes } from './rest/message-routes.ts';
import { RestServer, type RestRecord } from './rest/rest-server.ts';
import type { RestTrouble } from './rest/rest-trouble.ts';
import { Snowflakes } from './snowflake.ts';
import type { VoiceServer } from './voice/voice-server.ts';
import { VoiceServers } from './voice/voice-servers.ts';
import { userPayload, type BotAccount, type World } from './world.ts';

export interface SimulatedDiscordOptions {
  /** What every choice of chance grows from: the same seed makes the same choices. */
  readonly seed?: number;
  readonly botName?: string;
  /** How often the main gateway wants a heartbeat. */
  readonly heartbeatIntervalMs?: number;
  /** How often the voice gateway wants one. */
  readonly voiceHeartbeatIntervalMs?: number;
}

const loopback = '127.0.0.1';
const defaultHeartbeatMs = 41_250;
const defaultVoiceHeartbeatMs = 13_750;
const messageTimeoutMs = 10_000;

/**
 * The whole service, with one bot account. Everything it keeps is bounded, so it can run for days.
 *
 *     const discord = await SimulatedDiscord.start();
 *     discord.trustCertificate();
 *     const guild = discord.addGuild('Knitting Circle');
 *     const client = new Client({ intents, rest: { api: discord.apiUrl } });
 *     await client.login(discord.botToken);
 */
export class SimulatedDiscord {
  /** The bot's account; its id is the application's id too. */
  readonly bot: BotAccount;
  /** What the bot logs in with. */
  readonly botToken: string;
  /** The main gateway, whose connections can be dropped. */
  readonly gateway: Gateway;
  readonly #certificate: Certificate;
  readonly #rest: RestServer;
  readonly #world: World;
  readonly #voice: VoiceServers;
  readonly #guilds = new Map<string, Guild>();

  /** Starts on free ports of 127.0.0.1. */
  static async start(options: SimulatedDiscordOptions = {}): Promise<SimulatedDiscord> {
    const random = new Random(options.seed ?? 1);
    const certificate = await makeCertificate();
    const voice = new VoiceServers({
      certificate,
      heartbeatIntervalMs: options.voiceHeartbeatIntervalMs ?? defaultVoiceHeartbeatMs,
      nextSsrc: ssrcAllocator(random.fork()),
    });
    const discord = new SimulatedDiscord(options, {
      random,
      certificate,
      voice,
      voiceServer: await voice.start(),
    });
    discord.#rest.http.listen(0, loopback);
    await once(discord.#rest.http, 'listening');
    return discord;
  }

  private constructor(options: SimulatedDiscordOptions, { random, certificate, voice, voiceServer }: Parts) {
    const snowflakes = new Snowflakes();
    const messages = new MessageBoard(snowflakes);
    this.bot = { id: snowflakes.next(), name: options.botName ?? 'Bot' };
    this.botToken = `${Buffer.from(this.bot.id).toString('base64url')}.simulated.${random.below(2 ** 32)}`;
    this.#certificate = certificate;
    this.#voice = voice;
    this.#rest = new RestServer(this.botToken);
    this.gateway = new Gateway(this.#rest.http, {
      botToken: this.botToken,
      heartbeatIntervalMs: options.heartbeatIntervalMs ?? defaultHeartbeatMs,
      opening: (session) => this.#opening(session),
      voiceState: (request, session) => this.#onVoiceState(request, session),
      channelInfo: (request) => this.#guilds.get(asText(request['guild_id']) ?? '')?.channelInfo,
      sessionEnded: ({ id }) => this.#guilds.forEach((guild) => guild.botVoice.sessionEnded(id)),
    });
    this.#world = {
      bot: this.bot,
      snowflakes,
      random,
      commands: new Commands(),
      messages,
      interactions: new Interactions(snowflakes, messages),
      voiceServer,
      nextSsrc: voice.nextSsrc,
      tell: (event) => this.gateway.dispatch(event),
      startVoiceServer: async () => await voice.start(),
    };
    this.#rest.add([
      ...applicationRoutes(this.#world, () => this.#gatewayUrl),
      ...interactionRoutes(this.#world),
      ...guildRoutes(this.#world, this.#guilds),
      ...channelRoutes(this.#world, (id) => this.#channel(id)),
      ...messageRoutes(this.#world, (id) => this.#channel(id)),
    ]);
  }

  /** What a discord.js client takes as `rest.api`. */
  get apiUrl(): string {
    return `http://${loopback}:${this.#port}/api`;
  }

  /** The authority behind the voice servers' certificate, PEM. */
  get certificateAuthority(): string {
    return this.#certificate.certificate;
  }

  /** Makes this process trust the voice servers. */
  trustCertificate(): void {
    trustAuthority(this.certificateAuthority);
  }

  /** Founds a guild that the bot is a member of. */
  addGuild(name: string, options: GuildOptions = {}): Guild {
    const guild = new Guild(this.#world, name, options);
    this.#guilds.set(guild.id, guild);
    guild.tell('GUILD_CREATE', guild.payload);
    return guild;
  }

  /** The ordinary messages that the bot has in a channel (a voice channel's own chat, too), oldest first. */
  messagesIn(channel: Channel): readonly Message[] {
    return this.#world.messages.in(channel.id);
  }

  /**
   * Waits for an ordinary message in a channel that fulfils the condition; one that stands there already counts.
   * @throws Error after ten seconds
   */
  async messageIn(channel: Channel, condition: (message: Message) => boolean = () => true): Promise<Message> {
    const { messages } = this.#world;
    const giveUp = AbortSignal.timeout(messageTimeoutMs);
    for (;;) {
      const found = this.messagesIn(channel).find(condition);
      if (found) return found;
      await once(messages, 'changed', { signal: giveUp }).catch(() => {
        const texts = this.messagesIn(channel).map((message) => message.text);
        throw new Error(
          `no such message in #${channel.name} within ${messageTimeoutMs} ms, only: ${texts.join(' | ')}`,
        );
      });
    }
  }

  /** What goes wrong with the bot's REST requests: nothing, until it is told. */
  get rest(): RestTrouble {
    return this.#rest.trouble;
  }

  /** The bot's latest REST requests, oldest first, with the status that each was answered with. */
  get requests(): readonly RestRecord[] {
    return this.#rest.requests;
  }

  /** Those of them that this API has no route for. */
  get unknownRequests(): readonly RestRecord[] {
    return this.#rest.unknownRequests;
  }

  /** Ends every call, closes every connection and frees every port. */
  async close(): Promise<void> {
    for (const guild of this.#guilds.values()) guild.close();
    this.gateway.close();
    await Promise.all([this.#voice.close(), this.#rest.close()]);
  }

  get #port(): number {
    const { port } = this.#rest.http.address() as AddressInfo;
    return port;
  }

  get #gatewayUrl(): string {
    return `ws://${loopback}:${this.#port}/gateway`;
  }

  #channel(id: string): Channel | undefined {
    return [...this.#guilds.values()]
      .map((guild) => guild.channel(id))
      .find((channel) => channel !== undefined);
  }

  #opening(session: GatewaySession): GatewayEvent[] {
    const guilds = [...this.#guilds.values()].filter((guild) => session.serves(guild.id));
    const ready = {
      v: 10,
      user: userPayload(this.bot.id, this.bot.name, true),
      guilds: guilds.map(({ id }) => ({ id, unavailable: true })),
      session_id: session.id,
      resume_gateway_url: this.#gatewayUrl,
      shard: [session.shard, session.shards],
      application: { id: this.bot.id, flags: 0 },
    };
    return [
      { name: 'READY', data: ready, guildId: undefined, intent: intents.always },
      ...guilds.map(({ id, payload }) => ({
        name: 'GUILD_CREATE',
        data: payload,
        guildId: id,
        intent: intents.guilds,
      })),
    ];
  }

  #onVoiceState(request: JsonObject, session: GatewaySession): void {
    this.#guilds.get(asText(request['guild_id']) ?? '')?.botVoice.request({
      channelId: asText(request['channel_id']) ?? null,
      selfMute: request['self_mute'] === true,
      selfDeaf: request['self_deaf'] === true,
      gatewaySessionId: session.id,
    });
  }
}

interface Parts {
  readonly random: Random;
  readonly certificate: Certificate;
  readonly voice: VoiceServers;
  readonly voiceServer: VoiceServer;
}

/** Sources that never repeat, and do not follow on each other. */
function ssrcAllocator(random: Random): () => number {
  const widestGap = 1000;
  let last = 0;
  return () => {
    last += 1 + random.below(widestGap);
    return last;
  };
}
