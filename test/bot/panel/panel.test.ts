import { describe, expect, test } from 'vitest';
import { Panel, type PanelMessages } from '../../../src/bot/panel/panel.ts';
import { ManualClock } from '../../support/manual-clock.ts';

/** A channel in which each request waits until the test answers it. */
class Chat implements PanelMessages<string> {
  readonly requests: string[] = [];
  isOpen = true;
  #answer: ((result: string | boolean | Error) => void) | undefined;
  #posted = 0;

  mayPost(): boolean {
    return this.isOpen;
  }

  post(body: string): Promise<string> {
    this.#posted += 1;
    return this.#ask(`post ${body}`) as Promise<string>;
  }

  edit(messageId: string, body: string): Promise<boolean> {
    return this.#ask(`edit ${messageId} ${body}`) as Promise<boolean>;
  }

  /** Answers the open request, and lets the panel know. */
  async answer(result: boolean | Error = true): Promise<void> {
    const isPost = this.requests.at(-1)?.startsWith('post') ?? false;
    this.#answer?.(isPost && result === true ? `m${this.#posted}` : result);
    this.#answer = undefined;
    await new Promise(setImmediate);
  }

  #ask(request: string): Promise<string | boolean> {
    if (this.#answer) throw new Error('two requests at a time');
    this.requests.push(request);
    return new Promise((resolve, reject) => {
      this.#answer = (result) => (result instanceof Error ? reject(result) : resolve(result));
    });
  }
}

class Scene {
  readonly chat = new Chat();
  readonly clock = new ManualClock();
  readonly troubles: string[] = [];
  readonly posted: string[] = [];
  text = 'a';
  readonly panel: Panel<string>;

  constructor({ isOpen = true, messageId }: { isOpen?: boolean; messageId?: string } = {}) {
    this.chat.isOpen = isOpen;
    this.panel = new Panel({
      messages: this.chat,
      clock: this.clock,
      view: () => this.text,
      messageId,
      onPosted: (id) => this.posted.push(id),
      onTrouble: (why) => this.troubles.push(why),
    });
  }

  /** Something else to say every second. */
  async talk(seconds: number): Promise<void> {
    for (let second = 0; second < seconds; second += 1) {
      this.text = `${this.text[0]}${second}`;
      this.clock.advance(1000);
      await this.chat.answer();
    }
  }
}

describe('a panel', () => {
  test('is posted at once and edited in place, once in five seconds whatever happens', async () => {
    const scene = new Scene();
    await scene.chat.answer();
    expect(await scene.panel.settled()).toBe(true);
    await scene.talk(30);
    expect(scene.chat.requests).toEqual([
      'post a',
      ...[4, 9, 14, 19, 24, 29].map((second) => `edit m1 a${second}`),
    ]);
    expect(scene.posted).toEqual(['m1']);
  });

  test('is left alone while it says what it should', async () => {
    const scene = new Scene();
    await scene.chat.answer();
    scene.clock.advance(3_600_000);
    expect(scene.chat.requests).toEqual(['post a']);
  });

  test('has one request at a time when Discord takes half a minute, and asks less often then', async () => {
    const scene = new Scene();
    await scene.chat.answer();
    scene.text = 'b';
    scene.clock.advance(35_000);
    expect(scene.chat.requests).toEqual(['post a', 'edit m1 b']);
    await scene.chat.answer();
    scene.text = 'c';
    scene.clock.advance(34_000);
    expect(scene.chat.requests).toHaveLength(2);
    scene.clock.advance(2000);
    expect(scene.chat.requests.at(-1)).toBe('edit m1 c');
  });

  test('that is deleted again and again is posted again every half minute', async () => {
    const scene = new Scene();
    await scene.chat.answer();
    for (let second = 0; second < 120; second += 1) {
      scene.text = `b${second}`;
      scene.clock.advance(1000);
      await scene.chat.answer(!scene.chat.requests.at(-1)?.startsWith('edit'));
    }
    expect(scene.posted).toEqual(['m1', 'm2', 'm3', 'm4']);
  });

  test('is not posted where the bot may not write, until it may', async () => {
    const scene = new Scene({ isOpen: false });
    expect(await scene.panel.settled()).toBe(false);
    scene.clock.advance(60_000);
    expect(scene.chat.requests).toEqual([]);
    scene.chat.isOpen = true;
    scene.clock.advance(1000);
    await scene.chat.answer();
    expect(scene.panel.messageId).toBe('m1');
  });

  test('is posted later when Discord refuses it at first', async () => {
    const scene = new Scene();
    const settled = scene.panel.settled();
    await scene.chat.answer(new Error('500'));
    expect(await settled).toBe(false);
    expect(scene.troubles).toEqual(['500']);
    scene.clock.advance(29_000);
    expect(scene.chat.requests).toHaveLength(1);
    scene.clock.advance(1000);
    await scene.chat.answer();
    expect(scene.panel.messageId).toBe('m2');
  });

  test('from before a restart is edited where it stands', () => {
    const scene = new Scene({ messageId: 'old' });
    expect(scene.chat.requests).toEqual(['edit old a']);
    expect(scene.panel.messageId).toBe('old');
  });

  test('says its last word after the one before it, at once, and then no more', async () => {
    const scene = new Scene();
    await scene.chat.answer();
    scene.text = 'b';
    scene.clock.advance(5000);
    const closed = scene.panel.close('over');
    expect(scene.chat.requests).toEqual(['post a', 'edit m1 b']);
    await scene.chat.answer();
    expect(scene.chat.requests.at(-1)).toBe('edit m1 over');
    await scene.chat.answer(new Error('503'));
    await closed;
    scene.text = 'c';
    scene.clock.advance(60_000);
    expect(scene.chat.requests).toHaveLength(3);
    expect(scene.clock.timers).toBe(0);
    expect(scene.troubles).toEqual(['503']);
  });

  test('is not posted only to be closed', async () => {
    const scene = new Scene();
    const closed = scene.panel.close('over');
    await scene.chat.answer(new Error('500'));
    await closed;
    expect(scene.chat.requests).toEqual(['post a']);
  });
});
