import { mkdtempSync, rmSync } from 'node:fs';
import { devNull, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { launchChromium } from '../../../scripts/launch-chromium.ts';
import { readConfig } from '../../../src/main/config.ts';
import { type Serving, serve } from '../../../src/main/serve.ts';
import { type Received, send } from '../../support/http.ts';
import { bodyOf } from '../../support/messages.ts';
import { ADMIN_KEY, type Organisation, organisationAt } from '../../support/organisation.ts';

/** The owner of every stage. */
export const OWNER = { name: 'Olga Owner', email: 'olga@example.com', password: 'a long enough password' } as const;
export const ORGANISATION = 'Harbour & Sons';

const PATIENCE_MS = 10_000;

/** A person's own browser profile on the console, with its first page. */
export type Visitor = {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Opens a path of the console. */
  go(path: string): Promise<void>;
};

/** A Remit with the built console and a Chromium in front of it. */
export type Stage = Organisation & {
  /** The one-time link start-up printed. */
  readonly setUpUrl: string;
  /** Somebody who is not signed in. */
  visit(): Promise<Visitor>;
  /** Somebody signed in by e-mail address and password. */
  visitAs(account: { readonly email: string; readonly password: string }): Promise<Visitor>;
  /** The owner in a profile of their own, at the console's start; creates the account at the first call. */
  visitAsOwner(): Promise<Visitor>;
  /** Sends a Messages request as programs do. */
  ask(key: string, body: Readonly<Record<string, unknown>>): Promise<Received>;
  /** Ends the server; its data stays. */
  goAway(): Promise<void>;
  /** Starts the server again where it was. */
  comeBack(): Promise<void>;
  /** Ends everything; rejects when a page threw or broke the page's own security policy. */
  close(): Promise<void>;
};

export type StageOptions = {
  /** Puts data into the folder before the first start. */
  readonly fill?: (folder: string) => Promise<void>;
  /** Variables on top of those every stage needs. */
  readonly env?: Readonly<Record<string, string>>;
};

const start = (folder: string, port: string, env: StageOptions['env'] = {}): Promise<Serving> =>
  serve(
    readConfig({
      REMIT_CONFIG: devNull,
      REMIT_PORT: port,
      REMIT_DATA_DIR: folder,
      REMIT_ADMIN_KEY: ADMIN_KEY,
      REMIT_LOG_LEVEL: 'fatal',
      ...env,
    }),
    '0.0.0-test',
  );

/** What no page of ours may do: throw, or try what its security policy forbids. */
const watchFaults = (context: BrowserContext, faults: string[]): void => {
  context.on('weberror', (error) => faults.push(String(error.error())));
  context.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) faults.push(message.text());
  });
};

/** Sends what a sign-in form would send, so that the profile has a session. */
const enter = async (context: BrowserContext, url: string, data: Readonly<Record<string, unknown>>): Promise<void> => {
  const reply = await context.request.post(url, { data, headers: { origin: new URL(url).origin } });
  if (!reply.ok()) throw new Error(`signing in at ${url} failed: ${await reply.text()}`);
};

/** Sets the stage; `close` takes it down again. */
export const openStage = async ({ fill, env }: StageOptions = {}): Promise<Stage> => {
  const browser: Browser = await launchChromium();
  const folder = mkdtempSync(join(tmpdir(), 'remit-browser-'));
  await fill?.(folder);
  let serving = await start(folder, '0', env);
  const { url, setUpUrl = '' } = serving;
  const faults: string[] = [];
  let hasOwner = false;

  const visit = async (): Promise<Visitor> => {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' });
    context.setDefaultTimeout(PATIENCE_MS);
    watchFaults(context, faults);
    const page = await context.newPage();
    return { page, context, go: async (path) => void (await page.goto(url + path)) };
  };

  return {
    ...organisationAt(url),
    setUpUrl,
    visit,
    visitAs: async (account) => {
      const visitor = await visit();
      await enter(visitor.context, `${url}/v1/session`, account);
      return visitor;
    },
    visitAsOwner: async () => {
      const visitor = await visit();
      const { email, password, name } = OWNER;
      const token = new URL(setUpUrl).searchParams.get('token');
      if (hasOwner) await enter(visitor.context, `${url}/v1/session`, { email, password });
      else
        await enter(visitor.context, `${url}/v1/session/link/redeem`, {
          ...{ token, name, email, password },
          organization_name: ORGANISATION,
        });
      hasOwner = true;
      return visitor;
    },
    ask: (key, body) => send({ url, key, body: bodyOf(body) }),
    goAway: () => serving.stop(),
    comeBack: async () => {
      serving = await start(folder, new URL(url).port, env);
    },
    close: async () => {
      await browser.close();
      await serving.stop();
      rmSync(folder, { recursive: true, force: true });
      if (faults.length > 0) throw new Error(`Pages had faults:\n${faults.join('\n')}`);
    },
  };
};
