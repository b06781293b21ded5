import { BRINGS_NOTHING } from '../../access/index.ts';
import { BYTES_PER_TOKEN, NO_PROMPT, type Prompt } from './answer.ts';
import type { Ask } from './habits.ts';
import type { Random } from './random.ts';
import type { Exchange, Sent, Worker, World } from './world.ts';

const CACHE_LIFE_MS = 5 * 60_000;

/** A conversation in Claude Code while it goes on. */
type Conversation = {
  readonly worker: Worker;
  readonly sessionId: string;
  readonly agentId: string | null;
  readonly cachesLong: boolean;
  ask: Ask;
  at: number;
  /** Tokens of the conversation so far. */
  context: number;
  /** Tokens of it that the provider's cache holds, and until when. */
  cached: number;
  cachedUntil: number;
};

const promptOf = (talk: Conversation, random: Random): Prompt => {
  const cacheReadTokens = talk.at < talk.cachedUntil ? talk.cached : 0;
  const written = Math.max(0, talk.context - cacheReadTokens);
  return {
    inputTokens: random.whole(2, 14),
    cacheReadTokens,
    cacheWrite5mTokens: talk.cachesLong ? 0 : written,
    cacheWrite1hTokens: talk.cachesLong ? written : 0,
  };
};

// Claude Code states its effort twice: for the request, and in the message that describes its surroundings.
const wantedOf = ({ model, effort }: Ask): Sent['wanted'] => ({
  model,
  effort,
  messageEfforts: effort === undefined ? [] : [effort],
  thinkingBudget: null,
  fallbackModels: [],
  ...BRINGS_NOTHING,
  product: 'claude_code',
});

const sentOf = (talk: Conversation, stopReason: Sent['stopReason'], random: Random): Sent => ({
  at: talk.at,
  endpoint: 'messages',
  wanted: wantedOf(talk.ask),
  client: {
    client: talk.worker.client(talk.at),
    sessionId: talk.sessionId,
    agentId: talk.agentId,
    parentAgentId: null,
  },
  stream: true,
  bodyBytes: Math.round(talk.context * BYTES_PER_TOKEN) + 6000,
  prompt: promptOf(talk, random),
  usualTokens: stopReason === 'tool_use' ? 210 : 380,
  stopReason,
});

/** One request of a conversation; what was answered becomes part of it. */
const exchangeIn = (world: World, talk: Conversation, stopReason: Sent['stopReason']): Exchange => {
  const { random } = world;
  const exchange = world.send(talk.worker.caller, sentOf(talk, stopReason, random));
  const { ending } = exchange;
  talk.at = (ending?.endedAt ?? talk.at + 40) + random.whole(80, 900);
  if (ending?.status !== 200) return exchange;
  talk.cached = talk.context;
  talk.cachedUntil = ending.endedAt + CACHE_LIFE_MS * (talk.cachesLong ? 12 : 1);
  talk.context += ending.metered.usage.outputTokens + Math.round(random.skewed(2300, 1.1));
  return exchange;
};

/** What a person does about an answer: they switch after a refusal, clients try again after an overload. */
const reactTo = ({ ending }: Exchange, talk: Conversation, random: Random): 'go-on' | 'again' => {
  if (ending === null) {
    talk.at += random.whole(4000, 40_000);
    if (random.chance(0.85)) talk.ask = talk.worker.habit.staple;
    return 'again';
  }
  if (ending.status === 200) return 'go-on';
  talk.at += random.whole(900, 6000);
  return 'again';
};

const TRIES_MAX = 4;

const persist = (world: World, talk: Conversation, stopReason: Sent['stopReason']): readonly Exchange[] => {
  const exchanges: Exchange[] = [];
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const exchange = exchangeIn(world, talk, stopReason);
    exchanges.push(exchange);
    if (reactTo(exchange, talk, world.random) === 'go-on') break;
  }
  return exchanges;
};

/** What one instruction of the person leads to: some calls of tools, then an answer in words. */
const work = (world: World, talk: Conversation, meanTools: number): readonly Exchange[] => {
  const tools = world.random.count(meanTools);
  const exchanges: Exchange[] = [];
  for (let i = 0; i < tools; i++) {
    exchanges.push(...persist(world, talk, 'tool_use'));
    talk.at += Math.round(world.random.skewed(2200, 1));
  }
  return [...exchanges, ...persist(world, talk, 'end_turn')];
};

/** An agent that Claude Code sends off: a conversation of its own within the session. */
const delegate = (world: World, talk: Conversation): readonly Exchange[] => {
  const { random } = world;
  const agent: Conversation = {
    ...talk,
    agentId: random.uuid(),
    context: random.whole(6000, 15_000),
    cached: 0,
    cachedUntil: 0,
  };
  const exchanges = work(world, agent, 4);
  talk.at = agent.at;
  return exchanges;
};

const countContext = (world: World, talk: Conversation): readonly Exchange[] => {
  const sent = sentOf(talk, 'end_turn', world.random);
  const wanted = { ...sent.wanted, effort: undefined, messageEfforts: [] };
  return Array.from({ length: 3 }, () =>
    world.send(talk.worker.caller, {
      ...sent,
      wanted,
      endpoint: 'count_tokens',
      stream: false,
      at: talk.at + world.random.whole(0, 60),
      prompt: NO_PROMPT,
    }),
  );
};

/** A session in Claude Code that begins at `startsAt`: some instructions, each with its calls of tools. */
export const runCodeSession = (world: World, worker: Worker, startsAt: number): readonly Exchange[] => {
  const { random } = world;
  const system = random.whole(15_500, 17_500);
  const talk: Conversation = {
    worker,
    sessionId: random.uuid(),
    agentId: null,
    cachesLong: random.chance(0.25),
    ask: random.weighted(worker.habit.asks),
    at: startsAt,
    context: system + Math.round(random.skewed(9000, 0.8)),
    // Others of the organisation began lately with the same instructions and tools, or nobody did.
    cached: system,
    cachedUntil: random.chance(0.4) ? startsAt + 1 : 0,
  };
  const exchanges: Exchange[] = [];
  const instructions = 1 + random.count(2.6);
  for (let i = 0; i < instructions; i++) {
    if (random.chance(0.05)) exchanges.push(...countContext(world, talk));
    exchanges.push(...(random.chance(0.06) ? delegate(world, talk) : []), ...work(world, talk, 1.9));
    talk.at += Math.round(random.skewed(75_000, 1.1));
  }
  return exchanges;
};
