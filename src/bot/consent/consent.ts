/**
 * Who may be broadcast, and whether by name. In an opt-out guild (the default) everybody may until they say no; in an opt-in
 * guild nobody may until they say yes. What a person said holds in this guild for every later show. No names are shown until the
 * guild allows it.
 */
import { EventEmitter } from 'node:events';
import type { ConsentTable } from '../store/consent-table.ts';

interface ConsentEvents {
  /** In this guild somebody may be heard or named who could not be, or may not any more. */
  changed: [guildId: string];
}

export class Consent extends EventEmitter<ConsentEvents> {
  readonly #table: ConsentTable;
  readonly #optIn: Set<string>;
  readonly #showingNames: Set<string>;
  /**
   * What people said, by guild and then by user. All of it stays, also of a guild that the bot has left or of a person who
   * has: whoever said no must be able to rely on it when they meet again. It grows by what people choose by hand alone,
   * one entry a person and guild, some 100 bytes each.
   */
  readonly #choices = new Map<string, Map<string, boolean>>();

  constructor(table: ConsentTable) {
    super();
    this.#table = table;
    this.#optIn = new Set(table.optInGuildIds());
    this.#showingNames = new Set(table.namesGuildIds());
    for (const { guildId, userId, onAir } of table.choices()) this.#remember(guildId, userId, onAir);
  }

  /** Asked for each frame: two look-ups in memory. */
  isOnAir(guildId: string, userId: string): boolean {
    return this.#choices.get(guildId)?.get(userId) ?? !this.#optIn.has(guildId);
  }

  isOptIn(guildId: string): boolean {
    return this.#optIn.has(guildId);
  }

  /** Holds from the next frame on. @throws Error when it could not be written down; it holds for this run all the same */
  takeOffAir(guildId: string, userId: string): void {
    this.#choose(guildId, userId, false);
  }

  /** Holds from the next frame on. @throws Error when it could not be written down; it holds for this run all the same */
  putOnAir(guildId: string, userId: string): void {
    this.#choose(guildId, userId, true);
  }

  /** What people have said already goes on to hold. @throws Error when it could not be written down */
  setOptIn(guildId: string, optIn: boolean): void {
    if (optIn) this.#optIn.add(guildId);
    else this.#optIn.delete(guildId);
    this.emit('changed', guildId);
    this.#table.setOptIn(guildId, optIn);
  }

  /** Whether listeners are told the names of those who speak. */
  showsNames(guildId: string): boolean {
    return this.#showingNames.has(guildId);
  }

  /** Holds at once, also in a show that runs. @throws Error when it could not be written down; it holds for this run all the same */
  setNames(guildId: string, shown: boolean): void {
    if (shown) this.#showingNames.add(guildId);
    else this.#showingNames.delete(guildId);
    this.emit('changed', guildId);
    this.#table.setNames(guildId, shown);
  }

  #choose(guildId: string, userId: string, onAir: boolean): void {
    this.#remember(guildId, userId, onAir);
    this.emit('changed', guildId);
    // Last: a disk that is full must not keep anybody on air.
    this.#table.choose({ guildId, userId, onAir });
  }

  #remember(guildId: string, userId: string, onAir: boolean): void {
    let choices = this.#choices.get(guildId);
    if (!choices) {
      choices = new Map();
      this.#choices.set(guildId, choices);
    }
    choices.set(userId, onAir);
  }
}
