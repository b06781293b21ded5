import { existsSync, readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { accessConfig } from '../access/index.ts';
import { claudeCodeConfig } from '../claude-code/index.ts';
import { directoryConfig } from '../directory/index.ts';
import { gatewayConfig } from '../gateway/index.ts';
import {
  ConfigError,
  LOG_LEVELS,
  type LoadedConfig,
  loadConfig,
  outboundConfig,
  outboundProblems,
  parseRange,
  SECRET_KEY_CHARS_MIN,
  section,
} from '../platform/index.ts';

const port = z.coerce.number().int().min(0).max(65_535);

const listed = (value: unknown): unknown =>
  typeof value === 'string' ? value.split(',').map((one) => one.trim()) : (value ?? []);

const ranges = z.preprocess(
  listed,
  z.array(z.string().refine((text) => parseRange(text) !== undefined, 'is no address and no range such as 10.0.0.0/8')),
);

const serverConfig = section('Server', {
  host: {
    schema: z.string().min(1).default('127.0.0.1'),
    env: 'REMIT_HOST',
    help: 'The address to listen on; `0.0.0.0` inside a container.',
  },
  port: { schema: port.default(8484), env: 'REMIT_PORT', help: 'The port to listen on; 0 takes a free one.' },
  public_url: {
    schema: z.url().optional(),
    env: 'REMIT_PUBLIC_URL',
    help: 'Where people reach this installation, for links. Default: `http://` with host and port.',
  },
  data_dir: {
    schema: z.string().min(1).default('data'),
    env: 'REMIT_DATA_DIR',
    help: 'The folder of the embedded database. It is made when it does not exist.',
  },
  database_url: {
    schema: z
      .string()
      .regex(/^postgres(ql)?:\/\//, 'must start with postgres://')
      .optional(),
    env: 'REMIT_DATABASE_URL',
    secret: true,
    help: 'A PostgreSQL database to use instead of the embedded one: `postgres://user:password@host/database`.',
  },
  secret_key: {
    schema: z.string().min(SECRET_KEY_CHARS_MIN).optional(),
    env: 'REMIT_SECRET_KEY',
    secret: true,
    help: 'Seals what Remit stores and must read again: credentials of other systems, seeds of one-time passwords; at least 32 characters, the same on every node. Default: made at the first start, in `secret.key` in the data folder, or in the PostgreSQL database itself.',
  },
  trusted_proxies: {
    schema: ranges,
    env: 'REMIT_TRUSTED_PROXIES',
    help: 'Addresses and ranges of the proxies in front, such as `10.0.0.0/8`; in the variable with commas between them. Only what they say of clients in `X-Forwarded-For` and `X-Forwarded-Proto` is believed.',
  },
  node_name: {
    schema: z.string().min(1).max(100).default('remit'),
    env: 'REMIT_NODE_NAME',
    help: 'The name of this node among those on one database; each needs its own.',
  },
  log_level: {
    schema: z.enum(LOG_LEVELS).default('warn'),
    env: 'REMIT_LOG_LEVEL',
    help: 'Least level of what is logged to standard output, as one JSON object a line.',
  },
  shutdown_grace_seconds: {
    schema: z.coerce.number().int().min(0).max(3600).default(30),
    env: 'REMIT_SHUTDOWN_GRACE_SECONDS',
    help: 'How long running answers may go on after the signal to stop.',
  },
});

/** All sections, in the order of the reference page. */
export const CONFIG_SECTIONS = {
  server: serverConfig,
  directory: directoryConfig,
  access: accessConfig,
  gateway: gatewayConfig,
  claude_code: claudeCodeConfig,
  outbound: outboundConfig,
} as const;

export type Config = LoadedConfig<typeof CONFIG_SECTIONS> & {
  /** The provider's own variable, honoured so that a first start needs nothing else. */
  readonly anthropicKey: string | undefined;
};

type Env = Readonly<Record<string, string | undefined>>;

/** The command line's own variable: it may be set beside the server's without being a setting of it. */
const withoutCommandLine = ({ REMIT_URL: _ofCommandLine, ...env }: Env): Env => env;

/** A policy file is called `remit.yaml` by many, too: whoever starts the server on one is told so, not of unknown keys. */
const refusePolicyFile = (file: string): void => {
  if (statSync(file, { throwIfNoEntry: false })?.isFile() === true && /^remit:/m.test(readFileSync(file, 'utf8')))
    throw new ConfigError([
      {
        where: file,
        problem:
          'this is a policy file, for “remit apply -f”, not the configuration of the server. Give it another name, or name the configuration in REMIT_CONFIG',
      },
    ]);
};

/** The configuration from `remit.yaml` (or the file `REMIT_CONFIG` names) and the environment. */
export const readConfig = (env: Env): Config => {
  const named = env.REMIT_CONFIG === '' ? undefined : env.REMIT_CONFIG?.replace(/^~(?=\/)/, homedir());
  if (named !== undefined && !existsSync(named))
    throw new ConfigError([{ where: 'REMIT_CONFIG', problem: `there is no file ${named}` }]);
  const file = named ?? 'remit.yaml';
  refusePolicyFile(file);
  const config = loadConfig(CONFIG_SECTIONS, { env: withoutCommandLine(env), file });
  const problems = outboundProblems(config.outbound);
  if (problems.length > 0) throw new ConfigError(problems);
  const anthropicKey = env.ANTHROPIC_API_KEY;
  return { ...config, anthropicKey: anthropicKey === '' ? undefined : anthropicKey };
};

/** The embedded database's file. */
export const databaseFile = (config: Config): string => join(config.server.data_dir, 'remit.sqlite');
