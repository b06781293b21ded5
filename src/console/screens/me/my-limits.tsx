import { Badge, Group, Text } from '@mantine/core';
import type { MySpendLimits } from '../../../spend/contract.ts';
import { FactRow } from '../../kit/fact-row.tsx';
import { formatAmount } from '../../kit/money.ts';
import { formatReset } from '../../kit/reset-words.ts';
import { SectionCard } from '../../kit/section-card.tsx';
import { NothingHere } from '../../kit/states.tsx';
import { UsageBar } from '../../kit/usage-bar.tsx';
import { PERIOD_NAMES, perPeriod } from '../../parts/spend/words.ts';

type Limit = MySpendLimits['limits'][number];

/** The limits that bind the person signed in; of shared ones, only whether they are reached. */
export const MyLimits = ({ usage }: { readonly usage: MySpendLimits }) => (
  <SectionCard
    title="Limits"
    description="A request needs room under each of these. At a limit, the next request is refused until the period starts again."
    flush
  >
    {usage.included !== null && <Included included={usage.included} />}
    {usage.limits.length === 0 && usage.included === null ? (
      <NothingHere>Nothing limits what you may spend.</NothingHere>
    ) : (
      usage.limits.map((limit) => (
        <FactRow
          key={`${limit.spend_limit_id}-${limit.period}`}
          title={titleOf(limit)}
          action={<State limit={limit} />}
        >
          <LimitWords limit={limit} />
        </FactRow>
      ))
    )}
  </SectionCard>
);

const WHOSE: Readonly<Record<Limit['kind'], string>> = {
  own: 'Your limit',
  group_pool: 'Shared by your group',
  organization: 'Shared by the whole organisation',
  prepaid: 'Balance of the organisation',
};

const titleOf = (limit: Limit): string => {
  const whose =
    limit.kind === 'group_pool' && limit.group_name !== null ? `Shared by ${limit.group_name}` : WHOSE[limit.kind];
  return limit.period === null ? whose : `${whose}, ${perPeriod(limit.period)}`;
};

const SOURCES: Readonly<Partial<Record<Limit['source']['type'], string>>> = {
  user: 'Set for you.',
  seat_tier: 'Comes with your seat.',
  organization: 'What every member has.',
};

const sourceOf = (limit: Limit): string => {
  if (limit.kind !== 'own') return 'Others spend from it too, so no figures are shown.';
  return limit.source.type === 'rbac_group'
    ? `Comes from ${limit.group_name ?? 'a group'}.`
    : (SOURCES[limit.source.type] ?? '');
};

const LimitWords = ({ limit }: { readonly limit: Limit }) => (
  <>
    {limit.kind === 'own' && limit.used !== null && (
      <UsageBar used={limit.used} limit={limit.amount} label={`Used of ${titleOf(limit)}`} />
    )}
    <Text size="xs" c="dimmed" mt={4}>
      {[
        limit.remaining === null ? '' : `${formatAmount(limit.remaining)} left.`,
        limit.resets_at === null ? '' : `Starts again ${formatReset(limit.resets_at, Date.now())}.`,
        sourceOf(limit),
      ]
        .filter((one) => one !== '')
        .join(' ')}
    </Text>
  </>
);

const STATES: Readonly<Record<Limit['state'], { readonly word: string; readonly color: string }>> = {
  open: { word: 'Room left', color: 'ink' },
  near: { word: 'Nearly reached', color: 'yellow' },
  reached: { word: 'Reached', color: 'red' },
};

const State = ({ limit }: { readonly limit: Limit }) => {
  const { word, color } = STATES[limit.state];
  return (
    <Badge variant="light" color={color}>
      {word}
    </Badge>
  );
};

const Included = ({ included }: { readonly included: NonNullable<MySpendLimits['included']> }) => (
  <FactRow
    title={
      <Group gap="xs">
        Included in your {included.seat_tier} seat, per {PERIOD_NAMES[included.period].toLowerCase()}
      </Group>
    }
  >
    <UsageBar used={included.used} limit={included.amount} label="Used of what your seat includes" />
    <Text size="xs" c="dimmed" mt={4}>
      {formatAmount(included.remaining)} left, spent first and against no limit. Starts again{' '}
      {formatReset(included.resets_at, Date.now())}.
    </Text>
  </FactRow>
);
