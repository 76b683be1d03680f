/** What the bot remembers across restarts. Every call is synchronous: a write has happened when it returns. */
import { AudienceTable } from './audience-table.ts';
import { openBotDatabase } from './bot-database.ts';
import { ConsentTable } from './consent-table.ts';
import { ShowTable } from './show-table.ts';

export interface BotStore {
  readonly consent: ConsentTable;
  readonly shows: ShowTable;
  readonly audiences: AudienceTable;
  close(): void;
}

/**
 * @param file a path, or `IN_MEMORY`
 * @throws Error when the file is of a later version of this program, or no database
 */
export function openBotStore(file: string): BotStore {
  const database = openBotDatabase(file);
  return {
    consent: new ConsentTable(database),
    shows: new ShowTable(database),
    audiences: new AudienceTable(database),
    close: () => database.close(),
  };
}
