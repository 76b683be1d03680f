/** The voice servers that are running: one at first, and another for each time that calls are moved. */
import { VoiceServer, type VoiceServerOptions } from './voice-server.ts';

export class VoiceServers {
  readonly nextSsrc: () => number;
  readonly #options: VoiceServerOptions;
  readonly #running = new Set<VoiceServer>();

  constructor(options: VoiceServerOptions) {
    this.#options = options;
    this.nextSsrc = options.nextSsrc;
  }

  async start(): Promise<VoiceServer> {
    const server = await VoiceServer.start(this.#options);
    this.#running.add(server);
    return server;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#running].map(async (server) => await server.close()));
    this.#running.clear();
  }
}
