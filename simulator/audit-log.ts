/** A guild's audit log: which moderator disconnected or moved somebody in voice. */
import type { Json, JsonObject } from './json.ts';

const memberMove = 26;
const memberDisconnect = 27;
/** Only what happened lately is ever asked for. */
const limit = 50;

export class AuditLog {
  readonly #nextId: () => string;
  #entries: JsonObject[] = [];

  constructor(nextId: () => string) {
    this.#nextId = nextId;
  }

  /** The entries as Discord's API shows them, newest first; only of one action type if given. */
  entries(actionType: number | undefined, count: number): readonly Json[] {
    const wanted = this.#entries.filter(
      (entry) => actionType === undefined || entry['action_type'] === actionType,
    );
    return wanted.slice(0, count);
  }

  noteDisconnect(moderatorId: string): void {
    this.#note(moderatorId, memberDisconnect, { count: '1' });
  }

  noteMove(moderatorId: string, channelId: string): void {
    this.#note(moderatorId, memberMove, { count: '1', channel_id: channelId });
  }

  #note(userId: string, actionType: number, options: Json): void {
    const entry = { id: this.#nextId(), user_id: userId, target_id: null, action_type: actionType, options };
    this.#entries = [entry, ...this.#entries].slice(0, limit);
  }
}
