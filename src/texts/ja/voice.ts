/** What happens to the bot in a voice channel, in Japanese. */
import type { Catalogue } from '../catalogue.ts';
import { counter, durations } from '../numbers.ts';

/** As Discord's Japanese client has them, with the English name: it is what guides and other clients show. */
const PERMISSIONS = {
  ViewChannel: '**チャンネルを見る**（View Channel）',
  Connect: '**接続**（Connect）',
  Speak: '**発言**（Speak）',
};
const PURPOSES = { broadcast: '配信', play: '再生' };

const forSoLong = durations(counter('ja', { other: '#秒間' }), counter('ja', { other: '#分間' }));
const timesOf = counter('ja', { other: '#回' });

export const voice: Catalogue['voice'] = {
  permissionsMissing: ({ permissions, channel, purpose }) => {
    const names = permissions.map((permission) => PERMISSIONS[permission]);
    return `${channel} で${PURPOSES[purpose]}するには、そこでの${names.join('と')}の権限が必要です。`;
  },
  full: ({ channel, limit }) =>
    `${channel} は満員です（上限${limit}人）。上限を1人増やすか、誰かが退出するのを待ってください。`,
  notLetIn: 'Discordのボイスチャンネルに時間内に入れませんでした。',
  failed: ({ message }) => `ボイス接続に失敗しました：${message}`,
  gaveUp: ({ why, times }) => `${why}${timesOf(times)}、復帰を試みました。`,

  closed: ({ why }) => `Discordがボイス接続を切断しました：${why}`,
  closes: {
    4001: '私のメッセージが認識されませんでした。',
    4002: '私のメッセージを読み取れませんでした。',
    4003: '認証が済んでいませんでした。',
    4004: 'トークンが受け付けられませんでした。',
    4005: 'すでに認証済みでした。',
    4006: 'セッションが無効になりました。',
    4009: 'セッションがタイムアウトしました。',
    4011: 'ボイスサーバーが見つかりませんでした。',
    4012: '使用しているプロトコルに対応していません。',
    4014: '誰かが私を切断したか、チャンネルがなくなりました。',
    4015: 'ボイスサーバーがクラッシュしました。',
    4016: '要求した暗号化方式に対応していません。',
    4017: 'この通話はエンドツーエンドで暗号化されていますが、私の暗号化は受け付けられませんでした。',
    4020: '私のリクエストが正しくないと判断されました。',
    4021: 'リクエストの回数制限に達しました。',
    4022: '通話が全員に対して終了されました。',
  },
  closedOtherwise: ({ code }) => `接続が失われました（${code}）。`,

  cannotDecrypt: '発言を復号できません。',
  unheard: ({ names }) => `${names.join('、')} さんの発言を検知していますが、復号できません。`,
  rejoining: ({ why }) => `${why}チャンネルに入り直します。`,

  empty: ({ channel, ms }) => `${forSoLong(ms)}、${channel} に誰もいませんでした。`,
  takenOut: '誰かが私をチャンネルから退出させました。',
  moved: ({ who, channel }) =>
    `${who === undefined ? '誰か' : `${who} さん`}が私を ${channel} に移動させました。そこの人たちには配信の了承を得ていません。`,
  disconnected: ({ who }) =>
    `${who === undefined ? '誰か' : `${who} さん`}が私をチャンネルから切断しました。`,
  channelDeleted: 'チャンネルが削除されました。',
  removed: 'サーバーから外されました。',
  shuttingDown: 'ただいま終了処理中です。',
  restarting: 'ただいま再起動中です。',
  restarted: '再起動しました。',
  gatewayLost: 'Discord との接続が失われました。',
  gatewayStayedAway: 'Discord との接続が失われ、時間内に再接続できませんでした。',
};
