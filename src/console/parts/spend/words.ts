import type { z } from 'zod';
import type { LadderStep, SpendLimit, SpendPeriod } from '../../../spend/contract.ts';
import type { Named } from '../../data/names.ts';

export type Period = z.output<typeof SpendPeriod>;
export type Scope = SpendLimit['scope'];
export type ScopeType = Scope['type'];
export type Mode = SpendLimit['mode'];

export const PERIOD_LIST = ['daily', 'weekly', 'monthly'] as const satisfies readonly Period[];

/** Periods as they stand in a table. */
export const PERIOD_NAMES: Readonly<Record<Period, string>> = { daily: 'Day', weekly: 'Week', monthly: 'Month' };

/** `per day`, or for what has no period, `per session`. */
export const perPeriod = (period: Period | null): string =>
  period === null ? 'per session' : `per ${PERIOD_NAMES[period].toLowerCase()}`;

/** When a period starts again. */
export const PERIOD_STARTS: Readonly<Record<Period, string>> = {
  daily: 'Starts again each day at 00:00 UTC.',
  weekly: 'Starts again each Monday at 00:00 UTC.',
  monthly: 'Starts again on the 1st of each month at 00:00 UTC.',
};

/** What a limit can be set for: what it is called, and what it does. */
export const SCOPE_WORDS: Readonly<Record<ScopeType, { readonly name: string; readonly meaning: string }>> = {
  organization_total: {
    name: 'Whole organisation',
    meaning: 'Everything the organisation spends together, members and service keys. Nothing goes past it.',
  },
  organization: {
    name: 'Default per member',
    meaning: 'What each member may spend who has no nearer limit: no own one, none of a group, none of their seat.',
  },
  seat_tier: { name: 'Seat type', meaning: 'What each member with this type of seat may spend.' },
  rbac_group: { name: 'Group, per member', meaning: 'What each member of the group may spend, each for themselves.' },
  rbac_group_pool: {
    name: 'Group, shared pool',
    meaning: 'What all members and service keys of the group may spend together, beside each one’s own limit.',
  },
  user: { name: 'Member', meaning: 'What this one member may spend. It goes before every other limit of theirs.' },
  workspace: { name: 'Workspace', meaning: 'What all keys of the workspace may spend together.' },
  api_key: { name: 'Key', meaning: 'What one key may spend, whoever uses it.' },
  session: {
    name: 'Session',
    meaning: 'What any one session of a client that names its sessions, such as Claude Code, may spend in all.',
  },
};

/** The two ways a limit is kept. */
export const MODE_WORDS: Readonly<Record<Mode, { readonly name: string; readonly meaning: string }>> = {
  standard: {
    name: 'Standard',
    meaning:
      'The request that crosses the limit may finish; the next one is refused. Spend can end a little above the limit.',
  },
  strict: {
    name: 'Strict',
    meaning:
      'Never a cent above. Each request holds what it could cost at worst, and long answers are cut to what is left, so requests are refused earlier.',
  },
};

/** What a step before the limit does, as a sentence. */
export const stepWords = (step: LadderStep): string => {
  switch (step.action) {
    case 'notify':
      return `${step.at_percent}%: tell people`;
    case 'lower_effort':
      return `${step.at_percent}%: effort at most ${step.effort}`;
    case 'restrict_models':
      return `${step.at_percent}%: only ${step.families.join(', ')}`;
    default:
      return step satisfies never;
  }
};

/** The id of what a scope names, with its kind, where it is something with a name to look up. */
export const namedBy = (scope: Scope): Named | null => {
  switch (scope.type) {
    case 'rbac_group':
    case 'rbac_group_pool':
      return { kind: 'group', id: scope.rbac_group_id };
    case 'user':
      return { kind: 'member', id: scope.user_id };
    case 'workspace':
      return { kind: 'workspace', id: scope.workspace_id };
    case 'api_key':
      return { kind: 'key', id: scope.api_key_id };
    case 'seat_tier':
    case 'organization':
    case 'organization_total':
    case 'session':
      return null;
    default:
      return scope satisfies never;
  }
};

/** Where a member's limit comes from, when it is read on their page. */
export const sourceWords = (source: Scope, nameOf: (id: string) => string): string => {
  switch (source.type) {
    case 'user':
      return 'Own limit';
    case 'rbac_group':
      return `Group ${nameOf(source.rbac_group_id)}`;
    case 'seat_tier':
      return `Seat type ${source.seat_tier}`;
    case 'organization':
      return 'Default of the organisation';
    default:
      return SCOPE_WORDS[source.type].name;
  }
};
