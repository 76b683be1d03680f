/** Messages in channels: written, edited, deleted and read back by the bot. */
import type { Channel } from '../channel.ts';
import { asObject, type JsonObject } from '../json.ts';
import { messagePayload, type Message } from '../messages.ts';
import { holds } from '../permissions.ts';
import { userPayload, type World } from '../world.ts';
import {
  failure,
  missingPermissions,
  noContent,
  unknownChannel,
  unknownMessage,
  type RestAnswer,
  type RestRequest,
  type RestRoute,
} from './rest-server.ts';

const contentLimit = 2000;
const ofChannel = /^\/channels\/(\d+)\/messages$/u;
const ofMessage = /^\/channels\/(\d+)\/messages\/(\d+)$/u;

/** @param findChannel the channel with this id, of whatever guild */
export function messageRoutes(
  world: World,
  findChannel: (id: string) => Channel | undefined,
): readonly RestRoute[] {
  const author = userPayload(world.bot.id, world.bot.name, true);
  const shown = (message: Message): RestAnswer => ({ status: 200, body: messagePayload(message, author) });

  /** Lets the bot do something in a channel, if it may. */
  const inChannel = (request: RestRequest, act: (channel: Channel) => RestAnswer): RestAnswer => {
    const channel = findChannel(request.params[0] ?? '');
    if (!channel) return unknownChannel;
    const permissions = channel.permissionsOf(world.bot.id);
    // What stands there may be changed by who may no longer write.
    const needed =
      request.method === 'POST' ? (['ViewChannel', 'SendMessages'] as const) : (['ViewChannel'] as const);
    return needed.every((name) => holds(permissions, name)) ? act(channel) : missingPermissions;
  };
  const onMessage = (
    request: RestRequest,
    act: (message: Message, channel: Channel) => RestAnswer,
  ): RestAnswer =>
    inChannel(request, (channel) => {
      const message = world.messages.in(channel.id).find(({ id }) => id === request.params[1]);
      return message ? act(message, channel) : unknownMessage;
    });

  const listed = ({ id }: Channel): RestAnswer => {
    const newestFirst = world.messages.in(id).toReversed();
    return { status: 200, body: newestFirst.map((message) => messagePayload(message, author)) };
  };

  return [
    { method: 'GET', path: ofChannel, handle: (request) => inChannel(request, listed) },
    { method: 'GET', path: ofMessage, handle: (request) => onMessage(request, shown) },
    {
      method: 'POST',
      path: ofChannel,
      handle: (request) =>
        inChannel(request, ({ id }) => {
          const body = asObject(request.body);
          return contentFault(body) ?? shown(world.messages.post(id, body, request.files));
        }),
    },
    {
      method: 'PATCH',
      path: ofMessage,
      handle: (request) =>
        onMessage(request, (message) => {
          const body = asObject(request.body);
          return contentFault(body) ?? shown(world.messages.edit(message, body, request.files));
        }),
    },
    {
      method: 'DELETE',
      path: ofMessage,
      handle: (request) =>
        onMessage(request, (message, channel) => {
          channel.deleteMessage(message);
          return noContent;
        }),
    },
  ];
}

function contentFault({ content }: JsonObject): RestAnswer | undefined {
  const length = typeof content === 'string' ? content.length : 0;
  if (length <= contentLimit) return undefined;
  return failure(
    400,
    50_035,
    `Invalid Form Body: content of ${length} characters, ${contentLimit} are the most`,
  );
}
