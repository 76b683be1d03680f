/** How the bot answers interactions: the callback, and the webhook that edits, deletes and follows up. */
import type { Interaction } from '../interactions.ts';
import { asNumber, asObject } from '../json.ts';
import { messagePayload, type Message } from '../messages.ts';
import { userPayload, type World } from '../world.ts';
import {
  failure,
  noContent,
  unknownMessage,
  type RestAnswer,
  type RestRequest,
  type RestRoute,
} from './rest-server.ts';

const commandInteraction = 2;
const invalidToken = failure(401, 50_027, 'Invalid Webhook Token');
const ofMessage = /^\/webhooks\/\d+\/([^/]+)\/messages\/(@original|\d+)$/u;

export function interactionRoutes(world: World): readonly RestRoute[] {
  return [
    {
      method: 'POST',
      path: /^\/interactions\/\d+\/([^/]+)\/callback$/u,
      isOpen: true,
      handle: (request) => callback(world, request),
    },
    {
      method: 'POST',
      path: /^\/webhooks\/\d+\/([^/]+)$/u,
      isOpen: true,
      handle: ({ params: [token = ''], body, files }) => {
        const interaction = world.interactions.answered(token);
        if (!interaction) return invalidToken;
        return shown(world, world.interactions.followUp(interaction, asObject(body), files));
      },
    },
    {
      method: 'GET',
      path: ofMessage,
      isOpen: true,
      handle: (request) => onMessage(world, request, (_interaction, message) => shown(world, message)),
    },
    {
      method: 'PATCH',
      path: ofMessage,
      isOpen: true,
      handle: (request) => editMessage(world, request),
    },
    {
      method: 'DELETE',
      path: ofMessage,
      isOpen: true,
      handle: (request) =>
        onMessage(world, request, (interaction, message) => {
          world.interactions.delete(interaction, message);
          return noContent;
        }),
    },
  ];
}

function callback(world: World, { params: [token = ''], body, files, query }: RestRequest): RestAnswer {
  const outcome = world.interactions.reply(token, asObject(body), files);
  if ('status' in outcome) return failure(outcome.status, outcome.code, outcome.message, outcome.errors);
  if (query.get('with_response') !== 'true') return noContent;
  const { answer, id } = outcome;
  const message = answer.message && messagePayload(answer.message, author(world));
  return {
    status: 200,
    body: {
      interaction: {
        id,
        type: commandInteraction,
        response_message_id: answer.message?.id,
        response_message_loading: answer.deferred,
        response_message_ephemeral: answer.ephemeral,
      },
      resource: { type: asNumber(asObject(body)['type']), ...(message ? { message } : {}) },
    },
  };
}

function editMessage(world: World, request: RestRequest): RestAnswer {
  const [token = '', messageId = ''] = request.params;
  const interaction = world.interactions.answered(token);
  if (!interaction) return invalidToken;
  const message = find(interaction, messageId);
  // A deferred answer has no message yet: the edit fills it in.
  if (!message && (messageId !== '@original' || interaction.answer.message)) return unknownMessage;
  return shown(world, world.interactions.edit(interaction, message, asObject(request.body), request.files));
}

function onMessage(
  world: World,
  { params: [token = '', messageId = ''] }: RestRequest,
  act: (interaction: Interaction, message: Message) => RestAnswer,
): RestAnswer {
  const interaction = world.interactions.answered(token);
  if (!interaction) return invalidToken;
  const message = find(interaction, messageId);
  return message ? act(interaction, message) : unknownMessage;
}

function find({ answer }: Interaction, messageId: string): Message | undefined {
  const messages = [answer.message, ...answer.followUps].filter((message) => message && !message.isDeleted);
  return messageId === '@original'
    ? messages.find((message) => message === answer.message)
    : messages.find((message) => message?.id === messageId);
}

function shown(world: World, message: Message): RestAnswer {
  return { status: 200, body: messagePayload(message, author(world)) };
}

function author({ bot }: World): ReturnType<typeof userPayload> {
  return userPayload(bot.id, bot.name, true);
}
