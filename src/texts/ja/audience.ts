/** What is said where the bot plays a podcast, in Japanese. */
import type { Catalogue } from '../catalogue.ts';
import { counter } from '../numbers.ts';
import { commands } from './commands.ts';

const LISTEN = `\`/${commands.podcast.name} ${commands.listen.name}\``;
const LEAVE = `\`/${commands.podcast.name} ${commands.leave.name}\``;
const VOLUME = `\`/${commands.podcast.name} ${commands.volume.name}\``;

const listenersOf = counter('ja', { other: 'リスナー#人' });

export const audience: Catalogue['audience'] = {
  joinFirst: '先にボイスチャンネルに参加してください。ポッドキャストはそこで再生されます。',
  plays: ({ title, channel }) => `${channel} で **${title}** を再生しています。${LEAVE} で停止できます。`,
  announced: ({ title, origin }) =>
    `▶️ ここで **${title}** を ${origin} から生で再生しています。${VOLUME} で音量を変え、${LEAVE} で停止できます。`,
  host: ({ account }) => `ホスト ${account}`,
  untitled: ({ id }) => `ポッドキャスト ${id}`,
  alreadyPlaying: ({ title, channel }) =>
    `このサーバーの ${channel} ですでに **${title}** を再生中です。先に ${LEAVE} を使ってください。`,
  aboutToPlay: ({ channel }) => `${channel} でまもなくポッドキャストを再生します。少しお待ちください。`,
  notBegun: ({ why }) => `再生できませんでした。${why}`,
  couldNotBegin: '開始できませんでした。',
  over: ({ title, why }) => `**${title}** の再生を終了しました。${why}`,
  stopped: '再生を終了しました。',
  stoppedBy: ({ name }) => `${name} さんが停止しました。`,
  nothingPlays: `このサーバーでは何も再生していません。${LISTEN} でポッドキャストを再生できます。`,
  notYours: ({ channel }) =>
    `${channel} で再生中です。そこにいる人か、**イベントの管理**（Manage Events）の権限を持つ人だけが操作できます。`,
  mayNotSpeak: ({ channel }) =>
    `${channel} で流す音を決められるのは、そこで発言できる人だけです。**発言**（Speak）の権限を持つこと、ステージではスピーカーであること、または**イベントの管理**（Manage Events）の権限を持つことが必要です。`,
  volumeIs: ({ percent }) => `ここでの音量は${percent}%です。`,
  tooManyVolumes: '現在、使用中の音量の種類が多すぎます。私を右クリックすれば、各自で音量を調整できます。',

  unknownPodcast: 'そのポッドキャストは見つかりません。非公開のものはキー付きのリンクで開けます。',
  notAPodcast: '一覧からポッドキャストを選ぶか、番号またはリンクを入力してください。',
  otherRelay: 'そのリンクは別のリレーのものです。私は自分のリレーのものだけを再生します。',

  listed: ({ title, origin, since, listeners, id, page }) =>
    `**${title}** · ${origin} · ${since}から · ${listenersOf(listeners)} · ${id} · ${page}`,
  andOthers: ({ others }) => `… ほか${others}件。${LISTEN} でタイトルから探せます。`,
  nothingListed: '現在、配信中の公開ポッドキャストはありません。',

  comingBack: 'まもなく戻ります。その間、ここは無音です。',
  back: '戻りました。ポッドキャストの再生を続けます。',
  goesOn: ({ why }: { readonly why: string }) => `${why}戻りましたら、ポッドキャストの再生を続けます。`,
  handRaised:
    '発言をリクエストしました。ステージモデレーターが私を招待するまで、ポッドキャストは誰にも聞こえません。',
  inAudience:
    'このステージでは発言も発言のリクエストもできません（**スピーカー参加をリクエスト** Request to Speak の権限）。ここではポッドキャストは誰にも聞こえません。',
};
