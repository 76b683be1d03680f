/** The whole program on a simulated Discord, on air in one call, whose datagrams are recorded instead of sent. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type VoiceConnection, getVoiceConnection } from '@discordjs/voice';
import { pino } from 'pino';
import { SimulatedDiscord } from '../simulator/discord.ts';
import type { Guild } from '../simulator/guild.ts';
import type { TransportMode } from '../simulator/voice/transport-cipher.ts';
import { readConfig } from '../src/config.ts';
import { type Program, startProgram } from '../src/program.ts';

export interface Stage {
  readonly discord: SimulatedDiscord;
  readonly program: Program;
  close(): Promise<void>;
}

export async function startStage(): Promise<Stage> {
  const dataDir = mkdtempSync(join(tmpdir(), 'guildcast-bench-'));
  const discord = await SimulatedDiscord.start();
  discord.trustCertificate();
  const config = readConfig({
    PORT: '0',
    HOST: '127.0.0.1',
    DATA_DIR: dataDir,
    // Many times real time.
    HOST_MESSAGES_PER_SECOND: '1000000',
  });
  const access = { token: discord.botToken, api: discord.apiUrl };
  const program = await startProgram(config, access, pino({ level: 'silent' }));
  return {
    discord,
    program,
    async close() {
      await program.stop();
      await discord.close();
      rmSync(dataDir, { recursive: true });
    },
  };
}

export interface Call {
  readonly guild: Guild;
  readonly speakerId: string;
  readonly connection: VoiceConnection;
  /** Says these frames, and returns the datagrams that the voice server would have sent to the bot. */
  datagramsOf(frames: readonly Buffer[]): Buffer[];
}

/** An end-to-end encrypted call of two people and the bot, which broadcasts it. */
export async function goOnAir({ discord }: Stage, mode: TransportMode): Promise<Call> {
  const guild = discord.addGuild(mode);
  const chat = guild.addTextChannel('chat');
  const channel = guild.addVoiceChannel('round table', { encrypted: true, modes: [mode] });
  const host = guild.addPerson('Allison', { permissions: ['ManageEvents'] });
  await host.join(channel);
  await guild.addPerson('June').join(channel);
  const answer = await host.command(chat, 'podcast', 'start');
  await answer.settled();
  await channel.botJoined();
  await host.startSpeaking();
  await channel.settled();
  const connection = getVoiceConnection(guild.id);
  const peer = channel.botPeer;
  const route = peer?.route;
  if (!connection || !route) throw new Error(`not on air: ${answer.content}`);
  return {
    guild,
    speakerId: host.id,
    connection,
    datagramsOf(frames) {
      const recorded: Buffer[] = [];
      peer.openRoute({ ...route, send: (datagram) => recorded.push(datagram) });
      for (const frame of frames) host.sendFrame(frame);
      peer.openRoute(route);
      return recorded;
    },
  };
}
