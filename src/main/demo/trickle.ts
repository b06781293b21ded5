import { createRandom, type Random } from './random.ts';

/** Whose requests trickle in: one conversation for each key, which grows until it is long and then begins anew. */
type Talker = { readonly key: string; session: string; turns: number; readonly asks: readonly Asked[] };

type Asked = { readonly model: string; readonly effort: string };

const PAUSE_MS = { least: 2500, most: 7000 } as const;
const TURNS_MAX = 12;
const CLIENT = 'claude-cli/2.1.330 (external, cli)';

// One list for each key, in the order of the keys: two things that are permitted, one that is lowered, one that is refused.
const ASKS: readonly (readonly Asked[])[] = [
  [
    { model: 'claude-sonnet-5-5', effort: 'high' },
    { model: 'claude-sonnet-5-5', effort: 'medium' },
    { model: 'claude-sonnet-5-5', effort: 'xhigh' },
    { model: 'claude-opus-5-5', effort: 'high' },
  ],
  [
    { model: 'claude-opus-5-5', effort: 'high' },
    { model: 'claude-opus-5-5', effort: 'xhigh' },
    { model: 'claude-opus-5-5', effort: 'max' },
    { model: 'claude-fable-5-2', effort: 'high' },
  ],
  [
    { model: 'claude-haiku-5-5', effort: 'medium' },
    { model: 'claude-sonnet-5-5', effort: 'medium' },
    { model: 'claude-sonnet-5-5', effort: 'high' },
    { model: 'claude-opus-5-5', effort: 'medium' },
  ],
  [
    { model: 'claude-sonnet-5-5', effort: 'low' },
    { model: 'claude-haiku-5-5', effort: 'medium' },
    { model: 'claude-sonnet-5-5', effort: 'medium' },
    { model: 'claude-opus-5-5', effort: 'high' },
  ],
];

const ASK_WEIGHTS = [55, 30, 12, 4] as const;

const TASKS = [
  'Find out why the gripper test fails on the second run and fix it.',
  'Add a retry with back-off to the telemetry uploader.',
  'Explain how the path planner chooses between two arms.',
  'Write a table of cases for the joint limit check.',
  'Summarise what changed in the conveyor driver this week.',
  'Rename the calibration module and keep the old import working.',
] as const;

// About as long as the instructions of a real client, so that the prompt cache has something to hold.
const INSTRUCTIONS = 'You help the engineers of Northwind Robotics with their code, tests and documents. '.repeat(700);

const bodyOf = (talker: Talker, { model, effort }: Asked, random: Random): string => {
  const messages = Array.from({ length: talker.turns }, (_, turn) => [
    { role: 'user', content: TASKS[turn % TASKS.length] },
    { role: 'assistant', content: 'Done. The tests pass; here is what I changed and why.' },
  ]).flat();
  const directive = random.weighted([
    ['', 92],
    [' [simulate:error 529]', 4],
    [' [simulate:slow 40]', 4],
  ]);
  const content = [{ type: 'text', text: `${random.pick(TASKS)}${directive}`, cache_control: { type: 'ephemeral' } }];
  return JSON.stringify({
    model,
    max_tokens: 4096,
    stream: true,
    output_config: { effort },
    system: [{ type: 'text', text: INSTRUCTIONS, cache_control: { type: 'ephemeral' } }],
    messages: [...messages, { role: 'user', content }],
  });
};

const say = async (url: string, talker: Talker, random: Random, signal: AbortSignal): Promise<void> => {
  const asked = random.weighted(talker.asks.map((one, index) => [one, ASK_WEIGHTS[index] ?? 1] as const));
  const leaves = random.chance(0.03) ? [AbortSignal.timeout(random.whole(30, 400))] : [];
  const response = await fetch(`${url}/v1/messages?beta=true`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${talker.key}`,
      'anthropic-version': '2023-06-01',
      'content-type': 'application/json',
      'user-agent': CLIENT,
      'x-claude-code-session-id': talker.session,
    },
    body: bodyOf(talker, asked, random),
    signal: AbortSignal.any([signal, ...leaves]),
  });
  await response.arrayBuffer();
  talker.turns += 1;
  if (talker.turns < TURNS_MAX) return;
  talker.turns = 0;
  talker.session = random.uuid();
};

/**
 * Sends a real request through the gateway at `url` every few seconds, from each of the keys in turn by chance. Answers
 * the function that ends it. What goes wrong with a request is the demonstration's to show, not to stop for.
 */
export const startTrickle = (url: string, keys: readonly string[]): (() => void) => {
  const random = createRandom(Date.now());
  const talkers = keys.map((key, index): Talker => {
    const asks = ASKS[index % ASKS.length] ?? [];
    return { key, session: random.uuid(), turns: 0, asks };
  });
  const ended = new AbortController();
  let timer: NodeJS.Timeout | undefined;

  const next = (): void => {
    timer = setTimeout(sayNext, random.whole(PAUSE_MS.least, PAUSE_MS.most));
  };
  const sayNext = (): void => {
    say(url, random.pick(talkers), random, ended.signal)
      .catch(() => undefined)
      .finally(() => {
        if (!ended.signal.aborted) next();
      });
  };
  if (talkers.length > 0) next();
  return () => {
    clearTimeout(timer);
    ended.abort();
  };
};
