import { Agent, request as httpRequest } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { bodyOf, MODEL, STREAM_HEADERS, sseEvent, textDelta } from '../support/messages.ts';
import { type Member, type RemitProcess, spend } from '../support/remit.ts';
import { openUpstreamServer } from '../support/upstreams.ts';
import { waitFor } from '../support/wait.ts';
import { openSpendStage, type SpendStage } from './spend-stage.ts';

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

/** Keeps streams from ending, until it is let go. */
type Gate = { letGo: () => void; open: Promise<void> };

/** Writes as many tokens as it may, in a stream of a few hundred milliseconds, or for as long as the gate is held. */
const startUpstream = (gate: Gate) =>
  openUpstreamServer(async ({ method, body }, response) => {
    // A node that asks which models there are.
    if (method === 'GET') return void response.writeHead(404).end();
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
    await gate.open;
    response.write(
      sseEvent('message_delta', { delta: { stop_reason: 'max_tokens' }, usage: { output_tokens: outputTokens } }),
    );
    response.end(sseEvent('message_stop'));
  });

type Answered = { readonly status: number; readonly isWhole: boolean };

const BODY = bodyOf({ stream: true, max_tokens: MAX_TOKENS });

/** A kill happens among streams that cannot have ended before it. */
const hold = (gate: Gate): void => {
  const { promise, resolve } = Promise.withResolvers<void>();
  gate.open = promise;
  gate.letGo = resolve;
};

type Sender = { readonly agent: Agent; readonly begun?: () => void };

const sendOne = (url: string, key: string, { agent, begun }: Sender): Promise<Answered> =>
  new Promise((resolve) => {
    const headers = { 'x-api-key': key, 'content-type': 'application/json', 'content-length': BODY.length };
    const request = httpRequest(`${url}/v1/messages`, { method: 'POST', agent, headers });
    request.on('response', (response) => {
      if (response.statusCode === 200) begun?.();
      response.resume();
      response.on('error', () => undefined);
      response.on('close', () => resolve({ status: response.statusCode ?? 0, isWhole: response.complete }));
    });
    request.on('error', () => resolve({ status: 0, isWhole: false }));
    request.end(BODY);
  });

const setBudget = ({ call }: RemitProcess, member: Member, limit: { readonly micros: number; readonly mode: Mode }) =>
  call(spend.setSpendLimit, {
    body: {
      scope: { type: 'user', user_id: member.id },
      amount: (limit.micros / 10_000).toFixed(3),
      period: 'monthly',
      mode: limit.mode,
    },
  });

type Scene = { readonly stage: SpendStage; readonly gate: Gate };

/** A kill among streams that have begun: soon after the tenth. */
const BEGUN_BEFORE_KILL = 10;

/** Streams on every node in turn; the node that serves most of them is killed if somebody is to be. */
const sendAll = async ({ stage, gate }: Scene, key: string, isKilled: boolean): Promise<readonly Answered[]> => {
  const agent = new Agent({ keepAlive: false });
  if (isKilled) hold(gate);
  const urls = stage.nodes.map(({ url }) => url);
  const begunOn = urls.map(() => 0);
  const sent = Array.from({ length: CONCURRENT }, (_, at) => {
    const node = at % urls.length;
    const begun = () => {
      begunOn[node] = (begunOn[node] ?? 0) + 1;
    };
    return sendOne(urls[node] ?? '', key, { agent, begun });
  });
  if (isKilled) {
    await waitFor('streams to cut off', () => Math.max(...begunOn) >= BEGUN_BEFORE_KILL, 20_000);
    await sleep(Math.random() * 150);
    const killed = stage.killAndRestart(begunOn.indexOf(Math.max(...begunOn)));
    // The node is gone at once; what takes time is its return.
    await sleep(50);
    gate.letGo();
    await killed;
  }
  const answers = await Promise.all(sent);
  agent.destroy();
  return answers;
};

/** Waits until every node is idle and what it knows is on disk. */
const comeToRest = async (stage: SpendStage): Promise<void> => {
  for (const { running } of stage.nodes) await waitFor('the last stream', async () => (await running()) === 0, 30_000);
  // Usage rows nobody waits for are a moment behind.
  await sleep(200);
};

const rush = async (scene: Scene, mode: Mode, wasKilled: boolean): Promise<Rush> => {
  const { stage } = scene;
  const [first] = stage.nodes;
  if (first === undefined) throw new Error('There is no node');
  const member = await first.newMember();
  const budgetMicros = BUDGETED * costOf(MAX_TOKENS);
  await setBudget(first, member, { micros: budgetMicros, mode });
  await stage.settleChanges();
  const answers = await sendAll(scene, member.key, wasKilled);
  await comeToRest(stage);
  const rows = await stage.readRows(member.id);
  const [asked, ...others] = stage.nodes;
  const found = await asked?.call(spend.verifySpendLedger, { query: {} });
  if (asked !== undefined)
    await setBudget(asked, member, { micros: rows.spent + 20 * costOf(MAX_TOKENS) * (others.length + 1), mode });
  const after: Answered[] = [];
  for (const { url } of stage.nodes)
    after.push(
      await waitFor('the other budget', async () => {
        const answer = await sendOne(url, member.key, { agent: new Agent() });
        return answer.status === 429 ? undefined : answer;
      }),
    );
  return {
    mode,
    wasKilled,
    budgetMicros,
    spentMicros: rows.spent,
    overshootMicros: Math.max(0, rows.spent - budgetMicros),
    boundMicros: mode === 'strict' ? 0 : rows.beyond + rows.largest,
    completed: answers.filter(({ status, isWhole }) => status === 200 && isWhole).length,
    refused: answers.filter(({ status }) => status === 429).length,
    cut: answers.filter(({ status, isWhole }) => status === 0 || (status === 200 && !isWhole)).length,
    heldMicros: rows.held,
    addsUp: found?.adds_up === true,
    goesOn: after.every(({ status }) => status === 200),
  };
};

/**
 * Two hundred streams at once on a budget that pays for fifty, again and again in both modes, every fifth time with a
 * kill -9 among them: on one node with SQLite, or on two nodes with PostgreSQL, of which one is killed. A strict limit must
 * never be overshot. A standard one may be by what the requests that were let
 * through cost beyond what was held for them, and by the one that crossed it. Afterwards nothing is held any more, the
 * counters are the sums of their rows, and whoever has money left is served.
 */
export const proveSpending = async (options: {
  readonly rushes: number;
  readonly engine?: 'sqlite' | 'postgres';
  readonly onRush?: (rush: Rush) => void;
}): Promise<readonly Rush[]> => {
  const { rushes, engine = 'sqlite' } = options;
  const gate: Gate = { letGo: () => undefined, open: Promise.resolve() };
  const upstream = await startUpstream(gate);
  const stage = await openSpendStage(engine, upstream.url);
  const all: Rush[] = [];
  try {
    for (let round = 1; round <= rushes; round++)
      for (const mode of ['standard', 'strict'] as const) {
        const isKilled = round % 5 === 0 || (rushes < 5 && round === rushes);
        const one = await rush({ stage, gate }, mode, isKilled);
        options.onRush?.(one);
        all.push(one);
      }
    return all;
  } finally {
    await stage.close();
    await upstream.close();
  }
};
