/** Plays a podcast from its sealed packets: receiver and player do the work, and this ties them to the page. */
import type { PlayedQuality } from './listening.ts';
import type { PageToReceiver, PlayerToPage, ReceiverToPage } from './messages.ts';
import type { PageClock } from './page-clock.ts';
import { SoundingWatch } from './sounding-watch.ts';
import type { Sound, SoundEvents, SoundState } from './sound.ts';

const SAMPLE_RATE = 48_000;
/** A volume is followed within some 50 ms, without a click. */
const VOLUME_TIME_CONSTANT_S = 0.015;
/** A busy browser is wrong about its clocks now and then: the middle one of so many counts, of some second. */
const OFFSETS = 9;
/** The shortest of so many tells how far away the relay is: the others were kept waiting. */
const ROUND_TRIPS = 5;
/**
 * Firefox asks the system for its latency with a lock held that its audio thread needs: who asks at the wrong moment
 * (`getOutputTimestamp`, `outputLatency`) stops the page for ever.
 */
const IS_FIREFOX = typeof navigator !== 'undefined' && navigator.userAgent.includes('Firefox/');
/** What systems take from an interactive context to the loudspeaker, where it cannot be asked. */
const USUAL_LATENCY_MS = 40;
/** What is waiting to be heard when a podcast ends. */
const LAST_WORDS_MS = 500;

export interface PacketSoundOptions {
  /** The relay's address, such as `https://example.org/`. */
  readonly relay: string;
  readonly podcastId: number;
  /** Opens a private podcast. */
  readonly key?: string | undefined;
  /** Where the bundles are. */
  readonly receiverUrl: string;
  readonly playerUrl: string;
  readonly events: SoundEvents;
  /** It does not sound, and only a person can make it: the browser does not let it, or a call came in. */
  readonly onPaused: () => void;
  readonly clock: PageClock;
}

export class PacketSound implements Sound {
  readonly #options: PacketSoundOptions;
  /** Loads while nobody has pressed anything; it connects when it is told to. */
  #receiver: Worker | undefined;
  #ready: Promise<void> | undefined;
  /** From `start` to `stop`. */
  #context: AudioContext | undefined;
  #watch: SoundingWatch | undefined;
  /** What the receiver said last. */
  #state: SoundState = 'connecting';
  #gain: GainNode | undefined;
  #volume = 1;
  /** Of `loudspeakerMs`, the last ones. */
  #offsetsMs: readonly number[] = [];
  /** The last ones. */
  #roundTripsMs: readonly number[] = [];

  constructor(options: PacketSoundOptions) {
    this.#options = options;
    if (!isPossible()) return;
    this.#receiver = this.#startReceiver();
    // Into the cache, from which `addModule` takes it.
    fetch(options.playerUrl).catch(() => undefined);
  }

