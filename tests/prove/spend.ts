import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { bodyOf, MODEL, STREAM_HEADERS, sseEvent, textDelta } from '../support/messages.ts';
import { type Member, type RemitProcess, spend, startRemitProcess } from '../support/remit.ts';
import { openUpstreamServer } from '../support/upstreams.ts';

type Mode = 'standard' | 'strict';

/** One rush on one budget. Money is in micro-dollars. */
export type Rush = {
  readonly mode: Mode;
  readonly wasKilled: boolean;
  readonly budgetMicros: number;
  readonly spentMicros: number;
  /** How far spending went past the budget, and how far it may: see {@link proveSpending}. */
  readonly overshootMicros: number;
  readonly boundMicros: number;
  readonly completed: number;
  readonly refused: number;
  readonly cut: number;
  /** What is still held when everything has ended. */
  readonly heldMicros: number;
  readonly addsUp: boolean;
  /** Whether somebody with money left is let through afterwards. */
  readonly goesOn: boolean;
};

const CONCURRENT = 200;
const BUDGETED = 50;
const MAX_TOKENS = 1000;
const INPUT_TOKENS = 50;

/** What one request costs: Sonnet 5.5, 2 dollars a million tokens in and 10 out. */
const costOf = (outputTokens: number): number => INPUT_TOKENS * 2 + outputTokens * 10;

/** Writes as many tokens as it may, in a stream of a few hundred milliseconds. */
const startUpstream = () =>
  openUpstreamServer(async ({ body }, response) => {
    const outputTokens = Number(JSON.parse(body.toString()).max_tokens);
    const usage = { input_tokens: INPUT_TOKENS, output_tokens: 1 };
    response.writeHead(200, STREAM_HEADERS);
    response.write(
      sseEvent('message_start', { message: { id: 'msg_1', type: 'message', role: 'assistant', model: MODEL, usage } }),
    );
    for (let i = 0; i < 8 && !response.destroyed; i++) {
      response.write(textDelta('some words '));
      await sleep(20 + Math.random() * 60);
    }
    response.write(
      sseEvent('message_delta', { delta: { stop_reason: 'max_tokens' }, usage: { output_tokens: outputTokens } }),
    );
    response.end(sseEvent('message_stop'));
  });

type Answered = { readonly status: number; readonly isWhole: boolean };

const BODY = bodyOf({ stream: true, max_tokens: MAX_TOKENS });

const sendOne = (url: string, key: string, agent: Agent): Promise<Answered> =>
  new Promise((resolve) => {
    const headers = { 'x-api-key': key, 'content-type': 'application/json', 'content-length': BODY.length };
    const request = httpRequest(`${url}/v1/messages`, { method: 'POST', agent, headers });
    request.on('response', (response) => {
      response.resume();
      response.on('error', () => undefined);
      response.on('close', () => resolve({ status: response.statusCode ?? 0, isWhole: response.complete }));
    });
    request.on('error', () => resolve({ status: 0, isWhole: false }));
    request.end(BODY);
  });

/** What the rows say of a member: spent, and what it may have come to. */
const readRows = (folder: string, userId: string) => {
  const database = new DatabaseSync(join(folder, 'remit.sqlite'), { readOnly: true });
  try {
    const row = database
      .prepare(
        `SELECT COALESCE(SUM(u.cost_micros), 0) AS spent,
                COALESCE(SUM(MAX(0, u.cost_micros - r.amount_micros)), 0) AS beyond,
                COALESCE(MAX(r.amount_micros), 0) AS largest,
                COALESCE(SUM(CASE WHEN u.request_id IS NULL THEN r.amount_micros ELSE 0 END), 0) AS held
         FROM requests q JOIN reservations r ON r.request_id = q.id LEFT JOIN usage u ON u.request_id = q.id
         WHERE q.user_id = ?`,
      )
      .get(userId);
    const micros = (name: string): number => Number(row?.[name] ?? 0);
    return { spent: micros('spent'), beyond: micros('beyond'), largest: micros('largest'), held: micros('held') };
  } finally {
    database.close();
  }
};

const setBudget = ({ call }: RemitProcess, member: Member, limit: { readonly micros: number; readonly mode: Mode }) =>
  call(spend.setSpendLimit, {
    body: {
      scope: { type: 'user', user_id: member.id },
      amount: (limit.micros / 10_000).toFixed(3),
      period: 'monthly',
      mode: limit.mode,
    },
  });

type Stage = { remit: RemitProcess; readonly restart: () => Promise<RemitProcess>; readonly folder: string };

const rush = async (stage: Stage, mode: Mode, kill: boolean): Promise<Rush> => {
  const member = await stage.remit.newMember();
  const budgetMicros = BUDGETED * costOf(MAX_TOKENS);
  await setBudget(stage.remit, member, { micros: budgetMicros, mode });
  const agent = new Agent({ keepAlive: false });
  const sent = Array.from({ length: CONCURRENT }, () => sendOne(stage.remit.url, member.key, agent));
  if (kill) {
    await sleep(100 + Math.random() * 400);
    await stage.remit.kill();
  }
  const answers = await Promise.all(sent);
  agent.destroy();
  if (kill) stage.remit = await stage.restart();
  const { call, decisions, running } = stage.remit;
  while ((await running()) > 0) await sleep(20);
  await decisions();
  // Usage rows nobody waits for are a moment behind.
  await sleep(200);
  const rows = readRows(stage.folder, member.id);
  const found = await call(spend.verifySpendLedger, { query: {} });
  await setBudget(stage.remit, member, { micros: rows.spent + 20 * costOf(MAX_TOKENS), mode });
  const after = await sendOne(stage.remit.url, member.key, new Agent());
  return {
    mode,
    wasKilled: kill,
    budgetMicros,
    spentMicros: rows.spent,
    overshootMicros: Math.max(0, rows.spent - budgetMicros),
    boundMicros: mode === 'strict' ? 0 : rows.beyond + rows.largest,
    completed: answers.filter(({ status, isWhole }) => status === 200 && isWhole).length,
    refused: answers.filter(({ status }) => status === 429).length,
    cut: answers.filter(({ status, isWhole }) => status === 0 || (status === 200 && !isWhole)).length,
    heldMicros: rows.held,
    addsUp: found.adds_up,
    goesOn: after.status === 200,
  };
};

/**
 * Two hundred streams at once on a budget that pays for fifty, again and again in both modes, every fifth time with a
 * kill -9 among them. A strict limit must never be overshot. A standard one may be by what the requests that were let
 * through cost beyond what was held for them, and by the one that crossed it. Afterwards nothing is held any more, the
 * counters are the sums of their rows, and whoever has money left is served.
 */
export const proveSpending = async (options: {
  readonly rushes: number;
  readonly onRush?: (rush: Rush) => void;
}): Promise<readonly Rush[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'remit-spend-'));
  const upstream = await startUpstream();
  const restart = () => startRemitProcess({ folder, upstreamUrl: upstream.url });
  const stage: Stage = { remit: await restart(), restart, folder };
  const all: Rush[] = [];
  try {
    await stage.remit.allowAll();
    for (let round = 1; round <= options.rushes; round++)
      for (const mode of ['standard', 'strict'] as const) {
        const one = await rush(stage, mode, round % 5 === 0 || (options.rushes < 5 && round === options.rushes));
        options.onRush?.(one);
        all.push(one);
      }
    return all;
  } finally {
    await stage.remit.stop();
    await upstream.close();
    rmSync(folder, { recursive: true, force: true });
  }
};
