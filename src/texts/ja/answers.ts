/** What every command may answer, in Japanese. */
import type { Catalogue } from '../catalogue.ts';

export const answers: Catalogue['answers'] = {
  notInServer: ({ inviteUrl }) =>
    `このサーバーに私は参加していません。こちらから追加してください： ${inviteUrl}`,
  commandGone: 'このコマンドは廃止されました。Discordを再読み込みすると、使えるコマンドが表示されます。',
  buttonGone: 'このボタンは以前のバージョンのもので、現在は使えません。',
  mayNotDirect: ({ deed }) => `ここで${deed}には、**イベントの管理**（Manage Events）の権限が必要です。`,
  myFault: 'うまくいきませんでした。こちらの不具合です。ログに記録しました。',
  invite: ({ inviteUrl }) => `管理しているサーバーに私を追加してください： ${inviteUrl}`,
  unknownToMyself:
    'このサーバーでの自分の情報がまだDiscordから届いていません。少し待ってからもう一度お試しください。',
  tryAgainInAMinute: ({ why }) => `${why}1分ほど待ってから、もう一度お試しください。`,
};
