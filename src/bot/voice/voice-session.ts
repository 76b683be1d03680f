/** Stays in one voice channel: joins, captures or sends, and comes back from what can be come back from. */
import {
  type Networking,
  type VoiceConnection,
  VoiceConnectionStatus,
  joinVoiceChannel,
} from '@discordjs/voice';
import { isSilence } from '../../audio/opus-packet.ts';
import type { Text } from '../../texts/catalogue.ts';
import { captureFrom } from '../capture/connection-capture.ts';
import {
  type CaptureDropReason,
  type CaptureDrops,
  type CaptureSink,
  type CapturedFrame,
  noDrops,
} from '../capture/voice-capture.ts';
import { CLOSE_DISCONNECTED, closePolicy } from './close-policy.ts';
import { guardDave } from './dave-guard.ts';
import { type SendDrops, VoiceSender, noSendDrops } from './voice-sender.ts';
import type { VoiceSessionOptions } from './voice-session-options.ts';
import { Watchdog } from './watchdog.ts';

const GATEWAY_LOST: Text = ({ voice }) => voice.gatewayLost;

interface Line {
  readonly connection: VoiceConnection;
  readonly sender: VoiceSender;
}

type State =
  | ({ readonly is: 'joining'; readonly deadline: NodeJS.Timeout } & Line)
  | ({ readonly is: 'ready'; readonly sinceMs: number } & Line)
  | { readonly is: 'away'; readonly timer: NodeJS.Timeout }
  /** Out of the channel, and the gateway, which alone can say why and let us in again, is gone as well. */
  | { readonly is: 'stranded'; readonly timer: NodeJS.Timeout }
  | { readonly is: 'ended' };

export class VoiceSession implements CaptureSink {
  readonly drops: CaptureDrops = noDrops();
  readonly sendDrops: SendDrops = noSendDrops();
  /** End-to-end encryption messages that could not be used. */
  daveFaults = 0;
  readonly #options: VoiceSessionOptions;
  readonly #watchdog: Watchdog;
  readonly #watch: NodeJS.Timeout | undefined;
  readonly #watched = new WeakSet<Networking>();
  #state: State;
  #channelId: string;
  #attempt = 0;
  #farewell: NodeJS.Timeout | undefined;
  /** The gateway has told of a move, and the way into the other channel is not done yet. */
  #isMoving = false;

  constructor(options: VoiceSessionOptions) {
    this.#options = options;
    this.#channelId = options.channelId;
    const { capture, joinDelayMs, timings } = options;
    const { unheardPatienceMs } = timings;
    this.#watchdog = new Watchdog(unheardPatienceMs);
    this.#watch = capture && setInterval(() => this.#checkUnheard(), Math.min(1000, unheardPatienceMs / 2));
    this.#state = joinDelayMs > 0 ? this.#awayFor(joinDelayMs, GATEWAY_LOST) : this.#join();
  }

  /** In the channel, or on the way in; false while away before a rejoin, and for good once it is over. */
  get isPresent(): boolean {
    return this.#state.is === 'ready' || this.#state.is === 'joining';
  }

  /** Out of the channel for a reason that the gateway has yet to tell. */
  get isStranded(): boolean {
    return this.#state.is === 'stranded';
  }

  /** What sends into the channel; undefined while nothing can be sent. */
  get sender(): VoiceSender | undefined {
    return this.#state.is === 'ready' ? this.#state.sender : undefined;
  }

  mayHear(userId: string): boolean {
    return this.#options.capture?.mayHear(userId) ?? false;
  }

  onFrame(frame: CapturedFrame): void {
    if (isSilence(frame.opus)) this.#watchdog.silent(frame.userId);
    else this.#watchdog.heard(frame.userId);
    this.#options.capture?.onFrame(frame);
  }

