import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { getUserAccess } from '../../src/access/contract.ts';
import { listUsers } from '../../src/directory/contract.ts';
import { getDecision, listDecisions } from '../../src/gateway/contract.ts';
import { type Call, createClient } from '../../src/platform/contract.ts';

// The demonstration as people start it, small, and the command line as people call it.

const ROOT = join(import.meta.dirname, '..', '..');
const ADMIN_KEY = 'sk-remit-admin-for-the-test-of-the-demo';
const READY_MS = 60_000;

/** The environment without anything that would lead to a real provider or a running installation. */
const environment = (more: Record<string, string>): NodeJS.ProcessEnv => ({
  PATH: process.env.PATH,
  HOME: process.env.HOME,
  REMIT_ADMIN_KEY: ADMIN_KEY,
  ...more,
});

let child: ChildProcess;
let announced = '';
let url = '';
let call: Call;

const untilAnnounced = (started: ChildProcess): Promise<void> =>
  new Promise((resolve, reject) => {
    const tooLate = setTimeout(() => reject(new Error(`not ready in time:\n${announced}`)), READY_MS);
    started.on('exit', (code) => reject(new Error(`ended with ${code}:\n${announced}`)));
    const hear = (chunk: Buffer) => {
      announced += chunk.toString();
      if (!announced.includes('Stop with Ctrl-C')) return;
      clearTimeout(tooLate);
      resolve();
    };
    started.stdout?.on('data', hear);
    started.stderr?.on('data', hear);
  });

beforeAll(async () => {
  child = spawn(process.execPath, ['src/main/demo/start.ts', '--days', '4'], {
    cwd: ROOT,
    env: environment({ REMIT_PORT: '0' }),
  });
  await untilAnnounced(child);
  url = /serving at (\S+)/.exec(announced)?.[1] ?? '';
  call = createClient({ baseUrl: url, headers: { 'x-api-key': ADMIN_KEY } });
}, READY_MS + 5000);

afterAll(() => {
  child.kill('SIGKILL');
});

type Ran = { readonly exitCode: number; readonly stdout: string; readonly stderr: string };

const remit = (...args: string[]): Promise<Ran> =>
  new Promise((resolve) => {
    const options = { cwd: ROOT, env: environment({ REMIT_URL: url }) };
    execFile(process.execPath, ['bin/remit.js', ...args], options, (error, stdout, stderr) =>
      resolve({ exitCode: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
    );
  });

test('it says where it is, that answers are simulated, and whom to sign in as', async () => {
  expect(announced).toContain('SIMULATED');
  const accounts = [...announced.matchAll(/^ {2}(owner|admin|member) +(\S+) +(\S+)$/gm)];
  expect(accounts.map(([, role]) => role)).toEqual(['owner', 'admin', 'member']);
  for (const [, , email, password] of accounts) {
    const response = await fetch(`${url}/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: url },
      body: JSON.stringify({ email, password }),
    });
    expect(response.status).toBe(200);
  }
});

test('members, requests and their explanations are there to be read', async () => {
  const { data: members } = await call(listUsers, { query: { limit: 100 } });
  expect(members).toHaveLength(60);
  const { data: refused } = await call(listDecisions, { query: { effect: 'deny', limit: 1 } });
  const { data: lowered } = await call(listDecisions, { query: { effect: 'clamp', limit: 1 } });
  for (const { id, effect } of [...refused, ...lowered]) {
    const detail = await call(getDecision, { params: { request_id: id } });
    expect(detail.findings.find((finding) => finding.effect === effect)?.explanation).toMatch(/\.$/);
    expect(detail.usage === null).toBe(effect === 'deny');
  }
  expect(refused.length + lowered.length).toBe(2);
});

test('what a request was decided is what the effective access of its member says', async () => {
  // At night nearly all are of service keys.
  const { data } = await call(listDecisions, { query: { effect: 'clamp', limit: 1000 } });
  const decision = data.find(({ user, effort }) => user !== null && effort.asked !== null);
  const access = await call(getUserAccess, { params: { user_id: decision?.user?.id ?? '' } });
  const model = access.models.find((one) => one.model === decision?.model.used);
  expect(model).toMatchObject({ allowed: true, max_effort: decision?.effort.cap });
});

test('the printed personal key works for Claude', async () => {
  const key = /ANTHROPIC_AUTH_TOKEN=(\S+)/.exec(announced)?.[1] ?? '';
  const response = await fetch(`${url}/v1/messages`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', 'anthropic-version': '2023-06-01' },
    body: JSON.stringify({
      model: 'claude-sonnet-5-5',
      max_tokens: 64,
      messages: [{ role: 'user', content: 'Hello.' }],
    }),
  });
  expect(response.status).toBe(200);
});

test('new requests trickle in through the gateway', async () => {
  const newest = async () => (await call(listDecisions, { query: { limit: 1 } })).data[0];
  const before = await newest();
  await expect.poll(async () => (await newest())?.id, { timeout: 30_000, interval: 500 }).not.toBe(before?.id);
});

test('the command line reads, explains and changes', async () => {
  const status = await remit('status');
  expect(status).toMatchObject({ exitCode: 0, stderr: '' });
  expect(status.stdout).toContain('Northwind Robotics');
  const [decision] = (await call(listDecisions, { query: { effect: 'deny', limit: 1 } })).data;
  expect((await remit('decision', decision?.id ?? '')).stdout).toContain('deny');
  expect((await remit('decisions', '--limit', '3')).stdout.trim().split('\n')).toHaveLength(4);
  const access = await remit('access', 'rohan.deshpande@northwind-robotics.example');
  expect(access.stdout).toContain('granted by the role “Everyday coding”');
  expect((await remit('models', 'set', 'claude-opus-5', '--max-effort', 'medium')).exitCode).toBe(0);
  const { stdout } = await remit('--json', 'models', 'list');
  const { data } = JSON.parse(stdout) as { data: { model: string; max_effort: string | null }[] };
  expect(data.find(({ model }) => model === 'claude-opus-5')?.max_effort).toBe('medium');
});

test('the command line adds a member and makes keys for people and groups', async () => {
  const email = 'new.person@northwind-robotics.example';
  expect((await remit('members', 'add', email, '--role', 'managed')).exitCode).toBe(0);
  expect((await remit('members', 'list', '--search', 'new.person')).stdout).toContain(email);
  expect((await remit('keys', 'create', 'laptop', '--user', email)).stdout).toMatch(/^sk-remit-\S+\n$/);
  expect((await remit('keys', 'create', 'ci', '--group', 'Platform')).stdout).toMatch(/^sk-remit-svc-\S+\n$/);
});

test("a refusal of the server is one line with the request's id, exit code 1", async () => {
  const { exitCode, stderr, stdout } = await remit('models', 'set', 'claude-haiku-5-5', '--disable');
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
  expect(stderr).toMatch(/^Claude Haiku 5\.5 cannot be switched off: .*\(request req_\w+\)\n$/);
});

test('it ends when told to and takes its temporary folder along', async () => {
  const folder = /The data is in (\S+)/.exec(announced)?.[1] ?? '';
  expect(existsSync(folder)).toBe(true);
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  expect(await ended).toBe(0);
  expect(existsSync(folder)).toBe(false);
});
