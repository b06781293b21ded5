import { Hono } from 'hono';
import { onTestFinished } from 'vitest';
import { accessMigrations, CATALOGUE, openPolicy } from '../../access/index.ts';
import { createAuthenticate } from '../../directory/index.ts';
import type { Member } from '../../directory/members/store.ts';
import { openDirectory, send } from '../../directory/testing/open-directory.ts';
import { createLog, createRouter, type Database } from '../../platform/index.ts';
import { openSpendPolicy, spendMigrations } from '../../spend/index.ts';
import type { SignInSettings } from '../config.ts';
import type { ClaudeCodeDeps } from '../deps.ts';
import { claudeCodeMigrations } from '../migrations.ts';
import { openClaudeCode } from '../open-claude-code.ts';
import { signInRoutes } from '../sign-in/routes.ts';

const HOUR_MS = 3_600_000;

const SETTINGS: SignInSettings = {
  loginNotice: null,
  lifetimes: { accessMs: HOUR_MS, idleMs: 30 * 24 * HOUR_MS },
  signInsPerAddress: 30,
};

/** An answer, with its body parsed where it has one. */
type Got = { readonly status: number; readonly body: Record<string, unknown>; readonly headers: Headers };

/** What a program asks with. */
type Asked = { readonly bearer?: unknown; readonly headers?: Readonly<Record<string, string>> };

/** What Claude Code asks of a gateway, and what members confirm, on an empty database. */
export const openStage = async (database: Database, settings: Partial<SignInSettings> = {}) => {
  const directory = await openDirectory(database, [...accessMigrations, ...spendMigrations, ...claudeCodeMigrations]);
  const log = createLog('silent');
  const policy = await openPolicy({ database, models: CATALOGUE, log });
  const spendPolicy = await openSpendPolicy({ database, log });
  onTestFinished(async () => {
    await policy.close();
    await spendPolicy.close();
  });
  const deps: ClaudeCodeDeps = {
    ...{ ...directory.deps, policy, spendPolicy, log, publicUrl: () => 'https://remit.test' },
    settings: { ...SETTINGS, ...settings },
    afterChange: () => policy.refresh(),
  };
  const programs = new Hono();
  const address = { now: '192.0.2.7' };
  for (const [method, path, answer] of openClaudeCode(deps))
    programs.on(method, path, (context) => answer(context.req.raw, { address: address.now, isSecure: true }));
  const console = createRouter({
    routes: signInRoutes(deps),
    authenticate: createAuthenticate(directory.deps),
    newRequestId: () => deps.newId('request'),
    afterChange: deps.afterChange,
    log,
  });

  const read = async (response: Response): Promise<Got> => {
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text === '' ? {} : JSON.parse(text) };
  };

  /** Sends a form, as Claude Code does. */
  const post = async (path: string, form: Readonly<Record<string, string>>): Promise<Got> =>
    read(
      await programs.request(`https://remit.test${path}`, {
        method: 'POST',
        headers: { 'user-agent': 'claude-code/2.1.330', 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams(form).toString(),
      }),
    );

  const begin = async () => (await post('/oauth/device_authorization', { surface: 'claude_code' })).body;
  const poll = (deviceCode: unknown) =>
    post('/oauth/token', {
      grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
      device_code: String(deviceCode),
    });
  const decide = async (member: Member, what: 'find' | 'approve' | 'deny', userCode: unknown) =>
    send(console, `POST /v1/me/device_sign_ins/${what}`, {
      headers: await directory.consoleOf(member),
      body: { user_code: userCode },
    });

  return {
    ...directory,
    deps,
    policy,
    address,
    post,
    begin,
    poll,
    decide,
    renew: (refreshToken: unknown) =>
      post('/oauth/token', { grant_type: 'refresh_token', refresh_token: String(refreshToken) }),
    /** Signs a member in on a new device; answers the reply with its tokens. */
    signIn: async (member: Member): Promise<Record<string, unknown>> => {
      const { device_code, user_code } = await begin();
      await decide(member, 'approve', user_code);
      return (await poll(device_code)).body;
    },
    /** Asks with a bearer token. */
    ask: async (line: string, { bearer, headers }: Asked = {}): Promise<Got> => {
      const [method = 'GET', path = '/'] = line.split(' ');
      const credential = bearer === undefined ? {} : { authorization: `Bearer ${bearer}` };
      const init = { method, headers: { ...credential, ...headers } };
      return read(await programs.request(`https://remit.test${path}`, init));
    },
    sendToConsole: (line: string, sent?: Parameters<typeof send>[2]) => send(console, line, sent),
  };
};
