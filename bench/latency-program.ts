/** The whole program of `latency` in a process of its own. Given by its parent which Discord to log in to. */
import { startForParent } from './own-process.ts';

// All its listeners come from this machine.
const program = await startForParent({ LISTENERS_PER_ADDRESS: '20000' });
process.on('message', (guildId: string) => {
  process.send?.(program.bot.broadcasts.of(guildId)?.podcast.id);
});
