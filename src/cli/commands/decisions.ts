import type { Command } from 'commander';
import { type Decision, type DecisionDetail, getDecision, listDecisions } from '../../gateway/contract.ts';
import type { OpenContext } from '../context.ts';
import { findUser } from '../find.ts';
import { oneOf, pageSize } from '../options.ts';
import { type Column, renderTable } from '../table.ts';

const EFFECTS = ['allow', 'clamp', 'deny'] as const;
const CENTS_PER_DOLLAR = 100;

/** Dollars with the digits a single request needs. */
const costOf = ({ cost }: Decision): string =>
  cost === null ? '-' : `$${(Number(cost.amount) / CENTS_PER_DOLLAR).toFixed(4)}${cost.estimated ? '~' : ''}`;

const whoOf = ({ user, rbac_group, api_key }: Decision): string =>
  user?.email ?? (rbac_group === null ? (api_key?.name ?? '-') : `${rbac_group.name} / ${api_key?.name ?? '-'}`);

const changed = (asked: string | null, used: string | null): string =>
  used === null || used === asked ? (asked ?? '-') : `${asked ?? '-'} → ${used}`;

const tokensOf = ({ usage }: Decision): string => {
  if (usage === null) return '-';
  const { input_tokens, cache_read_input_tokens, cache_creation } = usage;
  const written = cache_creation.ephemeral_5m_input_tokens + cache_creation.ephemeral_1h_input_tokens;
  return `${input_tokens + cache_read_input_tokens + written} / ${usage.output_tokens}`;
};

const COLUMNS: readonly Column<Decision>[] = [
  { heading: 'time', of: ({ created_at }) => created_at.slice(0, 19).replace('T', ' ') },
  { heading: 'who', of: whoOf },
  { heading: 'decision', of: ({ effect }) => effect },
  { heading: 'model', of: ({ model }) => changed(model.asked, model.used) },
  { heading: 'effort', of: ({ effort }) => changed(effort.asked, effort.used) },
  { heading: 'outcome', of: ({ outcome }) => outcome },
  { heading: 'tokens in / out', of: tokensOf, isNumber: true },
  { heading: 'cost', of: costOf, isNumber: true },
  { heading: 'request', of: ({ id }) => id },
];

const inWords = (decision: DecisionDetail): string =>
  [
    `${decision.id}: ${decision.effect}, ${decision.outcome}${decision.status === null ? '' : ` (HTTP ${decision.status})`}`,
    `  when     ${decision.created_at}, policy version ${decision.policy_version}`,
    `  who      ${whoOf(decision)}${decision.client === null ? '' : `, with ${decision.client}`}`,
    `  model    ${changed(decision.model.asked, decision.model.used)}`,
    `  effort   ${changed(decision.effort.asked, decision.effort.used)}${decision.effort.cap === null ? '' : ` (at most ${decision.effort.cap})`}`,
    `  tokens   ${tokensOf(decision)}, ${costOf(decision)}`,
    ...decision.findings.map(({ effect, rule, explanation }) => `  ${effect.padEnd(8)} ${rule}: ${explanation}`),
  ].join('\n');

type ListOptions = { readonly user?: string; readonly effect?: (typeof EFFECTS)[number]; readonly limit: number };

/** `remit decisions` lists requests; `remit decision` explains one. */
export const addDecisions = (program: Command, open: OpenContext): void => {
  program
    .command('decisions')
    .description('list requests and what was decided about them, newest first (cost with ~ is an estimate)')
    .option('--user <id|email>', 'only requests of this member')
    .option('--effect <effect>', `only those that were decided so: ${EFFECTS.join(', ')}`, oneOf(EFFECTS))
    .option('--limit <number>', 'how many at most', pageSize, 20)
    .action(async ({ user, effect, limit }: ListOptions, command: Command) => {
      const { call, show } = open(command);
      const user_id = user === undefined ? undefined : (await findUser(call, user)).id;
      const reply = await call(listDecisions, { query: { user_id, effect, limit } });
      show(reply, ({ data }) => renderTable(data, COLUMNS, 'No requests.'));
    });
  program
    .command('decision <request-id>')
    .description('explain what was decided about one request')
    .action(async (requestId: string, _, command: Command) => {
      const { call, show } = open(command);
      show(await call(getDecision, { params: { request_id: requestId } }), inWords);
    });
};