  onSpeaking(userId: string): void {
    const nowMs = Date.now();
    // A newcomer is told of everybody who ever spoke: that is an introduction, and says nothing about now.
    const isIntroduction =
      this.#state.is !== 'ready' || nowMs - this.#state.sinceMs < this.#options.timings.introductionMs;
    // Of somebody who is not to be heard no frame is ever due.
    if (!isIntroduction && this.mayHear(userId)) this.#watchdog.due(userId, nowMs);
  }

  onDrop(reason: CaptureDropReason, userId?: string): void {
    this.drops[reason] += 1;
    if (userId === undefined) return;
    if (reason === 'dave' || reason === 'dave-not-ready') {
      this.#watchdog.failed(userId, Date.now());
      this.#options.capture?.onUndecryptable(userId);
    }
    if (reason === 'transport') this.#watchdog.due(userId, Date.now());
  }

  /** A person left the channel, or is not to be heard any more. */
  personLeft(userId: string): void {
    this.#watchdog.forget(userId);
  }

  /** A moderator moved the bot, and it goes along. The library follows by itself; this is for each later return. */
  follow(channelId: string): void {
    this.#channelId = channelId;
    this.#isMoving = this.isPresent;
    clearTimeout(this.#farewell);
  }

  /**
   * The gateway is back, and has told what was missed.
   * @param isAnew under a new session: Discord has ended whatever voice connection belonged to the old one
   * @param delayMs how long to wait before joining, so that not all guilds do at once
   */
  gatewayIsBack(isAnew: boolean, delayMs: number): void {
    const { is } = this.#state;
    const isToJoin = is === 'stranded' || (isAnew && (is === 'ready' || is === 'joining'));
    // No fault of the voice server's, so it does not count as an attempt.
    if (isToJoin) this.#stayAway(delayMs, GATEWAY_LOST);
  }

  /** Leaves the channel. Says nothing more. */
  leave(): void {
    this.#moveTo({ is: 'ended' });
  }

  #join(): State {
    const { guildId, adapterCreator, capture } = this.#options;
    const connection = joinVoiceChannel({
      guildId,
      channelId: this.#channelId,
      adapterCreator,
      selfDeaf: !capture,
      selfMute: false,
      // The library would throw its group away after so many failures in a row, which one forging peer can cause.
      // The watchdog decides instead.
      decryptionFailureTolerance: Number.POSITIVE_INFINITY,
    });
    const line = { connection, sender: new VoiceSender(connection, this.sendDrops) };
    if (capture) captureFrom(connection, this);
    else connection.receiver.onUdpMessage = () => {};
    connection.on('error', ({ message }) => this.#comeBack(({ voice }) => voice.failed({ message })));
    connection.on('stateChange', (_, state) => {
      if ('networking' in state) this.#watchNetworking(state.networking);
      if (state.status === VoiceConnectionStatus.Ready) this.#ready(line);
      else this.#notReady();
    });
    return this.#joining(line);
  }

  #joining({ connection, sender }: Line): State {
    const deadline = setTimeout(
      () => this.#comeBack(({ voice }) => voice.notLetIn),
      this.#options.timings.joinTimeoutMs,
    );
    return { is: 'joining', connection, sender, deadline };
  }

  /** The library resumes, or follows a move to another voice server: that must not take for ever either. */
  #notReady(): void {
    if (this.#state.is !== 'ready') return;
    this.#noteSteadiness(this.#state.sinceMs);
    this.#state = this.#joining(this.#state);
  }

