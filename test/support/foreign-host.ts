/** Somebody else who hosts on the world's relay, with an account of their own. */
import { onTestFinished } from 'vitest';
import { frameMs } from '../../simulator/speech.ts';
import { type PodcastHost, hostPodcast } from '../../src/client/podcast-host.ts';
import { type Account, type PodcastDescription, createPodcast } from '../../src/client/rest-client.ts';
import { openAccounts } from '../../src/open-accounts.ts';
import type { PodcastObject } from '../../src/protocol/rest.ts';
import { type World, speechOf } from './on-air.ts';

export class ForeignHost {
  readonly #relay: string;
  readonly #account: Account;

  private constructor(relay: string, account: Account) {
    this.#relay = relay;
    this.#account = account;
  }

  static async open({ program, dataDir }: World): Promise<ForeignHost> {
    const accounts = openAccounts(dataDir);
    const account = await accounts.add({ name: 'somebody else' });
    accounts.close();
    return new ForeignHost(program.relay.url, account);
  }

  get accountId(): string {
    return this.#account.id;
  }

  /** A podcast that waits for its host. */
  async create(description: PodcastDescription = {}): Promise<PodcastObject> {
    return await createPodcast(this.#relay, this.#account, description);
  }

  /** Hosts a podcast, one that waits where an id is given; ended with the test. */
  async host(description: PodcastDescription = {}, podcastId?: number): Promise<PodcastHost> {
    const host = await hostPodcast({ relay: this.#relay, account: this.#account, description, podcastId });
    onTestFinished(async () => await host.close());
    return host;
  }
}

/** A voice that goes on until the test has finished. */
export async function talk(host: PodcastHost): Promise<void> {
  const { frames } = await speechOf('carlo');
  let said = 0;
  const talking = setInterval(() => {
    const opus = frames[said % frames.length]!;
    host.send({ opus, ssrc: 4711, sequence: said % 2 ** 16, timestamp: said * 960 });
    said += 1;
  }, frameMs);
  onTestFinished(() => clearInterval(talking));
}
