/** The messages that the bot has written, as the people in the channel see them. */
import { EventEmitter } from 'node:events';
import { asList, asNumber, asObject, asText, type Json, type JsonObject } from './json.ts';
import type { Snowflakes } from './snowflake.ts';

/** How many messages each channel remembers. */
const channelLimit = 200;
const ephemeralFlag = 1 << 6;
const textDisplay = 10;
/** Larger files are listed without their content. */
const keptFileBytes = 1 << 20;

export interface UploadedFile {
  readonly name: string;
  readonly contentType: string;
  readonly data: Buffer;
}

export interface Attachment {
  readonly id: string;
  readonly name: string;
  readonly contentType: string;
  /** In bytes. */
  readonly size: number;
  /** The content, for files up to 1 MiB. */
  readonly data: Buffer | undefined;
}

/** A message; it changes when the bot edits it. */
export class Message {
  readonly id: string;
  readonly channelId: string;
  readonly createdAtMs = Date.now();
  content = '';
  components: readonly Json[] = [];
  embeds: readonly Json[] = [];
  attachments: readonly Attachment[] = [];
  flags = 0;
  /** How often it has been edited. */
  edits = 0;
  isDeleted = false;

  constructor(id: string, channelId: string) {
    this.id = id;
    this.channelId = channelId;
  }

  /** Whether only the person who asked can see it. */
  get isEphemeral(): boolean {
    return (this.flags & ephemeralFlag) !== 0;
  }

  /** Everything that one can read: the content, and what the components say. */
  get text(): string {
    return [this.content, ...textsIn(this.components)].filter((text) => text !== '').join('\n');
  }

  /** The button or menu with this custom id, wherever it sits. */
  component(customId: string): JsonObject | undefined {
    return componentsIn(this.components).find((component) => component['custom_id'] === customId);
  }

  /** Takes over what a request body says; what it does not mention stays. */
  write(body: JsonObject, attachments: readonly Attachment[]): void {
    if (body['content'] !== undefined) this.content = asText(body['content']) ?? '';
    if (body['components'] !== undefined) this.components = asList(body['components']);
    if (body['embeds'] !== undefined) this.embeds = asList(body['embeds']);
    if (body['flags'] !== undefined) this.flags = asNumber(body['flags']) ?? 0;
    if (attachments.length > 0) this.attachments = attachments;
  }
}

interface BoardEvents {
  /** A message was written, edited or deleted. */
  readonly changed: [message: Message];
}

export class MessageBoard extends EventEmitter<BoardEvents> {
  readonly #snowflakes: Snowflakes;
  readonly #channels = new Map<string, Message[]>();

  constructor(snowflakes: Snowflakes) {
    super();
    // Every waiting test listens once; there is no leak to warn of.
    this.setMaxListeners(0);
    this.#snowflakes = snowflakes;
  }

  /** The ordinary messages that stand in a channel, oldest first. */
  in(channelId: string): readonly Message[] {
    return this.#channels.get(channelId) ?? [];
  }

  /** Writes a message that nobody but its readers knows of: the answer to an interaction. */
  compose(channelId: string, body: JsonObject, files: readonly UploadedFile[]): Message {
    const message = new Message(this.#snowflakes.next(), channelId);
    message.write(body, this.#attach(files));
    return message;
  }

  /** Posts an ordinary message in a channel. */
  post(channelId: string, body: JsonObject, files: readonly UploadedFile[]): Message {
    const message = this.compose(channelId, body, files);
    const kept = [...this.in(channelId), message].slice(-channelLimit);
    this.#channels.set(channelId, kept);
    this.emit('changed', message);
    return message;
  }

  edit(message: Message, body: JsonObject, files: readonly UploadedFile[]): Message {
    message.write(body, this.#attach(files));
    message.edits += 1;
    this.emit('changed', message);
    return message;
  }

  delete(message: Message): void {
    message.isDeleted = true;
    const kept = this.in(message.channelId).filter((other) => other !== message);
    this.#channels.set(message.channelId, kept);
    this.emit('changed', message);
  }

  /** The channel is gone, and every message with it. */
  forget(channelId: string): void {
    const gone = this.in(channelId);
    this.#channels.delete(channelId);
    for (const message of gone) {
      message.isDeleted = true;
      this.emit('changed', message);
    }
  }

  #attach(files: readonly UploadedFile[]): Attachment[] {
    return files.map(({ name, contentType, data }) => ({
      id: this.#snowflakes.next(),
      name,
      contentType,
      size: data.length,
      data: data.length <= keptFileBytes ? data : undefined,
    }));
  }
}

/** A message as Discord's API shows one. */
export function messagePayload(message: Message, author: JsonObject): JsonObject {
  return {
    id: message.id,
    channel_id: message.channelId,
    author,
    content: message.content,
    timestamp: new Date(message.createdAtMs).toISOString(),
    edited_timestamp: message.edits > 0 ? new Date().toISOString() : null,
    tts: false,
    mention_everyone: false,
    mentions: [],
    mention_roles: [],
    attachments: message.attachments.map(({ id, name, contentType, size }) => ({
      id,
      filename: name,
      content_type: contentType,
      size,
      url: `https://cdn.invalid/${id}/${name}`,
      proxy_url: `https://cdn.invalid/${id}/${name}`,
    })),
    embeds: message.embeds,
    components: message.components,
    pinned: false,
    type: 0,
    flags: message.flags,
  };
}

/** Every component, however deep: rows, sections and containers hold others. */
function componentsIn(components: readonly Json[]): JsonObject[] {
  return components
    .map(asObject)
    .flatMap((component) => [
      component,
      ...componentsIn(asList(component['components'])),
      ...(component['accessory'] === undefined ? [] : componentsIn([component['accessory']])),
    ]);
}

function textsIn(components: readonly Json[]): string[] {
  return componentsIn(components)
    .filter((component) => component['type'] === textDisplay)
    .map((component) => asText(component['content']) ?? '');
}