  async start(): Promise<void> {
    if (!isPossible()) return this.#become('unable');
    if (this.#context) return;
    this.#become('connecting');
    try {
      // Before anything is waited for: some browsers forget the gesture.
      const context = new AudioContext({ sampleRate: SAMPLE_RATE, latencyHint: 'interactive' });
      this.#context = context;
      this.#watchOver(context);
      await Promise.all([context.resume(), this.#play(context)]);
    } catch {
      this.#fail();
    }
  }

  stop(): void {
    this.#watch?.stop();
    this.#watch = undefined;
    this.#receiver?.terminate();
    this.#receiver = undefined;
    void this.#context?.close().catch(() => undefined);
    this.#context = undefined;
    this.#gain = undefined;
  }

  setVolume(volume: number): void {
    this.#volume = Math.min(1, Math.max(0, volume));
    const now = this.#context?.currentTime ?? 0;
    this.#gain?.gain.setTargetAtTime(gainOf(this.#volume), now, VOLUME_TIME_CONSTANT_S);
  }

  #watchOver(context: AudioContext): void {
    const watch = new SoundingWatch(context, this.#options.clock, {
      onRunning: () => this.#become(this.#state),
      onSilenced: () => this.#options.onPaused(),
    });
    this.#watch = watch;
    context.addEventListener('statechange', () => {
      if (this.#watch === watch) watch.check();
    });
  }

  #startReceiver(): Worker {
    const receiver = new Worker(this.#options.receiverUrl, { type: 'module' });
    this.#ready = readyOf(receiver);
    receiver.addEventListener('message', ({ data }: MessageEvent<ReceiverToPage>) => {
      if (receiver === this.#receiver) this.#hear(data);
    });
    receiver.addEventListener('error', () => {
      if (receiver === this.#receiver) this.#fail();
    });
    return receiver;
  }

  async #play(context: AudioContext): Promise<void> {
    const receiver = (this.#receiver ??= this.#startReceiver());
    const { port1: toPlayer, port2: fromReceiver } = new MessageChannel();
    const listening = this.#ready?.then(() =>
      tell(receiver, { is: 'listen', ...this.#addresses(), player: toPlayer }, [toPlayer]),
    );
    // The connection is made while the player loads.
    await context.audioWorklet.addModule(this.#options.playerUrl);
    if (this.#context !== context) return;
    const player = new AudioWorkletNode(context, 'player', { numberOfInputs: 0, outputChannelCount: [2] });
    player.port.addEventListener('message', ({ data }: MessageEvent<PlayerToPage>) => {
      if (this.#context === context) this.#show(data);
    });
    player.port.start();
    player.port.postMessage(fromReceiver, [fromReceiver]);
    player.addEventListener('processorerror', () => this.#fail());
    this.#gain = new GainNode(context, { gain: gainOf(this.#volume) });
    player.connect(this.#gain).connect(context.destination);
    const follow = (): void => tell(receiver, { is: context.state === 'running' ? 'hear' : 'deafen' });
    await listening;
    context.addEventListener('statechange', follow);
    follow();
  }

  #addresses(): { readonly socketUrl: string; readonly pulseUrl: string } {
    const { relay, podcastId, key } = this.#options;
    const socketUrl = new URL('listen', relay);
    socketUrl.protocol = socketUrl.protocol === 'https:' ? 'wss:' : 'ws:';
    const query = { id: String(podcastId), audio: 'websocket', events: 'all', from: 'page' };
    for (const [name, value] of Object.entries(query)) socketUrl.searchParams.set(name, value);
    if (key) socketUrl.searchParams.set('key', key);
    return { socketUrl: socketUrl.href, pulseUrl: new URL('live', relay).href };
  }

  #hear(message: ReceiverToPage): void {
    if (message.is === 'podcast') this.#options.events.onPodcast?.(message.facts);
    if (message.is === 'round-trip')
      this.#roundTripsMs = [...this.#roundTripsMs, message.ms].slice(-ROUND_TRIPS);
    if (message.is !== 'state') return;
    this.#become(message.state);
    if (message.state === 'ended' || message.state === 'refused') this.#stopSoon();
    if (message.state === 'unable') this.stop();
  }

  #show(message: PlayerToPage): void {
    if (!this.#context) return;
    this.#offsetsMs = [...this.#offsetsMs, loudspeakerMs(this.#context)].slice(-OFFSETS);
    if (message.is === 'levels') this.#options.events.onLevels?.(message.levels);
    else this.#tellQuality(message.quality);
  }

  #tellQuality({ arrivalToContextMs, lostShare }: PlayedQuality): void {
    if (arrivalToContextMs === undefined) return;
    const offsetMs = this.#offsetsMs.toSorted((a, b) => a - b)[this.#offsetsMs.length >> 1] ?? 0;
    const roundTripMs = this.#roundTripsMs.length === 0 ? 0 : Math.min(...this.#roundTripsMs);
    const delayMs = arrivalToContextMs + offsetMs + roundTripMs / 2;
    this.#options.events.onQuality?.({ delayMs: Math.max(0, delayMs), lostShare });
  }

  /** When the last words have been heard. */
  #stopSoon(): void {
    const context = this.#context;
    setTimeout(() => {
      if (context && this.#context === context) this.stop();
    }, LAST_WORDS_MS);
  }

  #fail(): void {
    this.stop();
    this.#become('unable');
  }

  #become(state: SoundState): void {
    this.#state = state;
    // What is received is not heard yet.
    const isSilent = state === 'playing' && this.#context?.state !== 'running';
    this.#options.events.onState(isSilent ? 'connecting' : state);
  }
}

function isPossible(): boolean {
  return (
    typeof Worker !== 'undefined' &&
    typeof AudioContext !== 'undefined' &&
    typeof AudioWorkletNode !== 'undefined' &&
    // Some browsers have it in workers only if they have it here; where it is in neither nothing needs to be loaded.
    typeof AudioDecoder !== 'undefined'
  );
}

/** Resolves when it can be told something; an address that is none is told by its error. */
function readyOf(receiver: Worker): Promise<void> {
  return new Promise((resolve) => {
    receiver.addEventListener('message', ({ data }: MessageEvent<ReceiverToPage>) => {
      if (data.is === 'ready') resolve();
    });
  });
}

/** What is to be added to a time of the context, in ms, for the moment at which it is heard, in ms since 1970. */
function loudspeakerMs(context: AudioContext): number {
  if (IS_FIREFOX) return Date.now() + USUAL_LATENCY_MS - context.currentTime * 1000;
  const { contextTime, performanceTime } = context.getOutputTimestamp();
  if (contextTime && performanceTime) {
    return Date.now() - performance.now() + performanceTime - contextTime * 1000;
  }
  const latencyS = context.outputLatency || context.baseLatency;
  return Date.now() + (latencyS - context.currentTime) * 1000;
}

/** The ear hears about the square. */
function gainOf(volume: number): number {
  return volume ** 2;
}

function tell(receiver: Worker, message: PageToReceiver, transfer: Transferable[] = []): void {
  receiver.postMessage(message, transfer);
}
