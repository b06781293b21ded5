import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ConfigError, describeConfig, printableConfig } from '../platform/index.ts';
import { CONFIG_SECTIONS, databaseFile, readConfig } from './config.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'config-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const read = (env: Record<string, string>, yaml = '') => {
  const file = join(folder, 'remit.yaml');
  writeFileSync(file, yaml);
  return readConfig({ REMIT_CONFIG: file, ...env });
};

it('starts with nothing set at all', () => {
  const config = read({});
  expect(config.server).toMatchObject({ port: 8484, host: '127.0.0.1', database_url: undefined });
  expect(config.anthropicKey).toBeUndefined();
  expect(databaseFile(config)).toBe(join('data', 'remit.sqlite'));
});

it("honours the six variables of the product's contract, each also as a key of the file, and the provider's own", () => {
  const values = {
    port: ['server', 'REMIT_PORT', '9000'],
    data_dir: ['server', 'REMIT_DATA_DIR', '/srv/remit'],
    database_url: ['server', 'REMIT_DATABASE_URL', 'postgres://a:b@c/d'],
    admin_key: ['directory', 'REMIT_ADMIN_KEY', 'a-key-of-sixteen-characters'],
    upstream_url: ['gateway', 'REMIT_UPSTREAM_URL', 'https://provider.test'],
    upstream_key: ['gateway', 'REMIT_UPSTREAM_KEY', 'sk-1'],
  } as const;
  const env = Object.fromEntries(Object.values(values).map(([, variable, value]) => [variable, value]));
  const yaml = Object.entries(values).map(([key, [, , value]]) => `${key}: ${JSON.stringify(value)}`);
  for (const config of [read(env), read({}, yaml.join('\n'))])
    for (const [key, [room, , value]] of Object.entries(values))
      expect(String((config[room] as Record<string, unknown>)[key])).toBe(value);
  expect(read({ ANTHROPIC_API_KEY: 'sk-2' }).anthropicKey).toBe('sk-2');
  expect(read({ ANTHROPIC_API_KEY: '' }).anthropicKey).toBeUndefined();
});

it.each([
  ['https://provider.test/', 'https://provider.test'],
  ['https://provider.test/v1/', 'https://provider.test'],
  ['http://localhost:1234/proxy/v1', 'http://localhost:1234/proxy'],
])('takes the base URL %s for %s', (given, url) => {
  expect(read({ REMIT_UPSTREAM_URL: given }).gateway.upstream_url).toBe(url);
});

it.each([
  ['REMIT_PORT', '70000'],
  ['REMIT_PORT', '80.5'],
  ['REMIT_DATABASE_URL', 'mysql://a'],
  ['REMIT_ADMIN_KEY', 'short'],
  ['REMIT_UPSTREAM_URL', 'provider.test'],
  ['REMIT_PUBLIC_URL', 'remit'],
  ['REMIT_LOG_LEVEL', 'loud'],
  ['REMIT_BODY_MEGABYTES_MAX', '0'],
  ['REMIT_PROT', '1'],
])('refuses %s=%s by name', (variable, value) => {
  try {
    read({ [variable]: value });
    expect.unreachable();
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    expect(error instanceof ConfigError && error.problems.map(({ where }) => where)).toEqual([variable]);
  }
});

it('refuses a mail server without a sender, by name', () => {
  expect(() => read({ REMIT_SMTP_HOST: 'mail.test' })).toThrow(/^mail_from: is needed/);
  expect(() => read({ REMIT_SMTP_HOST: 'mail.test', REMIT_MAIL_FROM: 'remit@harbour.test' })).not.toThrow();
});

it('prints no secret of any room', () => {
  const { anthropicKey: _, ...sections } = read(
    {
      REMIT_ADMIN_KEY: 'hunter2-hunter2-hunter2',
      REMIT_UPSTREAM_KEY: 'hunter3',
      REMIT_DATABASE_URL: 'postgres://a:hunter4@c/d',
      REMIT_SMTP_URL: 'smtp://a:hunter6@c',
      REMIT_MAIL_FROM: 'a@b.test',
    },
    'upstreams: [{ name: a, url: "https://a.test", key: hunter5 }]',
  );
  expect(JSON.stringify(printableConfig(CONFIG_SECTIONS, sections))).not.toContain('hunter');
});

it('gives each setting one key, one variable and words that fit into a table', () => {
  const settings = Object.values(CONFIG_SECTIONS).flatMap(({ settings }) => Object.entries(settings));
  const keys = settings.map(([key]) => key);
  expect(new Set(keys).size).toBe(keys.length);
  for (const [key, setting] of settings) {
    if ('env' in setting) expect(setting.env).toBe(`REMIT_${key.toUpperCase()}`);
    expect(setting.help).toMatch(/^[A-Z][^|\n]*\.$/);
  }
  const page = describeConfig(Object.values(CONFIG_SECTIONS));
  for (const key of keys) expect(page).toContain(`| \`${key}\` |`);
});

it('tells whoever starts the server on a policy file that it is one', () => {
  expect(() => read({}, '# ours\nremit: policy/v1\nroles: {}\n')).toThrow(
    /this is a policy file, for “remit apply -f”/,
  );
});
