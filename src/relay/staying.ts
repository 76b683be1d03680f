/** Refuses calls once the relay shuts down: a podcast that is gone for now is not unknown. */
import { RestFault } from './rest-fault.ts';

/** @throws RestFault once the relay shuts down */
export function assertStays(isDraining: () => boolean): void {
  if (isDraining()) throw new RestFault('going_away');
}

/** Options of a route that is refused then, before anything else of the request is looked at. */
export function whileStaying(isDraining: () => boolean) {
  return {
    onRequest(_request: unknown, _reply: unknown, done: () => void): void {
      assertStays(isDraining);
      done();
    },
  };
}
