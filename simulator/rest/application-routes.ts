/** The bot's own account: where its gateway is, who it is, and which commands it offers. */
import { asList, asObject, asText, type JsonObject } from '../json.ts';
import { userPayload, type World } from '../world.ts';
import { failure, type RestAnswer, type RestRoute } from './rest-server.ts';

const chatInputName = /^[\p{Ll}\p{Lo}\p{N}_-]{1,32}$/u;
const chatInput = 1;

/** @param gatewayUrl where the main gateway listens */
export function applicationRoutes(world: World, gatewayUrl: () => string): readonly RestRoute[] {
  const { bot } = world;
  const application = { id: bot.id, name: bot.name, description: '', flags: 0, bot_public: true };
  return [
    {
      method: 'GET',
      path: /^\/gateway\/bot$/u,
      handle: () => {
        const limit = { total: 1000, remaining: 999, reset_after: 0, max_concurrency: 1 };
        return { status: 200, body: { url: gatewayUrl(), shards: 1, session_start_limit: limit } };
      },
    },
    {
      method: 'GET',
      path: /^\/users\/@me$/u,
      handle: () => ({ status: 200, body: userPayload(bot.id, bot.name, true) }),
    },
    {
      method: 'GET',
      path: /^\/applications\/@me$/u,
      handle: () => ({ status: 200, body: application }),
    },
    {
      method: 'GET',
      path: /^\/applications\/\d+\/(?:guilds\/(\d+)\/)?commands$/u,
      handle: ({ params: [guildId] }) => ({ status: 200, body: world.commands.all(guildId) }),
    },
    {
      method: 'PUT',
      path: /^\/applications\/\d+\/(?:guilds\/(\d+)\/)?commands$/u,
      handle: ({ params: [guildId], body }) => registerCommands(world, guildId, asList(body).map(asObject)),
    },
  ];
}

function registerCommands(
  world: World,
  guildId: string | undefined,
  definitions: readonly JsonObject[],
): RestAnswer {
  const nameless = definitions.find((definition) => !isWellNamed(definition));
  if (nameless) return failure(400, 50_035, `Invalid Form Body: name ${JSON.stringify(nameless['name'])}`);
  const torn = definitions.flatMap(optionsIn).find(isTorn);
  if (torn) {
    return failure(
      400,
      50_035,
      `Invalid Form Body: option ${JSON.stringify(torn['name'])} has choices and autocomplete`,
    );
  }
  const registered = definitions.map((definition) => ({
    type: chatInput,
    default_member_permissions: null,
    ...definition,
    id: world.snowflakes.next(),
    application_id: world.bot.id,
    version: world.snowflakes.next(),
    ...(guildId === undefined ? {} : { guild_id: guildId }),
  }));
  world.commands.replace(guildId, registered);
  return { status: 200, body: registered };
}

function isWellNamed(definition: JsonObject): boolean {
  const name = asText(definition['name']) ?? '';
  return (definition['type'] ?? chatInput) === chatInput ? chatInputName.test(name) : name.length > 0;
}

/** Every option, however deep: groups and subcommands hold others. */
function optionsIn(definition: JsonObject): JsonObject[] {
  return asList(definition['options'])
    .map(asObject)
    .flatMap((option) => [option, ...optionsIn(option)]);
}

/** Choices are either registered or suggested. */
function isTorn(option: JsonObject): boolean {
  return option['autocomplete'] === true && asList(option['choices']).length > 0;
}
