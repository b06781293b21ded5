import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchChromium } from '../../scripts/launch-chromium.ts';
import { createSignInLink, listUserDevices, removeUser } from '../../src/directory/contract.ts';
import { listEffectiveSpendLimits, setSpendLimit } from '../../src/spend/contract.ts';
import { waitFor } from '../support/wait.ts';
import { type GatewayMachine, openGatewayMachine } from './support/gateway-machine.ts';
import { type Member, type Organisation, openOrganisation } from './support/organisation.ts';
import type { Terminal } from './support/terminal.ts';

// One developer's day with the real Claude Code: signing in, working, nearing a limit, reaching it, being removed. The
// tests build on each other.

const SONNET = 'claude-sonnet-4-6';
const PASSWORD = 'correct horse battery staple';
const STEP_MS_MAX = 60_000;

let organisation: Organisation;
let machine: GatewayMachine;
let browser: Browser;
let member: Member;
let terminal: Terminal;
beforeAll(async () => {
  organisation = await openOrganisation({
    REMIT_LOGIN_NOTICE: 'Only for work.',
    // Claude Code renews five minutes before the end: here, as good as at once.
    REMIT_ACCESS_TOKEN_MINUTES: '5',
  });
  member = await organisation.addMember('Greta Gateway', { [SONNET]: 'high' });
  // An organisation keeps its last member.
  await organisation.addMember('Somebody Else', {});
  machine = await openGatewayMachine(organisation.url);
  browser = await launchChromium();
  terminal = await machine.open('--model', 'sonnet');
});
afterAll(async () => {
  await terminal?.close();
  await browser?.close();
  await machine?.close();
  await organisation?.close();
});

/** The member's browser, signed in to the console. */
const memberPage = async () => {
  const { url } = await organisation.admin(createSignInLink, { params: { user_id: member.id } });
  const context = await browser.newContext();
  const reply = await context.request.post(`${organisation.url}/v1/session/link/redeem`, {
    data: { token: new URL(url).searchParams.get('token'), password: PASSWORD },
    headers: { origin: organisation.url },
  });
  expect(reply.ok()).toBe(true);
  return context.newPage();
};

/** Presses Enter once what was typed stands there, so that it is taken as a message and not as pasted text. */
const say = async (text: string): Promise<void> => {
  await terminal.waitFor('❯');
  await terminal.type(text);
  await terminal.waitFor(`❯ ${text}`);
  await terminal.pressEnter();
};

/** Answers a question of Claude Code with the choice above the one it stands on. */
const chooseAbove = async (question: string, choice: string): Promise<void> => {
  await terminal.waitFor(question);
  await terminal.press('Up');
  await terminal.waitFor(`❯ ${choice}`);
  await terminal.pressEnter();
};

const limitOf = async (cents: string): Promise<void> => {
  const scope = { type: 'user' as const, user_id: member.id };
  await organisation.admin(setSpendLimit, { body: { scope, amount: cents, period: 'daily' } });
};

const spentCents = async (): Promise<number> => {
  const query = { user_ids: [member.id], period: ['daily' as const] };
  const { data } = await organisation.admin(listEffectiveSpendLimits, { query });
  return Number(data[0]?.period_to_date_spend ?? 0);
};

/** Sets the limit so that this share of it is used, once everything so far is charged. */
const useUpTo = async (share: number): Promise<void> => {
  await member.decisions();
  await limitOf(((await spentCents()) / share).toFixed(3));
};

it('signs in by /login: trust, the code, the page in a browser, the account', { timeout: STEP_MS_MAX }, async () => {
  await say('/login');
  await terminal.waitFor('Enter to connect');
  await terminal.pressEnter();
  await chooseAbove('Trust gateway 127.0.0.1?', 'Yes, trust this gateway');
  await terminal.waitFor('Notice from 127.0.0.1: │ Only for work.');
  const address = await waitFor('the page Claude Code opens', () => machine.openedPage(), 10_000);
  const page = await memberPage();
  await page.goto(address);
  const code = new URL(address).searchParams.get('user_code') ?? 'none';
  await page.getByText(code, { exact: true }).waitFor();
  expect(await terminal.read()).toContain(`Code: ${code}`);
  await page.getByRole('button', { name: 'Yes, sign it in' }).click();
  await page.getByRole('heading', { name: 'The device is signed in' }).waitFor();
  await chooseAbove('Signed in to Cloud gateway as greta.gateway@example.com', 'Yes, continue');
  await terminal.waitFor('Connected to Cloud gateway');
  await terminal.pressEnter();
});

it('works as the member, and renews its access by itself', { timeout: STEP_MS_MAX }, async () => {
  await say('hello');
  await terminal.waitFor(`Simulated answer from ${SONNET}`);
  const decisions = await member.decisions();
  expect(decisions.at(-1)).toMatchObject({ effect: 'allow', api_key: { name: 'Claude Code 2.1.330' } });
  await waitFor('a renewal', async () => {
    const { data } = await organisation.admin(listUserDevices, { params: { user_id: member.id } });
    return data[0] !== undefined && data[0].last_renewed_at > data[0].signed_in_at;
  });
});

it('shows why a model is refused, without advice to sign in again', { timeout: STEP_MS_MAX }, async () => {
  const words = await machine.run('-p', 'hello', '--model', 'opus');
  expect(words).toContain("Gateway refused the request · signing in again won't change this");
  expect(words).toMatch(/API Error: 403 Claude Opus [\d.]+ is not included in your roles \(“Role of Greta Gateway”\)/);
});

it('warns at 75 and at 95 percent of a limit', { timeout: STEP_MS_MAX }, async () => {
  await limitOf('100000');
  await useUpTo(0.825);
  await say('second');
  await terminal.waitFor("You've used 82% of your usage credits · resets 12am (UTC)");
  // It stands for some seconds, in which no other shows.
  await waitFor('room for the next', async () => !(await terminal.read()).includes("You've used"), 20_000);
  await useUpTo(0.965);
  await say('third');
  await terminal.waitFor("You've used 96% of your usage credits · resets 12am (UTC)");
});

it('shows the limit under /usage, and our sentence once it is reached', { timeout: STEP_MS_MAX }, async () => {
  await member.decisions();
  const spent = await spentCents();
  await limitOf((spent / 1.205).toFixed(3));
  await say('/usage');
  await terminal.waitFor('120% used');
  const usd = (cents: number) => `$${(Math.round(cents) / 100).toFixed(2)}`;
  await terminal.waitFor(`${usd(spent)} / ${usd(spent / 1.205)} spent today`);
  await terminal.press('Escape');
  await say('fourth');
  await terminal.waitFor('You have reached your daily limit of $');
  await terminal.waitFor('Ask an administrator for more if you need it sooner.');
  await limitOf('100000');
});

it('stops at once when the member is removed, and does not start again', { timeout: STEP_MS_MAX }, async () => {
  await organisation.admin(removeUser, { params: { user_id: member.id } });
  await say('fifth');
  await terminal.waitFor('Please run /login · API Error: 401 You are no longer a member of this organisation.');
  expect(await machine.run('-p', 'hello')).toMatch(/no longer accepts this session|run \/login/);
});
