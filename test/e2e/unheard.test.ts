import { describe, expect, test } from 'vitest';
import type { Person } from '../../simulator/person.ts';
import { eventually, goOnAir, isHeard, startWorld } from '../support/on-air.ts';

/** Says frames without end-to-end encryption, which the bot cannot use, until told to stop. */
function mumble(person: Person): () => void {
  let frames = 0;
  const timer = setInterval(() => {
    frames += 1;
    person.sendFrame(Buffer.from(`\xfcmumble ${frames}`, 'latin1'), { plain: true });
  }, 10);
  return () => clearInterval(timer);
}

describe('somebody who speaks and cannot be decrypted', () => {
  test('makes the bot tell the channel, and join anew; the podcast goes on', async () => {
    const world = await startWorld({ timings: { unheardPatienceMs: 400 } });
    const channel = world.guild.addVoiceChannel('round table');
    const here = await goOnAir(world, channel);
    await isHeard(here.host, here);
    const before = channel.botPeer;
    const stop = mumble(here.host);
    const message = await world.discord.messageIn(channel, ({ text }) => text.includes('cannot decrypt'));
    expect(message.text).toContain('Hanna');
    stop();
    await eventually(
      'the bot is there with a new session',
      () => ![undefined, before].includes(channel.botPeer),
    );
    await channel.botJoined();
    await isHeard(here.host, here);
    await world.discord.messageIn(channel, ({ text }) => text.includes('I am back'));
  });

  test("is noticed by the voice server's word alone, if no packet comes at all", async () => {
    const world = await startWorld({ timings: { unheardPatienceMs: 100, introductionMs: 0 } });
    const channel = world.guild.addVoiceChannel('round table');
    const here = await goOnAir(world, channel);
    await here.host.startSpeaking();
    const message = await world.discord.messageIn(channel, ({ text }) => text.includes('cannot decrypt'));
    expect(message.text).toContain('Hanna');
  });

  test('is named in words alone, whatever the name looks like', async () => {
    const world = await startWorld({ timings: { unheardPatienceMs: 100, introductionMs: 0 } });
    const channel = world.guild.addVoiceChannel('round table');
    const { host } = await goOnAir(world, channel, world.host('[gift](https://x.example)'));
    await host.startSpeaking();
    const message = await world.discord.messageIn(channel, ({ text }) => text.includes('cannot decrypt'));
    expect(message.text).toContain(String.raw`I hear that \[gift\]\(https:\/\/x.example\) speaks`);
  });

  test('costs the others two rejoins at the most, and never the show', async () => {
    const world = await startWorld({ timings: { unheardPatienceMs: 60 } });
    const channel = world.guild.addVoiceChannel('round table');
    const june = world.guild.addPerson('June');
    await june.join(channel);
    const here = await goOnAir(world, channel);
    await isHeard(june, here);
    const stop = mumble(june);
    const said = (words: string): number =>
      world.discord.messagesIn(channel).filter(({ text }) => text.includes(words)).length;
    await eventually('two alarms, and back from both', () => said('I am back') === 2);
    await channel.botJoined();
    const untilMs = Date.now() + 600;
    while (Date.now() < untilMs) await isHeard(here.host, here);
    stop();
    expect(said('cannot decrypt')).toBe(2);
    expect(here.broadcast.isOnAir).toBe(true);
  });

  test('is noticed also when others are heard all the time', async () => {
    const world = await startWorld({ timings: { unheardPatienceMs: 400 } });
    const channel = world.guild.addVoiceChannel('round table');
    const june = world.guild.addPerson('June');
    await june.join(channel);
    const here = await goOnAir(world, channel);
    await isHeard(june, here);
    const stop = mumble(june);
    let said = 0;
    const talk = setInterval(() => here.host.sendFrame(Buffer.from(`\xfctalk ${said++}`, 'latin1')), 10);
    const message = await world.discord.messageIn(channel, ({ text }) => text.includes('cannot decrypt'));
    clearInterval(talk);
    stop();
    expect(message.text).toContain('June');
    expect(message.text).not.toContain('Hanna');
  });
});

test('somebody who spoke before the bot came, and is silent now, raises no alarm', async () => {
  const world = await startWorld({ timings: { unheardPatienceMs: 50 } });
  const channel = world.guild.addVoiceChannel('round table');
  const june = world.guild.addPerson('June');
  await june.join(channel);
  await june.startSpeaking();
  const here = await goOnAir(world, channel);
  const untilMs = Date.now() + 400;
  while (Date.now() < untilMs) await isHeard(here.host, here);
  expect(world.discord.messagesIn(channel).filter(({ text }) => text.includes('decrypt'))).toEqual([]);
});

describe('on a voice server that offers XChaCha20 alone', () => {
  test('people hear what the bot sends', async () => {
    const world = await startWorld();
    const channel = world.guild.addVoiceChannel('round table', {
      modes: ['aead_xchacha20_poly1305_rtpsize'],
    });
    const host = world.host();
    await host.join(channel);
    const hearing = host.listen();
    await goOnAir(world, channel, host);
    await eventually(
      'the silence with which the bot greets the voice server',
      () => hearing.frames.length >= 5,
    );
    expect(hearing.frames.slice(0, 5).every(({ opus }) => opus?.toString('hex') === 'f8fffe')).toBe(true);
  });
});
