import { describe, expect, it } from 'vitest';
import { linesOf } from '../show-plan.ts';
import type { Declared } from './declared.ts';
import type { PrepaidState, RatesState, SettingsState } from './money-state.ts';
import { makePlan } from './plan.ts';
import type { State } from './state.ts';
import { declared, group, limit, member, state } from './test-state.ts';

const SIGNS = { create: '+', update: '~', delete: '-' } as const;

const planOf = (said: Partial<Declared>, is: State) => {
  const plan = makePlan(declared(said), is);
  return { ...plan, words: linesOf(plan).map(({ change, sentence }) => `${SIGNS[change]} ${sentence}`) };
};

const SETTINGS: SettingsState = {
  multi_group_limit: 'lower',
  increase_requests: true,
  store_outage: { mode: 'closed', grace_seconds: 60 },
  thresholds: [75, 95],
  ask_for_more: { url: null, sentence: 'Ask Ada.' },
};
const PREPAID: PrepaidState = {
  is_enabled: false,
  mode: 'standard',
  auto_reload: { is_enabled: false, threshold: '0', amount: '0', monthly_maximum: null },
};
const RATES: RatesState = {
  tier: 'start',
  pools: [
    { id: 'rlg_opus', name: 'Opus', kind: 'model_group' },
    { id: 'rlg_batch', name: 'message batches', kind: 'batch' },
    { id: 'rlg_files', name: 'files', kind: 'files' },
  ],
  custom: { rlg_opus: { requests_per_minute: 20 }, rlg_batch: { requests_per_minute: 4 } },
  scale: { rlg_opus: { requests_per_minute: 10 }, rlg_batch: { requests_per_minute: 4 } },
  overrides: [
    { type: 'rbac_group', target: 'id of Night', pool: 'rlg_opus', limits: { requests_per_minute: 5 } },
    { type: 'user', target: 'id of ada@x.org', pool: 'rlg_all_models', limits: { tokens_per_day: 1000 } },
  ],
};
const FULL = state({
  spend: { settings: SETTINGS, prepaid: PREPAID, included: { premium: { amount: '2000', period: 'monthly' } } },
  rates: RATES,
  groups: [group('Night')],
  members: [member('ada@x.org')],
  workspaces: [
    { id: 'wrkspc_0', name: 'Default', isDefault: true },
    { id: 'wrkspc_1', name: 'Research' },
  ],
  keys: [
    { id: 'apikey_1', name: 'nightly' },
    { id: 'apikey_2', name: 'mine' },
    { id: 'apikey_3', name: 'mine' },
  ],
  limits: [limit('workspace', 'wrkspc_1'), limit('api_key', 'apikey_2', { period: 'daily' })],
});

type Case = readonly [name: string, said: Partial<Declared>, plan: readonly string[]];

