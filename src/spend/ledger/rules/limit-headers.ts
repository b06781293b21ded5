import { DAY_MS, dayOf, windowOf } from '../../../kernel/index.ts';
import { type Standing, standing } from './admit.ts';
import type { Ceiling } from './ceiling.ts';

/** When a ceiling's spend starts again at nothing (epoch ms); null where it never does. */
export const resetOf = ({ period }: Pick<Ceiling, 'period'>, at: number): number | null =>
  period === null ? null : windowOf(period, dayOf(at)).until * DAY_MS;

const shareOf = ({ ceiling, balance }: Standing): number =>
  ceiling.amountMicros <= 0 ? 1 : standing(balance) / ceiling.amountMicros;

const WARNINGS = [0.95, 0.75] as const;

const seconds = (ms: number): string => String(Math.floor(ms / 1000));

/** The fullest of some ceilings. */
export const fullest = (standings: readonly Standing[]): Standing | undefined =>
  standings.reduce<Standing | undefined>(
    (most, one) => (most === undefined || shareOf(one) > shareOf(most) ? one : most),
    undefined,
  );

const PREFIX = 'anthropic-ratelimit-unified';

/**
 * The headers by which Claude Code warns of a limit that is nearly reached, at 75 and 95 percent (claude-code-gateway
 * B5.4): of the fullest ceiling, below 1. None for callers without a ceiling. A flat list of names and values.
 */
export const usageHeaders = (standings: readonly Standing[], at: number): readonly string[] => {
  // The tier is the organisation's; a warning is about what the caller may spend.
  const most = fullest(standings.filter(({ ceiling }) => ceiling.scope.type !== 'usage_tier'));
  if (most === undefined) return [];
  const share = Math.min(0.99, Math.floor(shareOf(most) * 100) / 100);
  const passed = WARNINGS.find((threshold) => share >= threshold);
  const status = passed === undefined ? 'allowed' : 'allowed_warning';
  const reset = resetOf(most.ceiling, at);
  return [
    ...[`${PREFIX}-status`, status, `${PREFIX}-representative-claim`, 'overage'],
    ...[`${PREFIX}-overage-status`, status, `${PREFIX}-overage-utilization`, share.toFixed(2)],
    ...(passed === undefined ? [] : [`${PREFIX}-overage-surpassed-threshold`, String(passed)]),
    ...(reset === null ? [] : [`${PREFIX}-reset`, seconds(reset), `${PREFIX}-overage-reset`, seconds(reset)]),
  ];
};

/**
 * The headers of a request that a limit refuses. Without `representative-claim` and `overage-status`: with them the client
 * would put a text of its own in the place of ours.
 */
export const rejectionHeaders = (refused: Standing, at: number): readonly string[] => {
  const { ceiling } = refused;
  if (ceiling.scope.type === 'usage_tier') return [];
  const reset = resetOf(ceiling, at);
  const isShared = ceiling.scope.type === 'rbac_group_pool' || ceiling.scope.type === 'organization_total';
  return [
    ...[`${PREFIX}-status`, 'rejected', `${PREFIX}-overage-utilization`, Math.max(1, shareOf(refused)).toFixed(2)],
    ...[`${PREFIX}-overage-surpassed-threshold`, '1', `${PREFIX}-overage-disabled-reason`, 'org_spend_cap_reached'],
    ...(ceiling.period === null ? [] : [`${PREFIX}-overage-period`, ceiling.period]),
    ...(isShared ? [`${PREFIX}-overage-scope`, 'group_pool'] : []),
    ...(reset === null
      ? []
      : [
          ...[`${PREFIX}-reset`, seconds(reset), `${PREFIX}-overage-reset`, seconds(reset)],
          ...['retry-after', String(Math.max(1, Math.ceil((reset - at) / 1000)))],
        ]),
  ];
};
