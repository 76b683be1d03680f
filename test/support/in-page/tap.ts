/** Runs in a page before anything of its own, and keeps what comes out of it: all that is connected to a destination, and all that media elements play. */

/** What the tests ask by `evaluate`: see `../heard-sound.ts`. */
interface Tapped {
  readonly context: AudioContext;
  readonly sampleRate: number;
  /** Of each block: the number of its first sample since the context began. */
  readonly starts: number[];
  /** Mono, ±1, of one length each. */
  readonly blocks: Float32Array[];
  /** `performance.now()` at which the context's time 0 came out, ms; one for each block. */
  readonly originsMs: number[];
}

(() => {
  /** In samples. As large as it may be, because a thread that is busy for longer than this loses a block. */
  const BLOCK = 16_384;
  /** Some two minutes. */
  const MOST_BLOCKS = 350;

  /** Firefox may stand still for ever when it is asked for it: its lock is one that its audio thread needs. */
  const FIREFOX_LATENCY_MS = 40;

  const isFirefox = navigator.userAgent.includes('Firefox');
  const taps: Tapped[] = [];
  const inputs = new WeakMap<BaseAudioContext, AudioNode>();
  const sourced = new WeakSet<HTMLMediaElement>();
  const violations: string[] = [];

  // As the browser made them.
  type Method = (...args: never[]) => unknown;
  const connect: Method = Reflect.get(AudioNode.prototype, 'connect');
  const disconnect: Method = Reflect.get(AudioNode.prototype, 'disconnect');
  const createMediaElementSource: Method = Reflect.get(AudioContext.prototype, 'createMediaElementSource');
  const play: Method = Reflect.get(HTMLMediaElement.prototype, 'play');
  const join = (...[from, to, output, input]: [AudioNode, AudioNode, number?, number?]): void =>
    void Reflect.apply(connect, from, [to, output ?? 0, input ?? 0]);

  /** A channel that counts its own time goes along with the sound, so that no event has to be in time. */
  function tapOf(context: AudioContext): AudioNode {
    const known = inputs.get(context);
    if (known) return known;
    const { sampleRate } = context;
    const tapped: Tapped = { context, sampleRate, starts: [], blocks: [], originsMs: [] };
    taps.push(tapped);
    const input = new GainNode(context, { channelCount: 1, channelCountMode: 'explicit' });
    const time = new ConstantSourceNode(context, { offset: 0 });
    const now = context.currentTime;
    time.offset.setValueAtTime(now, now);
    time.offset.linearRampToValueAtTime(now + 1000, now + 1000);
    time.start();
    const merger = new ChannelMergerNode(context, { numberOfInputs: 2 });
    let originMs = 0;
    const seeOrigin = (): void => {
      if (isFirefox) {
        originMs = performance.now() - 1000 * context.currentTime + FIREFOX_LATENCY_MS;
        return;
      }
      const { contextTime = 0, performanceTime = 0 } = context.getOutputTimestamp();
      originMs = performanceTime - 1000 * contextTime;
    };
    const processor = context.createScriptProcessor(BLOCK, 2, 1);
    processor.addEventListener('audioprocess', ({ inputBuffer }) => {
      const last = inputBuffer.getChannelData(1)[BLOCK - 1] ?? 0;
      const start = Math.round(last * sampleRate) - (BLOCK - 1);
      if (start < 0) return;
      if (tapped.blocks.length === MOST_BLOCKS) {
        tapped.blocks.shift();
        tapped.starts.shift();
        tapped.originsMs.shift();
      }
      tapped.blocks.push(inputBuffer.getChannelData(0).slice());
      tapped.starts.push(start);
      // Chromium stands still when it is asked later, while MSE plays.
      seeOrigin();
      tapped.originsMs.push(originMs);
    });
    join(input, merger, 0, 0);
    join(time, merger, 0, 1);
    join(merger, processor);
    join(processor, context.destination);
    inputs.set(context, input);
    return input;
  }

  /** Where what goes to a loudspeaker goes as well; undefined for any other node. */
  const beside = (node: unknown): AudioNode | undefined =>
    node instanceof AudioDestinationNode && node.context instanceof AudioContext
      ? tapOf(node.context)
      : undefined;

  AudioNode.prototype.connect = function (this: AudioNode, ...args: unknown[]): AudioNode {
    const tap = beside(args[0]);
    if (tap) Reflect.apply(connect, this, [tap, ...args.slice(1)]);
    return Reflect.apply(connect, this, args) as AudioNode;
  };

  AudioNode.prototype.disconnect = function (this: AudioNode, ...args: unknown[]): void {
    const tap = beside(args[0]);
    if (tap) Reflect.apply(disconnect, this, [tap]);
    Reflect.apply(disconnect, this, args);
  };

  AudioContext.prototype.createMediaElementSource = function (element) {
    sourced.add(element);
    return Reflect.apply(createMediaElementSource, this, [element]) as MediaElementAudioSourceNode;
  };

  function tapElement(element: HTMLMediaElement): void {
    if (sourced.has(element)) return;
    const context = new AudioContext({ sampleRate: 48_000 });
    void context.resume();
    context.createMediaElementSource(element).connect(context.destination);
  }

  HTMLMediaElement.prototype.play = function (this: HTMLMediaElement): Promise<void> {
    tapElement(this);
    return Reflect.apply(play, this, []) as Promise<void>;
  };
  window.addEventListener(
    'play',
    ({ target }) => target instanceof HTMLMediaElement && tapElement(target),
    true,
  );
  document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
    violations.push(`${violatedDirective}: ${blockedURI}`),
  );

  const isLoud = ({ blocks }: Tapped): boolean =>
    blocks.some((block) => block.some((sample) => sample !== 0));
  /** The last one that gave a sound; while there is none, the last one. */
  const chosen = (): Tapped | undefined => taps.findLast(isLoud) ?? taps.at(-1);

  function asBase64(floats: Float32Array): string {
    const bytes = new Uint8Array(floats.buffer, floats.byteOffset, floats.byteLength);
    let text = '';
    for (let at = 0; at < bytes.length; at += 8192) {
      text += String.fromCharCode(...bytes.subarray(at, at + 8192));
    }
    return btoa(text);
  }

  Object.assign(window, {
    soundTap: {
      violations: () => violations,
      loudSeconds: (threshold: number) => {
        const tap = chosen();
        const isSound = (block: Float32Array): boolean =>
          block.some((sample) => Math.abs(sample) > threshold);
        return tap ? (tap.blocks.filter(isSound).length * BLOCK) / tap.sampleRate : 0;
      },
      sound: (seconds: number) => {
        const tap = chosen();
        if (!tap) return undefined;
        const { sampleRate } = tap;
        const count = Math.ceil(Math.min(MOST_BLOCKS, (seconds * sampleRate) / BLOCK));
        const [starts, originsMs] = [tap.starts.slice(-count), tap.originsMs.slice(-count)];
        const blocks = tap.blocks.slice(-count).map(asBase64);
        return { sampleRate, blockLength: BLOCK, starts, originsMs, blocks };
      },
      /** Takes the sound away, as a telephone call does, … */
      interrupt: () => chosen()?.context.suspend(),
      /** … and gives it back. */
      giveBack: () => chosen()?.context.resume(),
      now: () => performance.now(),
    },
  });
})();
