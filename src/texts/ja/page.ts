/** What listeners read in a browser, in Japanese. */
import type { Catalogue } from '../catalogue.ts';
import { counter, hoursAndMinutes } from '../numbers.ts';

export const page: Catalogue['page'] = {
  language: 'ja',
  tagline: 'Discordのボイスチャンネルを、だれでも生で聴けます。',
  untitled: (id) => `ポッドキャスト ${id}`,

  states: {
    created: '開始前',
    live: '配信中',
    interrupted: '中断中',
    ended: '終了',
    unknown: '見つかりません',
  },

  messages: {
    before: {
      created: 'まだ始まっていません。今押しておけば、始まると自動で流れます。',
      live: 'ボタンを押すと聴けます。',
      interrupted: '配信が一時中断しています。押しておけば、自動で再開します。',
    },
    during: {
      connecting: '接続しています…',
      waiting: '準備ができました。始まると自動で流れます。',
      playing: '生で聴いています。',
      interrupted: '配信が一時中断しています。自動で再開します。',
      reconnecting: '接続が切れました。再接続しています…',
    },
    ended: 'このポッドキャストは終わりました。お聴きいただきありがとうございました。',
    unknown: 'このアドレスで聴けるものはもうありません。',
    refused: 'このポッドキャストは今は聴けません。',
    unable: 'このブラウザーではここで再生できません。ほかの聴き方をお試しください。',
    paused: '音が一時停止されました。ボタンを押すと続きます。',
    unreachable: 'サーバーが応答しません。再試行しています…',
  },
  listeners: counter('ja', { other: 'リスナー #人' }),
  howLong: hoursAndMinutes('ja'),
  onAirFor: (howLong) => `配信開始から${howLong}`,

  player: {
    heading: 'プレーヤー',
    play: '聴く',
    stop: '止める',
    mute: 'ミュート',
    unmute: 'ミュート解除',
    muted: 'ミュート中',
    volume: '音量',
    volumeAt: (percent) => `音量 ${percent} %`,
    delay: (howLong) => `遅れ ${howLong}`,
    way: { packets: '直接接続', stream: 'ストリーム（数秒遅れ）' },
    quality: { good: '接続は良好', fair: '接続はやや不安定', poor: '接続が不安定' },
    plain: 'プレーヤーが表示されない場合は、数秒遅れの配信をここで聴けます：',
  },

  speakers: {
    heading: '話している人',
    someone: (number) => `だれか ${number}`,
    nobody: '今はだれも話していません。',
    speaking: '話しています',
    notYet: '聴いている間、話している人がここに表示されます。',
    notInStream: 'ストリームでは話している人がわかりません。',
  },

  ways: {
    heading: 'ほかの聴き方',
    mp3: 'MP3（あらゆるプレーヤーやラジオ向け）',
    opus: 'Ogg Opus（VLC、mpv、ブラウザー向け）',
    hls: 'HLS（スマートフォンやテレビ向け）',
    playlist: 'プレーヤー用のプレイリスト',
    link: 'このページへのリンク',
    copy: 'リンクをコピー',
    copied: 'リンクをコピーしました。',
    notCopied: 'ブラウザーがリンクのコピーを許可しませんでした。',
    secret: 'このリンクを知っている人はだれでも聴けます。聴いてほしい人にだけ渡してください。',
  },

  keyboard: {
    heading: 'キーボード',
    space: 'スペース',
    play: '聴く・止める',
    mute: 'ミュートの切り替え',
    volume: '音量を上げる・下げる',
    help: 'この一覧',
    active: 'これらのキーを使う',
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
