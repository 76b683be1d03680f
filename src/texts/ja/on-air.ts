/** What people in a channel that is on air read, in Japanese. */
import type { Catalogue } from '../catalogue.ts';
import { counter } from '../numbers.ts';

const listenersOf = counter('ja', { other: '最大リスナー数：#' });

export const onAir: Catalogue['onAir'] = {
  language: 'ja',

  panel: {
    heading: '🔴 配信中',
    notice: (title, where) =>
      `**${title}** を生配信しています。${where} での会話は、このサーバーの外でも聞こえます。`,
    optOut:
      '外で聞かれたくないときは **自分を配信しない** を押してください。あなたの声は、今もこれからの番組でも、このチャンネルの外には出ません。',
    optIn:
      'このサーバーでは、希望した人の声だけが配信されます。希望する人は **自分を配信する** を押してください。ほかの人の声はチャンネルの外には出ません。',
    names: '話している人の名前は、聴いている人にも表示されます。',
    since: (when) => `開始：${when}`,
    visibility: { public: '公開', unlisted: '限定公開', private: '非公開' },
    speaking: (names) => `発言中：${names}`,
    others: counter('ja', { other: 'ほか#人' }),
    nobody: '今はいません',
    listening: (listeners) => `リスナー：${listeners}`,
    servers: counter('ja', { other: 'サーバー #' }),
    page: counter('ja', { other: 'ページ #' }),
    apps: counter('ja', { other: 'アプリ #' }),
    radio: counter('ja', { other: 'ラジオ #' }),
    hls: counter('ja', { other: 'HLS #' }),
    offAir: counter('ja', { other: 'ここにいる#人は配信されていません' }),
    sound: (how) => `音声：${how}`,
    clear: '良好',
    lost: (percent) => `届くまでにパケットの ${percent} % が失われています`,
    undecryptable: counter('ja', { other: '#人の音声を復号できません' }),
    away: '中断しています。まもなく戻ります',
    ended: (title, howLong, listeners) =>
      `⚫ **${title}** の配信は終わりました。時間：${howLong}${listeners > 0 ? `、${listenersOf(listeners)}` : ''}`,
  },

  buttons: {
    stop: '終了',
    link: '聴くためのリンク',
    offAir: '自分を配信しない',
    onAir: '自分を配信する',
  },

  status: (title) => `🔴 配信中：${title}`,

  answers: {
    tookOffAir:
      'このサーバーでは、あなたの声は**配信されません**。どの番組でも同じです。`/podcast オンエア` か **自分を配信する** のボタンで変えられます。',
    putOnAir:
      'このサーバーでは、あなたの声が**配信されます**。配信中のチャンネルで話したことは生で流れます。`/podcast オフエア` か **自分を配信しない** のボタンで変えられます。',
    showIsGone: 'このメッセージの番組は終わりました。',
    consent: {
      'opt-out': '配信中のチャンネルでは、断らないかぎり全員の声が配信されます（同意：**オプトアウト**）。',
      'opt-in':
        '**自分を配信する** か `/podcast オンエア` で同意した人の声だけが配信されます（同意：**オプトイン**）。',
    },
    names: {
      hide: '誰が話しているかは、聴いている人には表示されません。ポッドキャストのページでは全員が匿名です（名前：**隠す**）。',
      show: '話している人のこのサーバーでの名前が、聴いている人に表示されます。配信されていない人の名前は表示されません（名前：**表示**）。',
    },
  },
};
