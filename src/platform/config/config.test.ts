import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { describeConfig, printableConfig } from './describe.ts';
import { ConfigError, loadConfig } from './load.ts';
import { section } from './section.ts';

const SECTIONS = {
  server: section('Server', {
    port: { schema: z.coerce.number().int().min(0).max(65_535).default(8484), env: 'REMIT_PORT', help: 'The port.' },
    host: { schema: z.string().min(1).default('localhost'), env: 'REMIT_HOST', help: 'The host.' },
  }),
  store: section('Store', {
    database_url: {
      schema: z.string().min(5).optional(),
      env: 'REMIT_DATABASE_URL',
      secret: true,
      help: 'The database.',
    },
    mode: { schema: z.enum(['fast', 'safe']).optional(), help: 'The mode.' },
    places: {
      schema: z.array(z.strictObject({ name: z.string(), key: z.string().optional() })).optional(),
      help: 'The places.',
    },
  }),
} as const;

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'config-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const load = (env: Record<string, string | undefined>, yaml?: string) => {
  const file = join(folder, 'remit.yaml');
  if (yaml !== undefined) writeFileSync(file, yaml);
  return loadConfig(SECTIONS, { env, file });
};

const problemsOf = (env: Record<string, string | undefined>, yaml?: string) => {
  try {
    load(env, yaml);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
};

it('says what a setting must be in words for whoever wrote it', () => {
  const yaml = 'host: 5\nport: 99999\nmode: slow\nplaces:\n  - {name: a, kee: 1}\n  - {}\n';
  expect(problemsOf({ REMIT_DATABASE_URL: 'abc' }, yaml)).toEqual([
    { where: 'port', problem: 'must be at most 65535' },
    { where: 'host', problem: 'must be a text' },
    { where: 'REMIT_DATABASE_URL', problem: 'must have at least 5 characters' },
    { where: 'mode', problem: 'must be one of fast, safe' },
    { where: 'places.0', problem: 'has no “kee”' },
    { where: 'places.1.name', problem: 'must be a text' },
  ]);
  expect(problemsOf({ REMIT_PORT: 'x' }, '')).toEqual([{ where: 'REMIT_PORT', problem: 'must be a number' }]);
});

describe('loading', () => {
  it('lets the environment win over the file and the file over the defaults', () => {
    const yaml = 'port: 1\nhost: from-the-file\nmode: safe\n';
    expect(load({}).server).toEqual({ port: 8484, host: 'localhost' });
    expect(load({}, yaml)).toEqual({
      server: { port: 1, host: 'from-the-file' },
      store: { database_url: undefined, mode: 'safe', places: undefined },
    });
    expect(load({ REMIT_PORT: '2' }, yaml).server).toEqual({ port: 2, host: 'from-the-file' });
  });

  it.each(['', ' ', '\n'])('takes an empty variable (%j) for one that is not set', (empty) => {
    expect(load({ REMIT_PORT: empty, REMIT_DATABASE_URL: empty }, 'port: 1\n')).toMatchObject({
      server: { port: 1 },
      store: { database_url: undefined },
    });
    expect(load({ REMIT_PORT: empty }, 'port:\nhost: ""\n').server).toEqual({ port: 8484, host: 'localhost' });
  });

  it('does without a file, with an empty one and with one of comments', () => {
    expect(load({}).server.port).toBe(8484);
    expect(load({}, '').server.port).toBe(8484);
    expect(load({}, '# nothing yet\n').server.port).toBe(8484);
  });

  it('reports every mistake at once, each by the name under which it was made', () => {
    const problems = problemsOf(
      { REMIT_PORT: 'many', REMIT_PROT: '1', REMIT_CONFIG: 'x', PATH: '/bin' },
      'database: x\nmode: slow\nplaces: [{ name: a, kye: b }]\n',
    );
    expect(problems.map(({ where }) => where).sort()).toEqual([
      'REMIT_PORT',
      'REMIT_PROT',
      'database',
      'mode',
      'places.0',
    ]);
    expect(problems.find(({ where }) => where === 'database')?.problem).toContain('did you mean database_url?');
    expect(new ConfigError(problems).message.split('\n')).toHaveLength(5);
  });

  it.each([
    ['- a\n- b\n', 'keys and values'],
    ['just words', 'keys and values'],
    ['port: [1\n', ''],
    ['port: 1\nport: 2\n', 'unique'],
  ])('reports a file that cannot be read: %j', (yaml, words) => {
    const problems = problemsOf({}, yaml);
    expect(problems).toHaveLength(1);
    expect(problems[0]?.where).toBe(join(folder, 'remit.yaml'));
    expect(problems[0]?.problem).toContain(words);
  });

  it('never repeats a value in a mistake, because it may be a secret', () => {
    const problems = problemsOf({ REMIT_DATABASE_URL: 's3c' }, 'mode: hunter2\nplaces: [{ key: hunter3, name: 1 }]\n');
    expect(problems).toHaveLength(3);
    expect(JSON.stringify(problems)).not.toMatch(/s3c|hunter/);
  });
});

describe('printing', () => {
  it('shows secrets as ***, also those in a list, and everything else as it is', () => {
    const config = load(
      { REMIT_DATABASE_URL: 'postgres://user:hunter2@host/db' },
      'places: [{ name: a, key: hunter3 }, { name: b }]\n',
    );
    const printed = printableConfig(SECTIONS, config);
    expect(printed).toEqual({
      port: 8484,
      host: 'localhost',
      database_url: '***',
      mode: undefined,
      places: [{ name: 'a', key: '***' }, { name: 'b' }],
    });
    expect(printableConfig(SECTIONS, load({})).database_url).toBeUndefined();
  });

  it('writes a reference page with every key, variable, default and secret', () => {
    const page = describeConfig(Object.values(SECTIONS));
    expect(page).toContain('## Server');
    expect(page).toContain('| `port` | `REMIT_PORT` | integer | `8484` | The port. |');
    expect(page).toContain('| `database_url` | `REMIT_DATABASE_URL` | string (secret) |  | The database. |');
    expect(page).toContain('| `mode` |  | `fast`, `safe` |  | The mode. |');
  });
});
