import { readConfig } from './config.ts';
import { failToStart, print, stopOnSignals } from './lifecycle.ts';
import { type Serving, serve } from './serve.ts';
import { readVersion } from './version.ts';

const version = readVersion();

const announce = ({ url, isSimulated, setUpUrl }: Serving): void => {
  print(`Remit ${version} is serving at ${url}`);
  if (isSimulated)
    print('Answers are SIMULATED: no provider is configured. Set ANTHROPIC_API_KEY (or upstream_url) and start again.');
  if (setUpUrl !== undefined) print(`Create the owner with this one-time link (valid for 72 hours):\n  ${setUpUrl}`);
};

try {
  const serving = await serve(readConfig(process.env), version);
  announce(serving);
  stopOnSignals(serving);
} catch (error) {
  failToStart(error);
}
