/** A bot in a process of its own, that joins a call and stays in it until it is killed. */
import { joinVoiceChannel } from '@discordjs/voice';
import { Client, Events, GatewayIntentBits } from 'discord.js';

const { API = '', TOKEN = '', GUILD = '', CHANNEL = '' } = process.env;
const client = new Client({
  intents: [GatewayIntentBits.Guilds, GatewayIntentBits.GuildVoiceStates],
  rest: { api: API },
});
client.once(Events.ClientReady, ({ guilds }) => {
  const guild = guilds.cache.get(GUILD);
  if (!guild) throw new Error(`there is no guild ${GUILD}`);
  const { voiceAdapterCreator: adapterCreator } = guild;
  joinVoiceChannel({ guildId: GUILD, channelId: CHANNEL, adapterCreator, selfDeaf: false });
});
await client.login(TOKEN);
