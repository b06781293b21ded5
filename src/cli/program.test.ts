import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { runCommand } from './program.ts';

const run = async (...args: string[]) => {
  const printed: string[] = [];
  const complained: string[] = [];
  const terminal = {
    print: (text: string) => printed.push(text),
    complain: (text: string) => complained.push(text),
    ask: null,
  };
  const exitCode = await runCommand({ args, version: '1.2.3', terminal });
  return { exitCode, printed: printed.join('\n'), complained: complained.join('\n') };
};

const KEY = ['--key', 'sk-remit-admin-of-a-test'];

test.each([
  { name: 'an unknown command', args: ['conquer'], says: 'unknown command' },
  { name: 'an unknown option', args: ['status', '--loud'], says: 'unknown option' },
  { name: 'a key that is missing', args: ['status', '--key', ''], says: 'REMIT_ADMIN_KEY' },
  { name: 'a key for nobody', args: [...KEY, 'keys', 'create', 'ci'], says: '--user' },
  { name: 'two opposites', args: [...KEY, 'models', 'set', 'm', '--enable', '--disable'], says: 'cannot be used with' },
  { name: 'no change at all', args: [...KEY, 'models', 'set', 'm'], says: '--max-effort' },
  {
    name: 'an effort that does not exist',
    args: [...KEY, 'models', 'set', 'm', '--max-effort', 'huge'],
    says: 'xhigh',
  },
  { name: 'a limit of nobody', args: [...KEY, 'limits', 'set', '5'], says: 'whose limit' },
  { name: 'a limit of two', args: [...KEY, 'limits', 'set', '5', '--pool', 'a', '--each-member'], says: 'whose limit' },
  {
    name: 'a step that is none',
    args: [...KEY, 'limits', 'set', '5', '--each-member', '--step', 'x'],
    says: '80:notify',
  },
  { name: 'a rate of nobody', args: [...KEY, 'rates', 'limit', '--requests', '5'], says: '--workspace' },
  { name: 'a rate without a number', args: [...KEY, 'rates', 'limit', '--member', 'a'], says: '--requests' },
  { name: 'a tier that does not exist', args: [...KEY, 'rates', 'tier', 'huge'], says: 'scale' },
  { name: 'credit that is no amount', args: [...KEY, 'prepaid', 'buy', 'lots'], says: 'number of dollars' },
  { name: 'a page that is too long', args: [...KEY, 'decisions', '--limit', '5000'], says: '1 to 1000' },
])('$name is a mistake in the call: one complaint and exit code 2', async ({ args, says }) => {
  const { exitCode, printed, complained } = await run(...args);
  expect(exitCode).toBe(2);
  expect(printed).toBe('');
  expect(complained).toContain(says);
});

test('help and version are results, not failures', async () => {
  expect(await run('--help')).toMatchObject({ exitCode: 0, complained: '' });
  expect(await run('--version')).toEqual({ exitCode: 0, printed: '1.2.3', complained: '' });
});

test('a server that is not there is said in one line with its address, exit code 1', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  const { exitCode, complained } = await run('--url', `http://127.0.0.1:${port}`, ...KEY, 'status');
  expect(exitCode).toBe(1);
  expect(complained).toBe(
    `Nothing answers at http://127.0.0.1:${port} (ECONNREFUSED). Is Remit running there? See --url.`,
  );
});
