import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Person } from '../../simulator/person.ts';
import { Random } from '../../simulator/random.ts';
import { transportModes } from '../../simulator/voice/transport-cipher.ts';
import { missing } from '../support/sim-audio-tap.ts';
import { joinCall, logIn, startDiscord } from '../support/sim-bot.ts';

const changes = 24;
const mostPeople = 6;

test.for([
  { mode: transportModes[0], seed: 1 },
  { mode: transportModes[1], seed: 2 },
  { mode: transportModes[0], seed: 3 },
])('a settled call loses nothing while people come and go ($mode, seed $seed)', async ({ mode, seed }) => {
  const random = new Random(seed);
  const discord = await startDiscord({ seed });
  const guild = discord.addGuild('Station');
  const voice = guild.addVoiceChannel('concourse', { modes: [mode], greetings: 'shuffled' });
  const client = await logIn(discord);
  const { connection, tap } = await joinCall(client, guild, voice);
  const errors: string[] = [];
  connection.on('error', (error) => errors.push(error.message));
  const record = voice.record();

  const people: Person[] = [];
  const oneMore = async (): Promise<void> => {
    const person = guild.addPerson(`Traveller ${people.length}`);
    person.enter(voice);
    await person.startSpeaking();
    people.push(person);
  };
  await oneMore();
  let said = 0;
  for (let change = 0; change < changes; change += 1) {
    if (people.length < 2 || (people.length < mostPeople && random.chance(0.6))) await oneMore();
    else people.splice(random.below(people.length), 1)[0]?.leave();
    for (let round = random.below(20); round >= 0; round -= 1) {
      for (const person of people) {
        said += 1;
        const opus = Buffer.concat([
          Buffer.from([0x78]),
          Buffer.from(String(said)),
          Buffer.alloc(random.below(80)),
        ]);
        const extension = random.chance(0.5) ? { extension: Buffer.alloc(8, 1) } : {};
        person.sendFrame(opus, { ...extension, padding: random.below(6) });
      }
      await pause(3);
    }
  }
  await voice.settled();
  for (const person of people) person.sendFrame(Buffer.from('78ff', 'hex'));

  const settled = record.frames.filter((frame) => frame.settled);
  expect(settled.length).toBeGreaterThan(100);
  await expect.poll(() => missing(settled, tap.frames)).toEqual([]);
  expect(errors).toEqual([]);
  expect(Number(voice.call.delivery?.epoch)).toBeGreaterThan(5);
});
