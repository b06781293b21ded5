import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BrowserContext, Locator, Page } from 'playwright-core';
import { drawDirectory } from './draw-directory.ts';
import { launchChromium } from './launch-chromium.ts';

// Draws the pictures of the guides anew: the demonstration, as its owner and its member see it.

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const IMAGES = join(ROOT, 'docs/guides/images');
const BYTES_MAX = 250_000;

type Account = { readonly email: string; readonly password: string };

/** What the demonstration printed when it was ready. */
type Demo = { readonly url: string; readonly owner: Account; readonly member: Account; stop(): Promise<void> };

const accountIn = (words: string, who: string): Account => {
  const [, email, password] = new RegExp(`^ {2}${who} +(\\S+) +(\\S+)$`, 'm').exec(words) ?? [];
  if (email === undefined || password === undefined) throw new Error(`The demonstration names no ${who}:\n${words}`);
  return { email, password };
};

const untilReady = (child: ChildProcess): Promise<string> =>
  new Promise((resolve, reject) => {
    let words = '';
    const hear = (chunk: Buffer) => {
      words += chunk.toString();
      if (words.includes('Stop with Ctrl-C')) resolve(words);
    };
    child.stdout?.on('data', hear);
    child.stderr?.on('data', hear);
    child.on('exit', () => reject(new Error(`The demonstration did not start:\n${words}`)));
  });

const startDemo = async (): Promise<Demo> => {
  const { PATH, HOME } = process.env;
  const child = spawn(process.execPath, ['src/main/demo/start.ts', '--quiet'], {
    cwd: ROOT,
    env: { PATH, HOME, REMIT_PORT: '0' },
  });
  const words = await untilReady(child);
  return {
    url: /serving at (\S+)/.exec(words)?.[1] ?? '',
    owner: accountIn(words, 'owner'),
    member: accountIn(words, 'member'),
    stop: async () => {
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
};

const { url, owner, member, stop } = await startDemo();
const browser = await launchChromium();

const enter = async (account: Account): Promise<{ readonly context: BrowserContext; readonly page: Page }> => {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    colorScheme: 'light',
    reducedMotion: 'reduce',
  });
  const reply = await context.request.post(`${url}/v1/session`, { data: account, headers: { origin: url } });
  if (!reply.ok()) throw new Error(`${account.email} could not sign in`);
  return { context, page: await context.newPage() };
};

/** Opens a page of the console and waits until it has been read. */
const open = async (page: Page, path: string): Promise<void> => {
  await page.goto(url + path);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.waitForLoadState('networkidle');
};

const take = async (page: Page, name: string): Promise<void> => {
  const path = join(IMAGES, `${name}.png`);
  // The pointer would leave its mark on whatever it happens to be above.
  await page.mouse.move(0, 0);
  await page.waitForLoadState('networkidle');
  await page.screenshot({ path, animations: 'disabled', caret: 'hide' });
  const { size } = statSync(path);
  process.stdout.write(`${name}.png  ${Math.round(size / 1024)} KB\n`);
  if (size > BYTES_MAX) throw new Error(`${name}.png is larger than ${BYTES_MAX} bytes`);
};

const press = (within: Page | Locator, name: string): Promise<void> =>
  within.getByRole('button', { name, exact: true }).first().click();

const pick = async (within: Page | Locator, page: Page, [label, entry]: readonly [string, string]): Promise<void> => {
  await within.getByRole('combobox', { name: label }).fill(entry);
  await page.getByRole('option', { name: entry }).first().click();
};

const takeModels = async (page: Page): Promise<void> => {
  await open(page, '/models');
  await take(page, 'models');
  await page
    .getByRole('combobox', { name: 'Highest effort on Claude Opus 5 for the organisation' })
    .selectOption('medium');
  await press(page, 'Review and save');
  await page.getByText('would have been lowered').waitFor();
  await take(page, 'preview');
  await press(page, 'Keep editing');
  await press(page, 'Discard');
};

const takeRequests = async (page: Page): Promise<void> => {
  await open(page, '/requests');
  await take(page, 'requests');
  for (const [effect, name] of [
    ['clamp', 'request-lowered'],
    ['deny', 'request-refused'],
  ]) {
    await open(page, `/requests?effect=${effect}`);
    await page.getByRole('row').nth(1).getByRole('link').first().click();
    await page.getByRole('heading', { name: 'What was found' }).waitFor();
    await take(page, String(name));
  }
};