describe('what has to be done about money and rates', () => {
  it.each<Case>([
    ['nothing, where nothing is said', { organisation: {}, workspaces: { Research: {} }, keys: { nightly: {} } }, []],
    [
      'nothing, where everything is so already',
      {
        organisation: {
          spend: { thresholds: [95, 75, 75], store_outage: { mode: 'closed' }, ask_for_more: { url: 'none' } },
          included: { premium: { amount: 20 }, basic: 'none' },
          prepaid: { enabled: false, auto_reload: { amount: 0 } },
          rates: { tier: 'start' },
        },
        groups: { Night: { rates: { rlg_opus: { requests_per_minute: 5, tokens_per_day: 'none' } } } },
        members: { 'ADA@x.org': { rates: { rlg_all_models: { tokens_per_day: 1000 } } } },
        workspaces: { Research: { limits: { monthly: 10 } } },
        keys: { apikey_2: { limits: { daily: 10, weekly: 'none' } } },
      },
      [],
    ],
    [
      'settings, what seats include and the prepaid balance, only where they differ; parts keep the rest',
      {
        organisation: {
          spend: {
            multi_group_limit: 'higher',
            increase_requests: true,
            thresholds: [90, 50],
            store_outage: { mode: 'open' },
            ask_for_more: { url: 'https://help.example/more' },
          },
          included: { premium: 'none', basic: 10, vip: { amount: 3, period: 'daily' } },
          prepaid: { enabled: true, auto_reload: { enabled: true, below: 50, amount: 200, monthly_maximum: 1000 } },
        },
      },
      [
        '~ of several groups’ limits, the one that counts: higher (was lower)',
        '~ people are told at these percentages of a limit: 50, 90 (was 75, 95)',
        '~ requests while the store cannot be reached: open for 60 s (was closed, a grace of 60 s)',
        '~ who needs more is sent to: https://help.example/more, “Ask Ada.” (was no address, “Ask Ada.”)',
        '~ a seat “premium” includes nothing (was $20.00 monthly)',
        '~ a seat “basic” includes $10.00 monthly (was nothing)',
        '~ a seat “vip” includes $3.00 daily (was nothing)',
        '~ spend counts against the prepaid balance: on',
        '~ credit is bought by itself: on, $200.00 below $50.00, at most $1,000.00 a month',
      ],
    ],
    [
      'the tier before its own numbers, and lower rates after the groups they are for',
      {
        organisation: {
          rates: {
            tier: 'custom',
            custom: {
              rlg_opus: { requests_per_minute: 'none', output_tokens_per_minute: 7000 },
              rlg_batch: { requests_per_minute: 4, enqueued_batch_requests: 9 },
            },
          },
        },
        groups: {
          Night: { rates: { rlg_opus: { requests_per_minute: 'none' }, rlg_files: { requests_per_minute: 0 } } },
          New: { rates: { rlg_all_models: { tokens_per_minute: 1_000_000 } } },
        },
        members: { 'ada@x.org': { rates: { rlg_all_models: { tokens_per_day: 2000 } } } },
        workspaces: { Research: { rates: { rlg_opus: { requests_per_minute: 3 } } } },
        keys: { apikey_3: { rates: { rlg_all_models: { requests_per_minute: 2 } } } },
      },
      [
        '~ rate tier of the organisation: custom (was start)',
        '~ rate limit of the organisation on Opus: 10 requests_per_minute (was 20)',
        '+ rate limit of the organisation on Opus: 7,000 output_tokens_per_minute (was none)',
        '+ rate limit of the organisation on message batches: 9 enqueued_batch_requests (was none)',
        '+ create the group “New”',
        '- rate limit of each member of the group “Night” on Opus: none requests_per_minute (was 5)',
        '+ rate limit of each member of the group “Night” on files: 0 requests_per_minute (was none)',
        '+ rate limit of each member of the group “New” on all models: 1,000,000 tokens_per_minute (was none)',
        '~ rate limit of ada@x.org on all models: 2,000 tokens_per_day (was 1,000)',
        '+ rate limit of the workspace “Research” on Opus: 3 requests_per_minute (was none)',
        '+ rate limit of the key “mine” on all models: 2 requests_per_minute (was none)',
      ],
    ],
    [
      'limits of workspaces and keys, by name or id',
      {
        workspaces: { Research: { limits: { monthly: { amount: 10, mode: 'strict', enabled: false }, daily: 1 } } },
        keys: { nightly: { limits: { monthly: 5 } }, apikey_2: { limits: { daily: 'none' } } },
      },
      [
        '+ daily limit of the workspace “Research”: $1.00',
        '~ monthly limit of the workspace “Research”: $10.00, strict, switched off (was $10.00)',
        '+ monthly limit of the key “nightly”: $5.00',
        '- take away the daily limit of the key “mine” ($10.00)',
      ],
    ],
    [
      'no limits of a group that is to be deleted',
      { groups: { Night: { absent: true, limits: { together: { daily: 1 } }, rates: { rlg_opus: {} } } } },
      ['- delete the group “Night”: its members stay, its service keys are revoked'],
    ],
  ])('%s', (_, said, plan) => {
    const { words, problems } = planOf(said, FULL);
    expect(problems).toEqual([]);
    expect(words).toEqual(plan);
  });
});

