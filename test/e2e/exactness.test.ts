import { describe, expect, test } from 'vitest';
import type { Person } from '../../simulator/person.ts';
import type { Speaking } from '../../simulator/speaking.ts';
import type { SpokenFrame } from '../../simulator/voice/frame-log.ts';
import { type World, eventually, goOnAir, speechOf, startWorld } from '../support/on-air.ts';

const AES = 'aead_aes256_gcm_rtpsize';
const XCHACHA = 'aead_xchacha20_poly1305_rtpsize';
/** 20 s of speech each, said ten times as fast. */
const FRAMES = 1000;
const FRAME_INTERVAL_MS = 2;

async function threePeople({ guild }: World, host: Person): Promise<Person[]> {
  return [host, guild.addPerson('June'), guild.addPerson('Carlo')];
}

describe.each(['voice', 'stage'] as const)('in a %s channel', (kind) => {
  test.each([
    { encrypted: true, mode: AES },
    { encrypted: true, mode: XCHACHA },
    { encrypted: false, mode: AES },
    { encrypted: false, mode: XCHACHA },
  ] as const)(
    'a listener gets every frame of three people who overlap (DAVE $encrypted, $mode)',
    async ({ encrypted, mode }) => {
      const world = await startWorld();
      const options = { encrypted, modes: [mode] };
      const channel =
        kind === 'voice'
          ? world.guild.addVoiceChannel('round table', options)
          : world.guild.addStageChannel('round table', options);
      const people = await threePeople(world, world.host('Allison'));
      for (const person of people) await person.join(channel);
      const { ear, broadcast } = await goOnAir(world, channel, people[0]);
      // Everybody is introduced first: a frame that overtakes its speaker's name is nobody's.
      for (const person of people) await person.startSpeaking();
      await channel.settled();
      const record = channel.record();
      const speeches = await Promise.all([speechOf('allison'), speechOf('june'), speechOf('carlo')]);
      await Promise.all(
        people.map(
          (person, index) =>
            person.speak(speeches[index]!, { frames: FRAMES, frameIntervalMs: FRAME_INTERVAL_MS }).done,
        ),
      );
      const spoken = record.frames;
      expect(spoken.length).toBeGreaterThanOrEqual(3 * FRAMES);
      await eventually('all frames are heard', () => ear.frames.length >= spoken.length);
      expect(ear.missing(spoken)).toEqual([]);
      expect(ear.frames).toHaveLength(spoken.length);
      expect(broadcast.status().drops).toEqual({});
    },
  );
});

async function moreOf(talk: Speaking, frames: number): Promise<void> {
  const until = talk.spoken + frames;
  await eventually('the talk goes on', () => talk.spoken >= until);
}

describe.each([11, 12])('through random joins and leaves (seed %i)', (seed) => {
  test('a listener gets every frame that was said while the group was settled', async () => {
    const world = await startWorld({ seed });
    const channel = world.guild.addVoiceChannel('round table', { greetings: 'shuffled' });
    const host = world.host('Allison');
    const { ear } = await goOnAir(world, channel, host);
    const record = channel.record();
    const speech = await speechOf('allison');
    const talk = host.speak(speech, { loop: true, frameIntervalMs: 4 });
    const guests = ['Bo', 'Cy', 'Di', 'Ed', 'Flo'].map((name) => world.guild.addPerson(name));
    const june = await speechOf('june');
    let changes = 0;
    for (let pick = seed; changes < 24; pick = (pick * 1_103_515_245 + 12_345) & 0x7fff_ffff) {
      const guest = guests[(pick >> 9) % guests.length]!;
      if (guest.channel) guest.leave();
      else await guest.join(channel);
      changes += 1;
      if (guest.channel) guest.speak(june, { frames: 40, frameIntervalMs: 2 });
      // Some changes come on top of each other, some with talk in between.
      if (pick % 3 > 0) await moreOf(talk, 15);
    }
    await channel.settled();
    await moreOf(talk, 50);
    talk.stop();
    await talk.done;
    const settled: SpokenFrame[] = record.frames.filter((frame) => frame.settled);
    expect(settled.length).toBeGreaterThan(200);
    await eventually('all settled frames are heard', () => ear.missing(settled).length === 0);
  });
});