const takeConnectors = async (page: Page): Promise<void> => {
  await open(page, '/connectors');
  await take(page, 'connectors');
  await page.getByRole('link', { name: 'GitHub' }).first().click();
  await page.getByRole('table', { name: 'Tools' }).waitFor();
  await take(page, 'connector');
};

const takeActivity = async (page: Page): Promise<void> => {
  await open(page, '/activity');
  await take(page, 'activity');
};

const takeMember = async (page: Page): Promise<void> => {
  await open(page, '/members');
  await page.getByRole('textbox', { name: 'Search members' }).fill(member.email);
  await page.getByRole('cell').getByText(member.email).waitFor();
  await page.getByRole('row').filter({ hasText: member.email }).getByRole('link').first().click();
  await page.getByRole('table', { name: 'Models and access' }).waitFor();
  await take(page, 'member');
};

const takeKeys = async (page: Page): Promise<void> => {
  await open(page, '/keys');
  await take(page, 'keys');
  await press(page, 'Create key');
  const form = page.getByRole('dialog', { name: 'Create a key' });
  await pick(form, page, ['Member', 'Rohan Deshpande']);
  await form.getByLabel('Name').fill('laptop');
  await press(form, 'Create key');
  await form.getByText('it cannot be shown again').waitFor();
  await take(page, 'key-once');
};

const takeMoney = async (page: Page): Promise<void> => {
  await open(page, '/spend');
  await page.locator('.recharts-surface').first().waitFor();
  await take(page, 'spend');
  await open(page, '/spend?tab=requests');
  await page
    .getByRole('button', { name: /^Approve the request/ })
    .first()
    .click();
  await page.getByRole('dialog', { name: 'Approve the request' }).waitFor();
  await take(page, 'approve-request');
  await open(page, '/spend?tab=prepaid');
  await page.getByRole('table', { name: 'Orders of credit' }).waitFor();
  await take(page, 'prepaid');
  await open(page, '/limits');
  await take(page, 'limits');
  await open(page, '/rates');
  await page.getByRole('heading', { name: 'Tier' }).scrollIntoViewIfNeeded();
  await take(page, 'rates');
  await open(page, '/prices');
  await take(page, 'prices');
};

/** The page that confirms a device, and the devices of whoever confirmed it. */
const takeDevices = async (page: Page): Promise<void> => {
  const post = async (path: string, form: Readonly<Record<string, string>>) =>
    (await (
      await fetch(url + path, {
        method: 'POST',
        headers: { 'user-agent': 'claude-code/2.1.330' },
        body: new URLSearchParams(form),
      })
    ).json()) as Readonly<Record<string, string>>;
  const { user_code, device_code = '' } = await post('/oauth/device_authorization', { surface: 'claude_code' });
  await page.goto(`${url}/device?user_code=${user_code}`);
  await page.getByText('Does this match the code on your device?').waitFor();
  await take(page, 'device');
  await press(page, 'Yes, sign it in');
  await page.getByRole('heading', { name: 'The device is signed in' }).waitFor();
  await post('/oauth/token', { grant_type: 'urn:ietf:params:oauth:grant-type:device_code', device_code });
  await open(page, '/me/security');
  await page.getByRole('table', { name: 'Devices' }).scrollIntoViewIfNeeded();
  await take(page, 'my-devices');
};

const takeDirectory = (page: Page): Promise<void> =>
  drawDirectory({ page, url, open: (path) => open(page, path), take: (name) => take(page, name) });

/** What the owner sees, by the names that choose some of it: `node scripts/take-screenshots.ts keys directory`. */
const SCENES: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  models: takeModels,
  connectors: takeConnectors,
  requests: takeRequests,
  activity: takeActivity,
  member: takeMember,
  keys: takeKeys,
  directory: takeDirectory,
  money: takeMoney,
};

const chosen = process.argv.slice(2);
const isWanted = (scene: string): boolean => chosen.length === 0 || chosen.includes(scene);

try {
  mkdirSync(IMAGES, { recursive: true });
  const asOwner = await enter(owner);
  for (const [name, scene] of Object.entries(SCENES)) if (isWanted(name)) await scene(asOwner.page);
  if (isWanted('devices')) await takeDevices((await enter(member)).page);
  if (isWanted('my-access')) {
    const asMember = await enter(member);
    await open(asMember.page, '/me');
    await take(asMember.page, 'my-access');
    await open(asMember.page, '/me/usage');
    await take(asMember.page, 'my-usage');
  }
} finally {
  await browser.close();
  await stop();
}
