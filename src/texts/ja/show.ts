/** What is said of a show, in Japanese. */
import type { Catalogue } from '../catalogue.ts';
import { counter } from '../numbers.ts';
import { commands } from './commands.ts';
import { onAir } from './on-air.ts';

const START = `\`/${commands.podcast.name} ${commands.start.name}\``;
const STOP = `\`/${commands.podcast.name} ${commands.stop.name}\``;

const listenersOf = counter('ja', { other: 'リスナー#人' });
const framesOf = counter('ja', { other: '送信フレーム数#' });
const othersOf = counter('ja', { other: 'ほか#人' });
const numbers = new Intl.NumberFormat('ja');

export const show: Catalogue['show'] = {
  deeds: {
    start: 'ポッドキャストを開始する',
    endAnothers: 'ほかの人が始めたポッドキャストを終了する',
    changeSettings: 'これらの設定を変更する',
  },
  joinFirst: '先にボイスチャンネルに参加してください。そこでの会話がポッドキャストになります。',
  noneOnAir: `このサーバーで配信中のポッドキャストはありません。${START} で始められます。`,
  alreadyOnAir: ({ channel }) => `${channel} ですでにポッドキャストを配信中です。${STOP} で終了できます。`,
  aboutToBegin: ({ channel }) => `${channel} でまもなくポッドキャストが始まります。少しお待ちください。`,
  notBegun: ({ why }) => `ポッドキャストを開始できませんでした。${why}${START} でもう一度試せます。`,
  unmarked:
    'チャンネルのステータスもニックネームも変更できませんでした。配信中のチャンネルには、そのことがわかる表示が必要です。',
  mayNotMark: ({ channel }) => {
    const status =
      channel === undefined
        ? ''
        : `${channel} での**ボイスチャンネルステータスを設定**（Set Voice Channel Status）または`;
    return `配信中であることが全員にわかるように、${status}**ニックネームの変更**（Change Nickname）の権限が必要です。`;
  },
  couldNotBegin: '開始できませんでした。',

  mayNotWrite: ({ channel }) =>
    `${channel} に書き込む権限がありません。配信中であることを参加者に伝えるか、**メッセージを送信**（Send Messages）の権限をください。`,
  mayNotSpeak: ({ channel }) =>
    `${channel} で発言できないため、音声のお知らせは誰にも聞こえません。配信中であることを参加者に伝えてください。`,
  onAir: ({ title, visibility, id }) =>
    `**${title}** を配信中です（${onAir.panel.visibility[visibility]}）。ポッドキャスト番号は ${id} です。`,
  howToListen: ({ link, line }) => `ブラウザで聴く： ${link}\nまたはターミナルで： ${line}`,
  askForKey: ({ host }) => `聴くには、キー付きのリンクを ${host} さんに尋ねてください。`,
  keepKey: 'このリンクを知っている人は誰でも聴けます。聴いてほしい人にだけ渡してください。',

  goes: ({ since, channel, listeners, frames }) =>
    `${channel} で${since}から配信中 · ${listenersOf(listeners)} · ${framesOf(frames)}`,
  onAirElsewhere: 'このサーバーでは、あなたには表示されないチャンネルでポッドキャストを配信中です。',
  nobodySpeaks: '今は誰も話していません。',
  speaking: ({ names, others }) => `発言中：${names.join('、')}${others > 0 ? `、${othersOf(others)}` : ''}`,
  notBroadcast: ({ drops }) =>
    `配信されなかったもの：${drops.map(({ count, reason }) => `${reason} ${numbers.format(count)}件`).join('、')}`,
  dropReasons: {
    malformed: 'OpusのRTPパケットではないもの',
    'unknown-ssrc': 'ボイスサーバーがまだ知らせていない話者のもの',
    'no-key': '通信用の鍵が決まる前のもの',
    transport: '認証できないもの',
    padding: 'パディングや拡張がパケットより長いもの',
    empty: 'パディングのみのもの',
    duplicate: '重複したもの',
    dave: 'エンドツーエンドの復号に失敗したもの',
    'dave-not-ready': 'グループに参加する前にエンドツーエンドで暗号化されたもの',
    'dave-message': 'エンドツーエンド暗号化の解釈できないメッセージ',
    'off-air': 'オフエアの人のもの',
    'not-connected': 'リレーに接続できない間のもの',
    'relay-slow': 'リレーの遅れによるもの',
    'not-opus': 'Opusではないもの',
    'still-encrypted': '暗号化されたままのもの',
  },

  stopped: 'ポッドキャストを終了しました。',
  over: ({ why }) => `ポッドキャストは終了しました。${why}`,
  endedBy: ({ name }) => `${name} さんが終了しました。`,
  endedByRelay: ({ why }) => `リレーがポッドキャストを終了しました：${why}`,

  comingBack: 'まもなく戻ります。その間、リスナーには無音が流れます。',
  back: '戻りました。ポッドキャストを続けます。',
  goesOn: ({ why }: { readonly why: string }) => `${why}戻りましたら、ポッドキャストを続けます。`,
  handRaised:
    '発言をリクエストしました。ステージモデレーターが私をスピーカーに招待できます。その間もポッドキャストは配信中です。',
  inAudience:
    'このステージでは発言も発言のリクエストもできません（**スピーカー参加をリクエスト** Request to Speak の権限）。ポッドキャストは配信中で、私はオーディエンスに残ります。',
};