describe('what cannot be done', () => {
  const ladder = [{ at_percent: 90, action: 'restrict_models', families: ['haiku', 'sonet'] }] as const;
  const slow = { rlg_opus: { requests_per_minute: 1 } };
  it.each<readonly [name: string, said: Partial<Declared>, problems: readonly (readonly [string, string])[]]>([
    [
      'a family of models that nobody knows',
      {
        organisation: { limits: { total: { daily: { amount: 1, ladder } } } },
        groups: { Night: { limits: { each_member: { weekly: { amount: 1, ladder } } } } },
      },
      [
        [
          'organisation.limits.total.daily.ladder.0.families.1',
          'There is no family of models “sonet”. Did you mean “sonnet”?',
        ],
        [
          'groups.Night.limits.each_member.weekly.ladder.0.families.1',
          'There is no family of models “sonet”. Did you mean “sonnet”?',
        ],
      ],
    ],
    [
      'workspaces and keys that are not there, are called alike or stand twice',
      {
        workspaces: { Reserch: { limits: { monthly: 1 } } },
        keys: { weekly: {}, mine: { limits: { daily: 1 } }, nightly: {}, apikey_1: {} },
      },
      [
        ['workspaces.Reserch', 'There is no workspace with the name or id “Reserch”. Did you mean “Research”?'],
        [
          'keys.weekly',
          'There is no key with the name or id “weekly”. Keys are made in the console, by “remit keys” or by the API; admin keys spend nothing.',
        ],
        [
          'keys.mine',
          'There are 2 keys of the name “mine”. Write the id of the one that is meant: apikey_2, apikey_3.',
        ],
        ['keys.apikey_1', 'The key “nightly” (apikey_1) is in the files twice.'],
      ],
    ],
    [
      'numbers of a tier that has none of its own',
      { organisation: { rates: { custom: slow } } },
      [['organisation.rates.custom', 'Only the tier custom has numbers of its own. Say “tier: custom” too.']],
    ],
    [
      'rates on what has none, or by what it has not',
      {
        organisation: {
          rates: { tier: 'custom', custom: { rlg_all_models: slow.rlg_opus, rlg_files: { tokens_per_day: 1 } } },
        },
        groups: { Night: { rates: { rlg_opsu: slow.rlg_opus, rlg_batch: { enqueued_batch_requests: 1 } } } },
        workspaces: { Default: { rates: slow } },
      },
      [
        [
          'organisation.rates.custom.rlg_all_models',
          'There is no rate limit with the id “rlg_all_models” here. There are rlg_opus, rlg_batch, rlg_files.',
        ],
        [
          'organisation.rates.custom.rlg_files.tokens_per_day',
          'On files there is no tokens_per_day here; requests_per_minute can be limited.',
        ],
        ['groups.Night.rates.rlg_opsu', 'There is no rate limit with the id “rlg_opsu” here. Did you mean “rlg_opus”?'],
        [
          'groups.Night.rates.rlg_batch.enqueued_batch_requests',
          'On message batches there is no enqueued_batch_requests here; requests_per_minute can be limited.',
        ],
        [
          'workspaces.Default.rates',
          'The default workspace has no rate limits of its own; those of the organisation hold there.',
        ],
      ],
    ],
    [
      'credit that is bought by itself without an amount',
      { organisation: { prepaid: { auto_reload: { enabled: true, below: 10 } } } },
      [
        [
          'organisation.prepaid.auto_reload',
          'Say with “amount” how many dollars to buy at a time before credit is bought by itself.',
        ],
      ],
    ],
  ])('%s', (_, said, problems) => {
    const plan = planOf(said, FULL);
    expect(plan.problems.map(({ path, problem }) => [path.join('.'), problem])).toEqual(problems);
  });
});
