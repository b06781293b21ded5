import { readFileSync } from 'node:fs';
import { ConfigError } from '../platform/index.ts';
import { readConfig } from './config.ts';
import { type Serving, serve } from './serve.ts';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

const print = (text: string) => process.stdout.write(`${text}\n`);

const announce = ({ url, isSimulated, setUpUrl }: Serving): void => {
  print(`Remit ${version} is serving at ${url}`);
  if (isSimulated)
    print('Answers are SIMULATED: no provider is configured. Set ANTHROPIC_API_KEY (or upstream_url) and start again.');
  if (setUpUrl !== undefined) print(`Create the owner with this one-time link (valid for 72 hours):\n  ${setUpUrl}`);
};

const stopOnSignals = (serving: Serving): void => {
  const stop = (signal: string) => {
    print(`${signal}: finishing what is running, then stopping. Send it again to stop at once.`);
    process.once(signal, () => process.exit(1));
    serving.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        serving.log.fatal({ err: error }, 'stopping failed');
        process.exit(1);
      },
    );
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop(signal));
};

const explainFailure = (error: unknown): string => {
  if (error instanceof ConfigError)
    return `The configuration has ${error.problems.length === 1 ? 'a mistake' : 'mistakes'}:\n${error.problems.map(({ where, problem }) => `  ${where}: ${problem}`).join('\n')}`;
  const { code, message } = error as { code?: string; message?: string };
  if (code === 'EADDRINUSE') return 'The port is in use already. Set REMIT_PORT to another one.';
  return `Remit could not start: ${message ?? String(error)}`;
};

try {
  const serving = await serve(readConfig(process.env), version);
  announce(serving);
  stopOnSignals(serving);
} catch (error) {
  process.stderr.write(`${explainFailure(error)}\n`);
  process.exit(1);
}
