/** What the parts of the simulated Discord share: the bot's account, identifiers, chance and the way to tell the bot. */
import type { Commands } from './commands.ts';
import type { GatewayEvent } from './gateway-session.ts';
import type { Interactions } from './interactions.ts';
import type { JsonObject } from './json.ts';
import type { MessageBoard } from './messages.ts';
import type { Random } from './random.ts';
import type { Snowflakes } from './snowflake.ts';
import type { VoiceServer } from './voice/voice-server.ts';

export interface BotAccount {
  /** Also the application's id. */
  readonly id: string;
  readonly name: string;
}

export interface World {
  readonly bot: BotAccount;
  readonly snowflakes: Snowflakes;
  readonly random: Random;
  readonly commands: Commands;
  readonly messages: MessageBoard;
  readonly interactions: Interactions;
  /** Where new calls are hosted. */
  readonly voiceServer: VoiceServer;
  /** An SSRC that nobody has yet. */
  nextSsrc(): number;
  /** Tells the bot an event. */
  tell(event: GatewayEvent): void;
  /** Starts a further voice server. */
  startVoiceServer(): Promise<VoiceServer>;
}

/** A user as Discord's API shows one. */
export function userPayload(id: string, name: string, isBot: boolean): JsonObject {
  return {
    id,
    username: name.toLowerCase().replaceAll(/\s+/gu, '_'),
    global_name: name,
    discriminator: '0',
    avatar: null,
    bot: isBot,
  };
}
