/** The panel's message in a voice channel's own chat, by way of discord.js. */
import { DiscordAPIError, PermissionFlagsBits, RESTJSONErrorCodes, type VoiceBasedChannel } from 'discord.js';
import type { PanelBody } from './panel-view.ts';
import type { PanelMessages } from './panel.ts';

export function panelMessagesIn(channel: VoiceBasedChannel): PanelMessages<PanelBody> {
  return {
    mayPost() {
      const { me } = channel.guild.members;
      const needed = [PermissionFlagsBits.ViewChannel, PermissionFlagsBits.SendMessages];
      return me !== null && channel.permissionsFor(me).has(needed);
    },
    post: async (body) => (await channel.send(body)).id,
    async edit(messageId, body) {
      try {
        await channel.messages.edit(messageId, body);
        return true;
      } catch (error) {
        if (isUnknownMessage(error)) return false;
        throw error;
      }
    },
  };
}

function isUnknownMessage(error: unknown): boolean {
  return error instanceof DiscordAPIError && error.code === RESTJSONErrorCodes.UnknownMessage;
}
