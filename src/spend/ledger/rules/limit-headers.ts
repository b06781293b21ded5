import { DAY_MS, dayOf, windowOf } from '../../../kernel/index.ts';
import { type Standing, standing } from './admit.ts';
import type { Ceiling } from './ceiling.ts';

/** When a ceiling's spend starts again at nothing (epoch ms); null where it never does. */
export const resetOf = ({ period }: Pick<Ceiling, 'period'>, at: number): number | null =>
  period === null ? null : windowOf(period, dayOf(at)).until * DAY_MS;

const shareOf = ({ ceiling, balance }: Standing): number =>
  ceiling.amountMicros <= 0 ? 1 : standing(balance) / ceiling.amountMicros;

/** Percentages that are warned of, the higher first. */
const WARNINGS = [95, 75] as const;

const seconds = (ms: number): string => String(Math.floor(ms / 1000));

const PREFIX = 'anthropic-ratelimit-unified';

const STATUS = `${PREFIX}-status`;
const UTILIZATION = `${PREFIX}-overage-utilization`;
const THRESHOLD = `${PREFIX}-overage-surpassed-threshold`;
const RESET = `${PREFIX}-reset`;
const OVERAGE_RESET = `${PREFIX}-overage-reset`;

const linesOf = (percent: number): string => {
  const passed = WARNINGS.find((threshold) => percent >= threshold);
  const status = passed === undefined ? 'allowed' : 'allowed_warning';
  return [
    `${STATUS}: ${status}`,
    `${PREFIX}-representative-claim: overage`,
    `${PREFIX}-overage-status: ${status}`,
    `${UTILIZATION}: ${(percent / 100).toFixed(2)}`,
    ...(passed === undefined ? [] : [`${THRESHOLD}: ${passed / 100}`]),
  ]
    .map((line) => `${line}\r\n`)
    .join('');
};

/** What answers say by how full the fullest limit is, written once: each of them says one of these. */
const LINES = Array.from({ length: 100 }, (_, percent) => linesOf(percent));

/** The resets of a day are few: the next midnight, Monday and 1st. */
const RESETS_KEPT_MAX = 16;

const resetTexts = new Map<number, string>();

const resetLines = (reset: number): string => {
  const known = resetTexts.get(reset);
  if (known !== undefined) return known;
  if (resetTexts.size >= RESETS_KEPT_MAX) resetTexts.clear();
  const second = seconds(reset);
  const text = [RESET, ': ', second, '\r\n', OVERAGE_RESET, ': ', second, '\r\n'].join('');
  resetTexts.set(reset, text);
  return text;
};

/** The fullest ceiling that is the caller's: the tier is the organisation's, and a warning is about what the caller may spend. */
const fullestOfCaller = (standings: readonly Standing[]): Standing | undefined => {
  let most: Standing | undefined;
  let share = 0;
  for (const one of standings) {
    if (one.ceiling.scope.type === 'usage_tier') continue;
    const its = shareOf(one);
    if (most !== undefined && its <= share) continue;
    most = one;
    share = its;
  }
  return most;
};

/**
 * The headers by which Claude Code warns of a limit that is nearly reached, at 75 and 95 percent (claude-code-gateway
 * B5.4): of the fullest ceiling, below 1. None for callers without a ceiling. As lines, each with its end.
 */
export const usageLines = (standings: readonly Standing[], at: number): string => {
  const most = fullestOfCaller(standings);
  if (most === undefined) return '';
  const percent = Math.max(0, Math.min(99, Math.floor(shareOf(most) * 100)));
  const lines = LINES[percent] ?? '';
  const reset = resetOf(most.ceiling, at);
  return reset === null ? lines : lines + resetLines(reset);
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
    ...[STATUS, 'rejected', UTILIZATION, Math.max(1, shareOf(refused)).toFixed(2)],
    ...[THRESHOLD, '1', `${PREFIX}-overage-disabled-reason`, 'org_spend_cap_reached'],
    ...(ceiling.period === null ? [] : [`${PREFIX}-overage-period`, ceiling.period]),
    ...(isShared ? [`${PREFIX}-overage-scope`, 'group_pool'] : []),
    ...(reset === null
      ? []
      : [
          ...[RESET, seconds(reset), OVERAGE_RESET, seconds(reset)],
          ...['retry-after', String(Math.max(1, Math.ceil((reset - at) / 1000)))],
        ]),
  ];
};
