import type { HabitName } from './organisation.ts';

/** What somebody types into `model` and sends as effort; undefined leaves the field out. */
export type Ask = { readonly model: string; readonly effort: string | undefined };

/** When somebody works: office hours of their own clock, all day with a peak, or a run in the night. */
export type Rhythm = 'office' | 'all-day' | 'nightly';

/** How somebody works with Claude. */
export type Habit = {
  readonly rhythm: Rhythm;
  /** Sessions on an ordinary working day. */
  readonly sessionsPerDay: number;
  /** What a session in Claude Code asks for, with weights; asks beyond one's rights are part of life. */
  readonly asks: readonly (readonly [Ask, number])[];
  /** What somebody falls back to after a refusal. */
  readonly staple: Ask;
  /** The part of sessions that are programs calling the API, and what those ask for. */
  readonly scripts: { readonly share: number; readonly asks: readonly (readonly [ScriptAsk, number])[] };
};

/** A program's request; older models are told how much to think by a budget. */
export type ScriptAsk = Ask & { readonly thinkingBudget?: number };

const ask = (model: string, effort?: string): Ask => ({ model, effort });

const OPUS = 'claude-opus-5-5';
const SONNET = 'claude-sonnet-5-5';
const FABLE = 'claude-fable-5-2';
const HAIKU = 'claude-haiku-5-5';

const NO_SCRIPTS: Habit['scripts'] = { share: 0, asks: [] };

/** The habits of people, by name. */
export const HABITS: Readonly<Record<HabitName, Habit>> = {
  deep: {
    rhythm: 'office',
    sessionsPerDay: 2.1,
    asks: [
      [ask(OPUS, 'high'), 40],
      [ask(OPUS, 'xhigh'), 22],
      [ask(OPUS, 'max'), 3],
      [ask(SONNET, 'high'), 20],
      [ask('default'), 8],
      [ask('claude-opus-5', 'high'), 4],
      [ask(FABLE, 'high'), 4],
    ],
    staple: ask(OPUS, 'high'),
    scripts: {
      share: 0.08,
      asks: [
        [ask('claude-sonnet-latest'), 3],
        [ask(HAIKU, 'low'), 2],
        [ask('claude-opus-4-8'), 1],
      ],
    },
  },
  coding: {
    rhythm: 'office',
    sessionsPerDay: 1.9,
    asks: [
      [ask(SONNET, 'medium'), 42],
      [ask(SONNET, 'high'), 30],
      [ask(SONNET, 'xhigh'), 4],
      [ask(SONNET), 8],
      [ask('claude-sonnet-5', 'high'), 6],
      [ask(OPUS, 'high'), 8],
      [ask(HAIKU, 'medium'), 6],
    ],
    staple: ask(SONNET, 'high'),
    scripts: {
      share: 0.06,
      asks: [
        [ask(HAIKU, 'low'), 3],
        [{ ...ask('claude-sonnet-4-5'), thinkingBudget: 4000 }, 1],
        [{ ...ask('claude-sonnet-4-5'), thinkingBudget: 32_000 }, 1],
      ],
    },
  },
  data: {
    rhythm: 'office',
    sessionsPerDay: 1.5,
    asks: [
      [ask(SONNET, 'high'), 45],
      [ask(SONNET, 'medium'), 25],
      [ask(OPUS, 'xhigh'), 5],
      [ask('claude-sonnet-4-6', 'high'), 8],
    ],
    staple: ask(SONNET, 'high'),
    scripts: {
      share: 0.35,
      asks: [
        [ask(HAIKU, 'low'), 5],
        [ask('claude-haiku-4-5'), 2],
        [ask(SONNET, 'medium'), 3],
        [ask('claude-opus-latest', 'medium'), 0.4],
      ],
    },
  },
  research: {
    rhythm: 'office',
    sessionsPerDay: 1.4,
    asks: [
      [ask(FABLE, 'max'), 14],
      [ask(FABLE, 'high'), 22],
      [ask(OPUS, 'xhigh'), 26],
      [ask(OPUS, 'max'), 4],
      [ask(OPUS, 'high'), 20],
      [ask('claude-mythos-5-2', 'high'), 3],
    ],
    staple: ask(OPUS, 'xhigh'),
    scripts: {
      share: 0.25,
      asks: [
        [ask(FABLE, 'medium'), 2],
        [ask(SONNET, 'high'), 3],
        [ask('claude-opus-4-6', 'max'), 0.3],
      ],
    },
  },
  support: {
    rhythm: 'office',
    sessionsPerDay: 1.3,
    asks: [
      [ask(HAIKU, 'medium'), 50],
      [ask(SONNET, 'medium'), 30],
      [ask(SONNET, 'high'), 7],
      [ask(SONNET), 8],
      [ask('opus', 'high'), 5],
    ],
    staple: ask(HAIKU, 'medium'),
    scripts: NO_SCRIPTS,
  },
  design: {
    rhythm: 'office',
    sessionsPerDay: 0.9,
    asks: [
      [ask(SONNET, 'medium'), 55],
      [ask('sonnet'), 20],
      [ask(HAIKU, 'medium'), 15],
      [ask('claude-opus-5', 'high'), 4],
    ],
    staple: ask(SONNET, 'medium'),
    scripts: NO_SCRIPTS,
  },
  contract: {
    rhythm: 'office',
    sessionsPerDay: 1.4,
    asks: [
      [ask(SONNET, 'low'), 50],
      [ask(SONNET, 'medium'), 9],
      [ask(SONNET), 14],
      [ask(HAIKU, 'medium'), 20],
      [ask(OPUS, 'high'), 7],
    ],
    staple: ask(SONNET, 'low'),
    scripts: NO_SCRIPTS,
  },
  leading: {
    rhythm: 'office',
    sessionsPerDay: 0.8,
    asks: [
      [ask('default'), 20],
      [ask(OPUS, 'high'), 40],
      [ask(SONNET, 'medium'), 30],
      [ask(FABLE, 'high'), 8],
    ],
    staple: ask(SONNET, 'medium'),
    scripts: NO_SCRIPTS,
  },
};

/** The habits of service keys, by the key's name. */
export const SERVICE_HABITS: Readonly<Record<string, Habit>> = {
  'CI: pull request review': {
    rhythm: 'all-day',
    sessionsPerDay: 4.5,
    asks: [
      [ask(SONNET, 'high'), 60],
      [ask(HAIKU, 'medium'), 30],
      [ask(SONNET, 'xhigh'), 3],
    ],
    staple: ask(SONNET, 'high'),
    scripts: NO_SCRIPTS,
  },
  'Nightly data pipelines': {
    rhythm: 'nightly',
    sessionsPerDay: 4,
    asks: [],
    staple: ask(HAIKU, 'low'),
    scripts: {
      share: 1,
      asks: [
        [ask(HAIKU, 'low'), 6],
        [ask('claude-haiku-4-5'), 3],
        [ask('claude-opus-4-8', 'low'), 0.15],
      ],
    },
  },
};
