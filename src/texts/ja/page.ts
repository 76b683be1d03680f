/** What listeners read in a browser, in Japanese. */
import type { Catalogue } from '../catalogue.ts';
import { counter, hoursAndMinutes } from '../numbers.ts';

export const page: Catalogue['page'] = {
  language: 'ja',
  tagline: 'Discordのボイスチャンネルを、だれでも生で聴けます。',
  untitled: (id) => `ポッドキャスト ${id}`,

  standings: {
    created: 'まだ始まっていません',
    live: '配信中',
    interrupted: '一時中断中',
    over: '終了',
    unknown: '見つかりません',
  },
  messages: {
    'before-created': 'まだ始まっていません。「聴く」を押しておけば、最初から聴けます。',
    'before-live': '「聴く」を押すと流れます。',
    'before-interrupted': '配信が一時中断しています。「聴く」を押しておけば、再開したときに流れます。',
    unreachable: 'サーバーが応答しません。もう一度試しています…',
    connecting: '接続しています…',
    waiting: 'まだ始まっていません。このままお待ちいただければ、最初から聴けます。',
    playing: '再生しています。',
    interrupted: '配信が一時中断しています。このままお待ちください。',
    reconnecting: '接続が切れました。再接続しています…',
    over: 'このポッドキャストは終わりました。お聴きいただきありがとうございました。',
    unknown: 'このポッドキャストは見つからなくなりました。',
    refused: 'このリンクではもう聴けません。',
    unable: 'このブラウザーでは再生できません。下のほかの方法をお試しください。',
  },
  listeners: counter('ja', { other: 'リスナー #人' }),
  howLong: hoursAndMinutes('ja'),
  onAirFor: (howLong) => `配信開始から${howLong}`,

  player: {
    heading: 'プレーヤー',
    listen: '聴く',
    stop: '止める',
    mute: 'ミュート',
    unmute: 'ミュート解除',
    muted: 'ミュート中',
    volume: '音量',
    volumeAt: (percent) => `音量 ${percent} %`,
    delay: (howLong) => `遅れ ${howLong}`,
    way: { packets: '声ごとに受信', stream: '一本のストリーム' },
    quality: { good: '接続は良好', fair: '接続はやや不安定', poor: '接続が不安定' },
    needsScript: 'JavaScriptが使えない場合は、数秒遅れの配信をここで聴けます：',
  },

  speakers: {
    heading: '話している人',
    someone: (number) => `だれか ${number}`,
    nobody: '今はだれも話していません。',
    speaking: '発言中',
    notYet: '聴いている間、話している人が表示されます。',
    notInStream: 'この方法では、話している人は表示されません。',
  },

  ways: {
    heading: 'ほかの聴き方',
    mp3: 'MP3（あらゆるプレーヤーやラジオ向け）',
    opus: 'Ogg Opus（VLC、mpv、ブラウザー向け）',
    hls: 'HLS（スマートフォンやテレビ向け）',
    playlist: 'プレーヤー用のプレイリスト',
    link: 'リンク',
    copy: 'リンクをコピー',
    copied: 'リンクをコピーしました。',
    notCopied: 'ブラウザーがリンクのコピーを許可しませんでした。',
    secret: 'このリンクを知っている人はだれでも聴けます。聴いてほしい人にだけ渡してください。',
  },

  keyboard: {
    heading: 'キーボード',
    help: 'キーボードの使い方',
    play: 'スペースまたはK：聴く、止める',
    volume: '上下の矢印：音量',
    mute: 'M：ミュート',
    question: '?：この説明',
    keysOn: '単独のキーを使う',
    close: '閉じる',
  },

  live: {
    heading: '配信中の番組',
    nothing: '今は何も配信されていません。',
    back: '配信中の番組を見る',
  },

  faults: {
    unknown: {
      heading: '見つかりません',
      sentence: 'このアドレスで聴けるものはありません。リンクが途中で切れていませんか。',
    },
    ended: {
      heading: '終了',
      sentence: 'このポッドキャストは終わりました。お聴きいただきありがとうございました。',
    },
    busy: {
      heading: 'リクエストが多すぎます',
      sentence: 'お使いのアドレスからのリクエストが多すぎます。1分ほど待ってからもう一度お試しください。',
    },
    away: {
      heading: 'まもなく戻ります',
      sentence: '今はこのサーバーが応答できません。少し待ってからもう一度お試しください。',
    },
    unbuilt: {
      heading: '準備中',
      sentence: 'ページがまだ作られていません。サーバーの管理者は npm run prepare を実行してください。',
    },
    broken: {
      heading: 'エラー',
      sentence: 'サーバーがリクエストを処理できませんでした。原因はこちらにあります。',
    },
    again: 'もう一度試す',
  },
};
