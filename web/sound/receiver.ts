/** Receives and decodes a podcast, apart from the page: packets in from the relay, sound out to the player. */
import type { PageToReceiver, ReceiverToPage, ReceiverToPlayer } from './messages.ts';
import { WebOpusDecoder, canDecodeOpus } from './opus-decoder.ts';
import { Pulse } from './pulse.ts';
import { Reception } from './reception.ts';
import { SpeakerDecoders } from './speaker-decoders.ts';

const TICK_MS = 500;
/** A relay that does not answer within this is not there. */
const ANSWER_MS = 5000;

class Receiver {
  readonly #player: MessagePort;
  readonly #pulseUrl: string;
  readonly #pulse = new Pulse();
  readonly #decoders = new SpeakerDecoders(
    (onDecoded, onFailed) => new WebOpusDecoder(onDecoded, onFailed),
    (packet) => this.#play({ is: 'packet', packet }, [packet.pcm.buffer]),
  );
  readonly #reception: Reception;
  /** Until there is something that plays: what came before could only be played late. */
  #isDeaf = true;

  constructor({ player, pulseUrl, socketUrl }: Extract<PageToReceiver, { is: 'listen' }>) {
    this.#player = player;
    this.#pulseUrl = pulseUrl;
    this.#reception = new Reception(socketUrl, {
      onPacket: (packet) => {
        const nowMs = performance.now();
        if (this.#pulse.hasSlept(nowMs)) this.#wake();
        else if (!this.#isDeaf) this.#decoders.decode(packet, nowMs);
      },
      onRetracted: (ssrc) => {
        this.#decoders.retract(ssrc);
        this.#play({ is: 'retract', ssrc });
      },
      onState: (state) => tell({ is: 'state', state }),
      onPodcast: (facts) => tell({ is: 'podcast', facts }),
    });
    self.setInterval(() => this.#tick(), TICK_MS);
    self.addEventListener('online', () => this.#reception.hasten());
  }

  /** @param isDeaf nothing can be heard, as during a telephone call */
  setDeaf(isDeaf: boolean): void {
    if (isDeaf === this.#isDeaf) return;
    this.#isDeaf = isDeaf;
    this.#decoders.closeAll();
    this.#play({ is: 'clear' });
    if (!isDeaf) this.#reception.hasten();
  }

  /** What has piled up is of the past: a new connection begins at what is live. */
  #wake(): void {
    this.#decoders.closeAll();
    this.#play({ is: 'clear' });
    this.#reception.renew();
  }

  #tick(): void {
    const nowMs = performance.now();
    if (this.#pulse.hasSlept(nowMs)) this.#wake();
    this.#decoders.closeIdle(nowMs);
    if (!this.#reception.isOpen) return;
    const { lastHeardMs } = this.#reception;
    if (this.#pulse.isDead(nowMs, lastHeardMs)) this.#reception.renew();
    else if (this.#pulse.isDue(nowMs, lastHeardMs)) void this.#ask();
  }

  async #ask(): Promise<void> {
    const askedMs = performance.now();
    try {
      await fetch(this.#pulseUrl, { cache: 'no-store', signal: AbortSignal.timeout(ANSWER_MS) });
      tell({ is: 'round-trip', ms: performance.now() - askedMs });
    } catch {
      if (this.#reception.lastHeardMs < askedMs) this.#reception.renew();
    }
  }

  #play(message: ReceiverToPlayer, transfer: Transferable[] = []): void {
    this.#player.postMessage(message, transfer);
  }
}

let receiver: Receiver | undefined;

function tell(message: ReceiverToPage): void {
  self.postMessage(message, { transfer: [] });
}

const isAble = await canDecodeOpus();

self.addEventListener('message', ({ data }: MessageEvent<PageToReceiver>) => {
  if (data.is !== 'listen') receiver?.setDeaf(data.is === 'deafen');
  else if (isAble) receiver = new Receiver(data);
  else tell({ is: 'state', state: 'unable' });
});
tell({ is: 'ready' });