  #watchNetworking(networking: Networking): void {
    if (this.#watched.has(networking)) return;
    this.#watched.add(networking);
    // Before the library's own listener, which would come back at once and for ever.
    networking.prependListener('close', (code: number) => this.#voiceServerClosed(code));
    networking.on('stateChange', (_, state) => {
      if ('dave' in state && state.dave) guardDave(state.dave, () => (this.daveFaults += 1));
    });
  }

  #ready({ connection, sender }: Line): void {
    if (this.#state.is !== 'joining' || this.#state.connection !== connection) return;
    clearTimeout(this.#state.deadline);
    clearTimeout(this.#farewell);
    this.#isMoving = false;
    this.#state = { is: 'ready', connection, sender, sinceMs: Date.now() };
    sender.greet(performance.now());
    this.#options.events.onReady();
  }

  #voiceServerClosed(code: number): void {
    if (!this.isPresent) return;
    const { action, text } = closePolicy(code);
    if (action === 'rejoin') this.#comeBack(text);
    else if (code !== CLOSE_DISCONNECTED) this.#end(text);
    // The old channel's goodbye: how long the new one takes is for `joinTimeoutMs` to say.
    else if (this.#isMoving) return;
    // The gateway may still say who did it, or send us to another voice server.
    else this.#farewell = setTimeout(() => this.#disconnected(text), this.#options.timings.farewellMs);
  }

  /** A kick, as long as the gateway is there to say so: when its session dies, the voice connection dies in the same words. */
  #disconnected(why: Text): void {
    if (this.#options.isGatewayReady()) this.#end(why);
    else this.#strand(GATEWAY_LOST);
  }

  #strand(why: Text): void {
    const giveUp = (): void => this.#end(({ voice }) => voice.gatewayStayedAway);
    this.#moveTo({ is: 'stranded', timer: setTimeout(giveUp, this.#options.timings.gatewayPatienceMs) });
    this.#options.events.onTrouble(why);
  }

  #comeBack(why: Text): void {
    const state = this.#state;
    if (state.is !== 'ready' && state.is !== 'joining') return;
    if (state.is === 'ready') this.#noteSteadiness(state.sinceMs);
    const delayMs = this.#options.timings.rejoinDelaysMs[this.#attempt];
    if (delayMs === undefined) {
      const times = this.#attempt;
      this.#end((words) => words.voice.gaveUp({ why: why(words), times }));
      return;
    }
    this.#attempt += 1;
    this.#stayAway(delayMs, why);
  }

  #stayAway(delayMs: number, why: Text): void {
    this.#moveTo(this.#awayFor(delayMs, why));
    this.#options.events.onTrouble(why);
  }

  #awayFor(delayMs: number, why: Text): Extract<State, { is: 'away' }> {
    const timer = setTimeout(() => {
      if (this.#options.isGatewayReady()) this.#state = this.#join();
      else this.#strand(why);
    }, delayMs);
    return { is: 'away', timer };
  }

  #noteSteadiness(readySinceMs: number): void {
    if (Date.now() - readySinceMs >= this.#options.timings.steadyAfterMs) this.#attempt = 0;
  }

  #checkUnheard(): void {
    if (this.#state.is !== 'ready') return;
    const unheard = this.#watchdog.check(Date.now());
    if (unheard.length === 0) return;
    this.#options.events.onUnheard(unheard);
    // Of our own will, so it counts for nothing: a show must not end for what one person's client does.
    this.#stayAway(this.#options.timings.rejoinDelaysMs[0] ?? 0, ({ voice }) => voice.cannotDecrypt);
  }

  #end(why: Text): void {
    if (this.#state.is === 'ended') return;
    this.#moveTo({ is: 'ended' });
    this.#options.events.onEnded(why);
  }

  /** Out of the channel: whatever the old state held is let go. */
  #moveTo(next: Extract<State, { is: 'away' | 'stranded' | 'ended' }>): void {
    const old = this.#state;
    this.#state = next;
    this.#isMoving = false;
    clearTimeout(this.#farewell);
    if (old.is === 'joining') clearTimeout(old.deadline);
    if (old.is === 'away' || old.is === 'stranded') clearTimeout(old.timer);
    if (next.is === 'ended') clearInterval(this.#watch);
    if (old.is !== 'joining' && old.is !== 'ready') return;
    if (old.connection.state.status !== VoiceConnectionStatus.Destroyed) old.connection.destroy();
  }
}
