/** What listeners read in a browser, in Japanese. */
import type { Catalogue } from '../catalogue.ts';
import { counter, hoursAndMinutes } from '../numbers.ts';

export const page: Catalogue['page'] = {
  language: 'ja',
  tagline: 'Discordのボイスチャンネルを、だれでも生で聴けます。',
  untitled: (id) => `ポッドキャスト ${id}`,

  states: {
    created: 'まだ始まっていません。始まると自動で流れます。',
    live: '配信中',
    interrupted: '配信が一時中断しています。',
    ended: 'このポッドキャストは終わりました。',
    connecting: '接続しています…',
    reconnecting: '接続が切れました。再接続しています…',
    refused: 'このポッドキャストはもう聴けません。',
    unable: 'このブラウザーではここで再生できません。下のほかの方法をお試しください。',
  },
  listeners: counter('ja', { other: 'リスナー #人' }),
  howLong: hoursAndMinutes('ja'),
  onAirFor: (howLong) => `配信開始から${howLong}`,

  player: {
    heading: 'プレーヤー',
    play: '再生',
    pause: '一時停止',
    mute: 'ミュート',
    unmute: 'ミュート解除',
    volume: '音量',
    volumeAt: (percent) => `音量 ${percent} %`,
    delay: (seconds) => `遅れ ${seconds}秒`,
    quality: { good: '接続は良好', fair: '接続はやや不安定', poor: '接続が不安定' },
    needsScript: 'JavaScriptが使えない場合は、数秒遅れの配信をここで聴けます：',
  },

  speakers: {
    heading: '話している人',
    someone: (number) => `だれか ${number}`,
    nobody: '今はだれも話していません。',
    speaks: (name) => `${name} が話しています`,
  },

  ways: {
    heading: 'ほかの聴き方',
    mp3: 'MP3（あらゆるプレーヤーやラジオ向け）',
    opus: 'Ogg Opus（VLC、mpv、ブラウザー向け）',
    hls: 'HLS（スマートフォンやテレビ向け）',
    playlist: 'プレーヤー用のプレイリスト',
    copy: 'リンクをコピー',
    copied: 'リンクをコピーしました。',
    notCopied: 'ブラウザーがリンクのコピーを許可しませんでした。',
    secret: 'このリンクを知っている人はだれでも聴けます。聴いてほしい人にだけ渡してください。',
  },

  keyboard: {
    heading: 'キーボード',
    play: 'スペースまたはK：再生と一時停止',
    volume: '上下の矢印：音量',
    mute: 'M：ミュート',
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
