/** The settings: the only reader of the environment. All problems are reported at once, in words. */
import { existsSync, readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { type Static, Type } from 'typebox';
import { envSchema } from 'env-schema';
import { LIMITS, type Limit, type Limits } from './protocol/limits.ts';

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
const LOG_FORMATS = ['pretty', 'json'] as const;

const port = (description: string, defaultValue?: number) =>
  Type.Integer({
    minimum: 0,
    maximum: 65_535,
    description,
    ...(defaultValue === undefined ? {} : { default: defaultValue }),
  });

const address = (description: string) =>
  Type.String({ description, default: '', pattern: '^(https?://\\S+)?$' });

const text = (description: string, defaultValue = '') => Type.String({ description, default: defaultValue });

const SETTINGS = Type.Object({
  DISCORD_TOKEN: text("The bot's token. Without one, a demonstration runs on a simulated Discord."),
  DISCORD_TOKEN_FILE: text('A file that holds the token, instead of DISCORD_TOKEN.'),
  DISCORD_API: address("The address of Discord's REST API; the real one when empty."),
  HOST: text('The address to listen on.', '0.0.0.0'),
  PORT: port('TCP port of HTTP and WebSocket; 0 takes any free one.', 8080),
  UDP_PORT: Type.Optional(port('UDP port of the audio lane; the number of PORT when empty.')),
  PUBLIC_URL: address(
    'How listeners reach this relay, such as https://radio.example.org; made from the request when empty.',
  ),
  PUBLIC_IP: text('The address in podcast objects and for UDP; the one the request came in at when empty.'),
  DATA_DIR: text('The folder of the accounts.', './data'),
  LOG_LEVEL: Type.Union(
    LOG_LEVELS.map((level) => Type.Literal(level)),
    {
      description: `How much is logged: ${LOG_LEVELS.join(', ')}.`,
      default: 'info',
    },
  ),
  LOG_FORMAT: Type.Union(
    LOG_FORMATS.map((format) => Type.Literal(format)),
    {
      description: 'pretty for people, json for machines.',
      default: 'pretty',
    },
  ),
  SENDER_TIMEOUT_SECONDS: Type.Number({
    minimum: 1,
    description: 'Seconds a podcast may wait for its sender before it is closed (4005).',
    default: 60,
  }),
  RESUME_SECONDS: Type.Number({
    minimum: 0,
    description: 'Seconds a host whose connection dropped has to come back.',
    default: 30,
  }),
  EMPTY_CHANNEL_MINUTES: Type.Number({
    exclusiveMinimum: 0,
    // A week; a timer holds no more than 24 days.
    maximum: 10_080,
    description: 'Minutes without people in the voice channel after which the show ends.',
    default: 5,
  }),
  TRUST_PROXY: text(
    'Whose X-Forwarded-For is believed: false, true, or addresses of proxies, with commas.',
    'false',
  ),
  ...limitSettings(),
});

type Settings = Static<typeof SETTINGS>;

export interface Config {
  /** Undefined: the demonstration. */
  readonly discordToken: string | undefined;
  readonly discordApi: string | undefined;
  readonly host: string;
  readonly port: number;
  readonly udpPort: number;
  readonly publicUrl: string | undefined;
  readonly publicIp: string | undefined;
  readonly dataDir: string;
  readonly logLevel: (typeof LOG_LEVELS)[number];
  readonly logFormat: (typeof LOG_FORMATS)[number];
  readonly senderTimeoutSeconds: number;
  readonly resumeSeconds: number;
  readonly emptyChannelMs: number;
  /** false, true, or the addresses of the proxies. */
  readonly trustProxy: boolean | string;
  readonly limits: Limits;
}

/** The settings are wrong; one sentence for each problem. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`These settings are wrong:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.problems = problems;
  }
}

/** The part of a JSON schema that documents need. */
interface Described {
  readonly description?: string;
  readonly default?: string | number;
}

/** One setting as documents show it. */
export interface SettingDescription {
  readonly name: string;
  readonly description: string;
  /** As it would stand in the environment; empty for none. */
  readonly defaultText: string;
}

export function describeSettings(): SettingDescription[] {
  const settings = Object.entries(SETTINGS.properties) as unknown as [string, Described][];
  return settings.map(([name, { description = '', default: defaultValue = '' }]) => ({
    name,
    description,
    defaultText: String(defaultValue),
  }));
}

/**
 * @param env the process' environment
 * @param file an `.env` file's text; it fills what the environment leaves out
 * @throws ConfigError
 */
export function readConfig(env: NodeJS.ProcessEnv, file = ''): Config {
  const given = { ...parseEnv(file), ...withoutEmpty(env) };
  const problems: string[] = [];
  const settings = validated(given, problems);
  const discordToken = given['DISCORD_TOKEN'] || tokenIn(given['DISCORD_TOKEN_FILE'], problems);
  if (!settings || problems.length > 0) throw new ConfigError(problems);
  return {
    discordToken: discordToken || undefined,
    discordApi: settings.DISCORD_API || undefined,
    host: settings.HOST,
    port: settings.PORT,
    udpPort: settings.UDP_PORT ?? settings.PORT,
    publicUrl: settings.PUBLIC_URL.replace(/\/$/, '') || undefined,
    publicIp: settings.PUBLIC_IP || undefined,
    dataDir: settings.DATA_DIR,
    logLevel: settings.LOG_LEVEL,
    logFormat: settings.LOG_FORMAT,
    senderTimeoutSeconds: settings.SENDER_TIMEOUT_SECONDS,
    resumeSeconds: settings.RESUME_SECONDS,
    emptyChannelMs: settings.EMPTY_CHANNEL_MINUTES * 60_000,
    trustProxy: proxies(settings.TRUST_PROXY),
    limits: limitsIn(settings),
  };
}

/** The environment of this process and the `.env` file in its working folder. @throws ConfigError */
export function readProcessConfig(): Config {
  return readConfig(process.env, existsSync('.env') ? readFileSync('.env', 'utf8') : '');
}

function limitSettings(): { [name in keyof typeof LIMITS]: ReturnType<typeof limitSetting> } {
  const entries = Object.entries(LIMITS).map(([name, limit]) => [name, limitSetting(limit)]);
  return Object.fromEntries(entries);
}

function limitSetting({ minimum, unit, reason, defaultValue }: Limit) {
  return Type.Integer({ minimum, default: defaultValue, description: `Limit, in ${unit}: ${reason}.` });
}

function limitsIn(settings: Settings): Limits {
  const names = Object.keys(LIMITS) as (keyof Limits)[];
  return Object.fromEntries(names.map((name) => [name, settings[name]])) as Limits;
}

interface AjvProblem {
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: { readonly type?: string; readonly limit?: number };
}

function validated(given: NodeJS.ProcessEnv, problems: string[]): Settings | undefined {
  try {
    return envSchema<Settings>({ schema: SETTINGS, data: withoutEmpty(given), env: false });
  } catch (error) {
    const { errors } = error as { errors?: readonly AjvProblem[] };
    if (!errors) throw error;
    problems.push(...new Set(errors.map((problem) => inWords(problem, given))));
    return undefined;
  }
}

function inWords({ instancePath, keyword, params }: AjvProblem, given: NodeJS.ProcessEnv): string {
  const name = instancePath.slice(1);
  const is = `${name} is "${given[name]}"`;
  if (keyword === 'type')
    return `${is}: it takes a ${params.type === 'integer' ? 'whole number' : 'number'}.`;
  if (keyword === 'minimum') return `${is}: ${params.limit} is the least.`;
  if (keyword === 'maximum') return `${is}: ${params.limit} is the most.`;
  if (keyword === 'exclusiveMinimum') return `${is}: it takes more than ${params.limit}.`;
  if (keyword === 'pattern') return `${is}: it takes an address that starts with https:// or http://.`;
  return `${is}: it takes ${(name === 'LOG_FORMAT' ? LOG_FORMATS : LOG_LEVELS).join(', ')}.`;
}

/** An empty value means "not set": that is how a copied .env.example and a compose file leave them. */
function withoutEmpty(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
}

function tokenIn(file: string | undefined, problems: string[]): string {
  if (!file) return '';
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    problems.push(`DISCORD_TOKEN_FILE cannot be read: ${(error as Error).message}`);
    return '';
  }
}

function proxies(setting: string): boolean | string {
  if (setting === 'true') return true;
  return setting === 'false' ? false : setting;
}
