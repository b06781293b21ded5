import { Badge, Button, Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { RateLimit, RateTier } from '../../../spend/contract.ts';
import { rateLimitsQuery, rateTierQuery } from '../../data/rates.ts';
import { usePermission } from '../../data/session.ts';
import { type Column, DataTable } from '../../kit/data-table.tsx';
import { DisabledReason } from '../../kit/disabled-reason.tsx';
import { Loadable } from '../../kit/loadable.tsx';
import { formatAmount } from '../../kit/money.ts';
import { joinReadings } from '../../kit/reading.ts';
import { SectionCard } from '../../kit/section-card.tsx';
import { ChangeTier } from './change-tier.tsx';
import { OwnNumbers } from './own-numbers.tsx';
import { groupName, shortLimit, TIER_WORDS } from './words.ts';

type TierName = RateTier['tier'];

const COMPARED: readonly TierName[] = ['start', 'build', 'scale'];

/** The tier the organisation is in, and what each tier lets through. */
export const TierSection = () => {
  const { reason } = usePermission('billing:manage');
  const tier = useQuery(rateTierQuery);
  const pools = useQuery(rateLimitsQuery);
  const [changing, setChanging] = useState(false);
  const [editing, setEditing] = useState<RateLimit | null>(null);
  return (
    <SectionCard
      title="Tier"
      description="What the organisation as a whole may use in a minute. A change holds from the next request on."
      flush
      actions={
        <DisabledReason reason={reason}>
          <Button size="xs" variant="default" onClick={() => setChanging(true)} disabled={tier.data === undefined}>
            Change tier
          </Button>
        </DisabledReason>
      }
    >
      <Loadable query={joinReadings(tier, pools)}>
        {([data, all]) => (
          <>
            <Current tier={data} />
            <DataTable
              label="Tiers"
              columns={columns({ tier: data, reason, onEdit: setEditing })}
              rows={all}
              rowKey={(row) => row.id}
            />
            <ChangeTier opened={changing} tier={data} onClose={() => setChanging(false)} />
            <OwnNumbers pool={editing} onClose={() => setEditing(null)} />
          </>
        )}
      </Loadable>
    </SectionCard>
  );
};

const Current = ({ tier: { tier, monthly_spend_cap } }: { readonly tier: RateTier }) => (
  <Group px="md" pb="sm" gap="sm">
    <Badge size="lg" variant="light">
      {TIER_WORDS[tier].name}
    </Badge>
    <Text size="sm">
      {TIER_WORDS[tier].meaning}
      {monthly_spend_cap === null ? '' : ` At most ${formatAmount(monthly_spend_cap)} a month may be spent in it.`}
    </Text>
  </Group>
);

type Options = {
  readonly tier: RateTier;
  readonly reason: string | null;
  readonly onEdit: (pool: RateLimit) => void;
};

const columns = ({ tier, reason, onEdit }: Options): readonly Column<RateLimit>[] => [
  {
    key: 'pool',
    header: 'On',
    cell: (row) => (
      <Text size="sm" fw={500} title={row.models?.join(', ')}>
        {groupName(row.group)}
      </Text>
    ),
  },
  ...COMPARED.map((name) => ({
    key: name,
    header: TIER_WORDS[name].name,
    cell: (row: RateLimit) => <Numbers limits={limitsIn(tier, name, row.id)} isCurrent={tier.tier === name} />,
  })),
  ...(tier.tier === 'custom'
    ? [
        {
          key: 'custom',
          header: 'Yours',
          cell: (row: RateLimit) => (
            <Group gap="xs" wrap="nowrap">
              <Numbers limits={row.limits} isCurrent />
              <DisabledReason reason={reason}>
                <Button
                  size="compact-xs"
                  variant="default"
                  aria-label={`Set numbers for ${groupName(row.group)}`}
                  onClick={() => onEdit(row)}
                >
                  Set
                </Button>
              </DisabledReason>
            </Group>
          ),
        },
      ]
    : []),
];

const limitsIn = ({ tiers }: RateTier, name: TierName, id: string): RateLimit['limits'] =>
  tiers.find(({ tier }) => tier === name)?.limits.find(({ rate_limit_id }) => rate_limit_id === id)?.limits ?? [];

const Numbers = ({ limits, isCurrent }: { readonly limits: RateLimit['limits']; readonly isCurrent: boolean }) => (
  <Stack gap={0}>
    {limits.map((limit) => (
      <Text
        key={limit.type}
        size="xs"
        fw={isCurrent ? 600 : undefined}
        c={isCurrent ? undefined : 'dimmed'}
        className="figures"
        style={{ whiteSpace: 'nowrap' }}
      >
        {shortLimit(limit)}
      </Text>
    ))}
  </Stack>
);
