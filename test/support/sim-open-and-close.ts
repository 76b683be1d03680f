/** A program that opens a simulated Discord with a call going on, and closes it: nothing may then keep it from ending. */
import { SimulatedDiscord } from '../../simulator/discord.ts';
import { loadSpeech, speechFiles } from '../../simulator/speech.ts';

const discord = await SimulatedDiscord.start();
const guild = discord.addGuild('Guild');
const voice = guild.addVoiceChannel('general');
const people = ['Ann', 'Ben', 'Cem'].map((name) => guild.addPerson(name));
for (const person of people) await person.join(voice);
const speech = await loadSpeech(speechFiles.june);
for (const person of people) person.speak(speech, { loop: true });
voice.faults.jitterMs = 1000;
await discord.close();
process.stdout.write('closed');
