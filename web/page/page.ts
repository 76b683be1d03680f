/** The listener's page: ties what it knows to the document, the sound, and the browser. */
import type { PodcastFacts } from '../../src/protocol/podcast-facts.ts';
import { pageTextsFor, type PageTexts } from '../../src/texts/page-texts.ts';
import { browserClock } from '../sound/page-clock.ts';
import { askPodcast, factsOf } from '../sound/podcast-poll.ts';
import { Announcer } from './announcer.ts';
import { Conductor } from './conductor.ts';
import { Help } from './help.ts';
import { keyCommand } from './key-command.ts';
import { MediaKeys } from './media-keys.ts';
import { modelOf, type Change, type Model } from './model.ts';
import { element, setText } from './page-elements.ts';
import { PageView } from './page-view.ts';
import { pressedKey } from './pressed-key.ts';
import { Remembered } from './remembered.ts';
import { addCopying } from './share.ts';
import { soundsOf } from './sounds.ts';
import { viewOf } from './view.ts';
import { WakeLock } from './wake-lock.ts';

const podcast = document.getElementById('podcast');
// A podcast that was over when the page was made has nothing to play.
if (podcast?.dataset['id'] !== undefined) open(podcast, pageTextsFor(document.documentElement.lang));

function open(main: HTMLElement, texts: PageTexts): void {
  const { dataset } = main;
  // Where its paths begin: a proxy may put one before them.
  const relay = new URL('.', new URL(dataset['socket'] ?? '', document.baseURI));
  const remembered = new Remembered(() => localStorage);
  const pageView = new PageView(texts);
  const wakeLock = new WakeLock();
  const change = (what: Change): void => conductor.change(what);
  const mediaKeys = new MediaKeys(change);
  const announcer = new Announcer();
  const said = element('said', HTMLElement);

  const show = (model: Model, nowMs: number): void => {
    const view = viewOf(model, texts, Number(dataset['id']), nowMs, Date.now());
    pageView.show(view);
    mediaKeys.show(view);
    wakeLock.want(view.button.stops);
    const words = announcer.offer(view.message, nowMs);
    if (words !== undefined) setText(said, words);
  };
  const clock = browserClock;
  const ask = (): ReturnType<typeof askPodcast> => askPodcast(podcastUrl(relay, dataset));
  const onPaused = (): void => change({ type: 'paused' });
  const audio = new Audio();
  audio.preload = 'none';
  const conductor = new Conductor({
    model: modelOf(servedFacts(dataset), remembered.volumePercent, clock.nowMs(), hasVolume(audio)),
    clock,
    ask,
    makeSound: soundsOf({ relay, audio, dataset, clock, ask, onPaused }),
    show,
  });

  addControls(conductor, remembered);
  addCopying(texts.ways);
  // Whatever it plays already is silent with that.
  element('plain', HTMLElement).remove();
  element('player', HTMLElement).hidden = false;
  element('voices', HTMLElement).hidden = false;
  document.addEventListener('visibilitychange', () => conductor.setVisible(isVisible()));
  conductor.start(isVisible());
}

/** Phones leave the volume of elements to their buttons. */
function hasVolume(audio: HTMLAudioElement): boolean {
  audio.volume = 0.5;
  const isTaken = audio.volume === 0.5;
  audio.volume = 1;
  return isTaken;
}

function isVisible(): boolean {
  return document.visibilityState === 'visible';
}

function addControls(conductor: Conductor, remembered: Remembered): void {
  const help = new Help(remembered);
  const volume = element('volume', HTMLInputElement);
  const change = (what: Change): void => {
    conductor.change(what);
    remembered.volumePercent = conductor.model.volumePercent;
  };
  element('play', HTMLButtonElement).addEventListener('click', () => change({ type: 'pressed' }));
  element('mute', HTMLButtonElement).addEventListener('click', () => change({ type: 'mute' }));
  volume.addEventListener('input', () => change({ type: 'volume', percent: volume.valueAsNumber }));
  document.addEventListener('keydown', (event) => {
    const command = help.keysWork ? keyCommand(pressedKey(event)) : undefined;
    if (command === undefined) return;
    event.preventDefault();
    if (command === 'help') help.open();
    else change(command);
  });
}

function podcastUrl(relay: URL, { id = '', key }: DOMStringMap): string {
  const url = new URL(`p/${id}/podcast.json`, relay);
  if (key !== undefined) url.searchParams.set('key', key);
  return url.href;
}

/** What the relay knew when it made the page. */
function servedFacts({ state, since, title, guild, listeners }: DOMStringMap): PodcastFacts {
  return factsOf({
    active_since: since === undefined || since === '' ? null : Number(since),
    listeners: Number(listeners ?? 0),
    title: title ?? '',
    guild: guild ?? '',
    ...((state === 'created' || state === 'live' || state === 'interrupted') && { state }),
  });
}
