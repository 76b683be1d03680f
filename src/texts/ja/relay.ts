/** What the relay says to people, in Japanese. */
import type { Catalogue } from '../catalogue.ts';

const ERRORS: Readonly<Record<string, string>> = {
  unreachable: 'リレーが応答しません。',
  invalid_auth: 'リレーに私のアカウントが登録されていないか、シークレットが間違っています。',
  not_host: 'これができるのは、このポッドキャストの配信者だけです。',
  unknown_podcast: 'その番号のポッドキャストはありません。',
  rate_limited: 'リレーへのリクエストが多すぎます。少し待ってください。',
  capacity: 'リレーの上限に達しました。ほかのポッドキャストが終了してから、もう一度お試しください。',
  not_ready: 'リレーの準備がまだできていません。少し待ってからもう一度お試しください。',
  going_away: 'リレーは終了処理中です。少し待ってからもう一度お試しください。',
  internal: 'リレーがこのリクエストの処理に失敗しました。リレー側の不具合です。',
};

const ENDINGS: Readonly<Record<number, string>> = {
  1006: 'リレーとの接続が失われました。',
  1011: 'エラーのため中断しました。',
  4001: 'リレーに私のアカウントが登録されていないか、シークレットが間違っています。',
  4003: '配信者が退出し、ポッドキャストは終了しました。',
  4004: 'このポッドキャストはすでに別の場所から配信されています。',
  4005: '配信が時間内に始まりませんでした。',
  4006: 'その番号のポッドキャストはありません。',
  4008: '接続が遅く、生配信に追いつけません。',
  4009: 'リレーの上限に達しました。',
  4010: 'リレーは終了処理中です。',
};

export const relay: Catalogue['relay'] = {
  refused: ({ code, message }) => ERRORS[code] ?? `リレーに拒否されました：${message}`,
  ended: ({ code, reason }) => ENDINGS[code] ?? reason,
};
