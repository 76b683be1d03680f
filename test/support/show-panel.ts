/** The panel of a show as people use it on the simulated Discord. */
import type { Answer } from '../../simulator/answer.ts';
import type { Message } from '../../simulator/messages.ts';
import type { Person } from '../../simulator/person.ts';
import type { VoiceChannel } from '../../simulator/voice-channel.ts';
import { expectGoodAnswer } from './commands.ts';
import type { World } from './on-air.ts';

export type PanelButton = 'stop' | 'link' | 'off-air' | 'on-air';

/** The panel that stands in the channel's own chat, its buttons under it. */
export async function panelIn({ discord }: Pick<World, 'discord'>, channel: VoiceChannel): Promise<Message> {
  return await discord.messageIn(channel, (message) => message.component('show:stop') !== undefined);
}

/** Presses one of its buttons and waits for an answer to read. */
export async function press(
  world: World,
  person: Person,
  panel: Message,
  button: PanelButton,
): Promise<Answer> {
  const answer = await person.press(panel, `show:${button}`);
  await answer.settled();
  expectGoodAnswer(world, answer);
  return answer;
}
