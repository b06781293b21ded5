import { BRINGS_NOTHING } from '../../access/index.ts';
import { BYTES_PER_TOKEN, NO_PROMPT } from './answer.ts';
import type { Exchange, Worker, World } from './world.ts';

/** A program that calls the API a few times, each call for itself behind the same instructions. */
export const runScript = (world: World, worker: Worker, startsAt: number): readonly Exchange[] => {
  const { random } = world;
  const { asks } = worker.habit.scripts;
  const { model, effort, thinkingBudget = null } = random.weighted(asks);
  const client = random.chance(0.7) ? 'Anthropic/Python 1.4.2' : 'Anthropic/JS 1.12.0';
  const system = random.chance(0.6) ? random.whole(2000, 9000) : 0;
  const stream = random.chance(0.25);
  const exchanges: Exchange[] = [];
  const calls = 1 + random.count(7);
  let at = startsAt;
  for (let i = 0; i < calls; i++) {
    const own = Math.round(random.skewed(1400, 0.8));
    const exchange = world.send(worker.caller, {
      at,
      endpoint: 'messages',
      wanted: { model, effort, messageEfforts: [], thinkingBudget, fallbackModels: [], ...BRINGS_NOTHING },
      client: { client, sessionId: null, agentId: null, parentAgentId: null },
      stream,
      bodyBytes: Math.round((system + own) * BYTES_PER_TOKEN) + 400,
      prompt: {
        ...NO_PROMPT,
        inputTokens: own,
        cacheReadTokens: i === 0 ? 0 : system,
        cacheWrite5mTokens: i === 0 ? system : 0,
      },
      usualTokens: 320,
      stopReason: 'end_turn',
    });
    exchanges.push(exchange);
    // A program that is refused says so and ends.
    if (exchange.ending === null) break;
    at = exchange.ending.endedAt + random.whole(50, 2500);
  }
  return exchanges;
};
