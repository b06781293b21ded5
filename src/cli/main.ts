import { readFileSync } from 'node:fs';
import { runCommand } from './program.ts';
import { processTerminal } from './terminal.ts';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

// Set rather than exited with: `serve` goes on after its command has returned.
process.exitCode = await runCommand({ args: process.argv.slice(2), version, terminal: processTerminal() });
