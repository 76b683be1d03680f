/** Plays what was received, on the thread of the audio. */
registerProcessor(
  'player',
  class extends AudioWorkletProcessor {
    process(): boolean {
      return true;
    }
  },
);
