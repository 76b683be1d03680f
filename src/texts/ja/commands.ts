/** Slash commands in Japanese. */
import type { Catalogue } from '../catalogue.ts';

export const commands: Catalogue['commands'] = {
  podcast: { name: 'podcast', description: 'このボイスチャンネルを生配信します' },
  start: { name: '開始', description: '参加中のボイスチャンネルの配信を始めます' },
  'start.title': { name: 'タイトル', description: '番組の名前' },
  'start.visibility': {
    name: '公開範囲',
    description: '聴ける人の範囲（指定しなければ公開）',
    choices: {
      public: '公開：一覧に載り、誰でも聴けます',
      unlisted: '限定公開：リンクを知っている人だけが聴けます',
      private: '非公開：キーを持っている人だけが聴けます',
    },
  },
  stop: { name: '終了', description: 'このサーバーのポッドキャストを終了します' },
  status: { name: '状況', description: 'このサーバーのポッドキャストの状況を表示します' },
  invite: { name: '招待', description: 'このボットを別のサーバーに追加するリンクを表示します' },
  listen: { name: '聴く', description: '参加中のボイスチャンネルでポッドキャストを再生します' },
  'listen.podcast': { name: 'ポッドキャスト', description: 'リンクまたは番号' },
  leave: { name: '退出', description: '再生を止めて、ボイスチャンネルから退出します' },
  list: { name: '一覧', description: '現在配信中のポッドキャストを表示します' },
  volume: { name: '音量', description: 'ここで再生するポッドキャストの音量を変えます' },
  'volume.percent': { name: 'パーセント', description: '100で元の音量のままです' },
  offair: { name: 'オフエア', description: 'このサーバーの配信に自分の声が入らないようにします' },
  onair: { name: 'オンエア', description: 'このサーバーの配信に自分の声が入るようにします' },
  settings: { name: '設定', description: 'このサーバーのすべてのポッドキャストに共通の設定' },
  'settings.consent': {
    name: '同意',
    description: '誰の声を配信するか',
    choices: {
      'opt-out': 'オプトアウト：断った人を除く全員',
      'opt-in': 'オプトイン：同意した人だけ',
    },
  },
  'settings.names': {
    name: '名前',
    description: '話している人の名前を聴いている人に表示するか（指定しなければ隠します）',
    choices: {
      hide: '隠す：全員が匿名です',
      show: '表示：このサーバーでの名前で表示します',
    },
  },
};
