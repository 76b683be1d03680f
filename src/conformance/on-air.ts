/** A podcast with a host and listeners: where most checks of section 3 begin. */
import type { Hello, ProbeSocket } from './probe-socket.ts';
import type { Podcast, SocketOptions, Target } from './target.ts';
import type { SealingKey } from './wire.ts';

export interface OnAir {
  readonly podcast: Podcast;
  readonly host: ProbeSocket;
  /** The one that the host was told. */
  readonly key: SealingKey;
  readonly hello: Hello;
  readonly listener: ProbeSocket;
  readonly listeners: readonly ProbeSocket[];
}

/** Everyone has had Hello. @throws Broken */
export async function onAir(
  target: Target,
  { listeners: count = 1, host: options = {} }: { listeners?: number; host?: SocketOptions } = {},
): Promise<OnAir> {
  const podcast = await target.podcast();
  const host = target.host(podcast, options);
  const hello = await host.hello();
  const listeners = Array.from({ length: count }, () => target.listen(podcast));
  await Promise.all(listeners.map((listener) => listener.hello()));
  const [listener = host] = listeners;
  return { podcast, host, key: hello.key, hello, listener, listeners };
}

/** The next so many audio packets. @throws Broken */
export async function hear(listener: ProbeSocket, count: number): Promise<Buffer[]> {
  const packets: Buffer[] = [];
  while (packets.length < count) packets.push(await listener.audio());
  return packets;
}
