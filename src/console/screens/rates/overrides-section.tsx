import { Button, Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import {
  exportRateLimitOverrides,
  type RateLimitOverride,
  type RateLimitValue,
  targetOfScope,
} from '../../../spend/contract.ts';
import { rateOverridesQuery } from '../../data/rates.ts';
import { usePermission } from '../../data/session.ts';
import { AddButton } from '../../kit/add-button.tsx';
import type { Column } from '../../kit/data-table.tsx';
import { DisabledReason } from '../../kit/disabled-reason.tsx';
import { LoadableTable } from '../../kit/loadable-table.tsx';
import { SectionCard } from '../../kit/section-card.tsx';
import { CsvButton } from '../../parts/csv-button.tsx';
import { OverrideDialog, type OverrideDraft } from './override-dialog.tsx';
import { ALL_MODELS, groupName, limitWords, RATE_SCOPES, SETTABLE } from './words.ts';

const NEW: OverrideDraft = { type: 'user', target: '', pool: ALL_MODELS, numbers: {}, isFixed: false };

/** Lower limits of workspaces, groups, members and keys inside of the organisation's. */
export const OverridesSection = () => {
  const { reason } = usePermission('billing:manage');
  const overrides = useQuery(rateOverridesQuery);
  const [draft, setDraft] = useState<OverrideDraft | null>(null);
  return (
    <SectionCard
      title="Lower limits"
      description="So that nobody uses up what everybody shares. The lowest that binds a request holds."
      flush
      actions={
        <Group gap="xs">
          <CsvButton of={exportRateLimitOverrides} label="Download lower limits as CSV" />
          <AddButton label="Set a lower limit" reason={reason} onAdd={() => setDraft(NEW)} />
        </Group>
      }
    >
      <LoadableTable
        query={overrides}
        empty="Nobody has a lower limit: a single member may use all of what the tier lets through."
        label="Lower limits"
        columns={columns(reason, (row) => setDraft(draftOf(row)))}
        rowKey={(row) => `${row.scope.type}-${targetOfScope(row.scope)}-${row.rate_limit_id}`}
      />
      <OverrideDialog draft={draft} onClose={() => setDraft(null)} />
    </SectionCard>
  );
};

const draftOf = (row: RateLimitOverride): OverrideDraft => ({
  type: row.scope.type,
  target: targetOfScope(row.scope),
  pool: row.rate_limit_id,
  numbers: Object.fromEntries(row.limits.map(({ type, value }) => [type, value])),
  isFixed: true,
});

const placeOf = ({ type }: RateLimitValue): number => (SETTABLE as readonly string[]).indexOf(type);

const inOrder = (limits: readonly RateLimitValue[]): readonly RateLimitValue[] =>
  limits.toSorted((one, other) => placeOf(one) - placeOf(other));

const columns = (
  reason: string | null,
  onEdit: (row: RateLimitOverride) => void,
): readonly Column<RateLimitOverride>[] => [
  {
    key: 'for',
    header: 'For',
    sortBy: ({ scope, name }) => name ?? targetOfScope(scope),
    cell: ({ scope, name }) => (
      <Stack gap={0}>
        <Text size="sm" fw={500}>
          {name ?? targetOfScope(scope)}
        </Text>
        <Text size="xs" c="dimmed">
          {RATE_SCOPES[scope.type].name}
        </Text>
      </Stack>
    ),
  },
  { key: 'pool', header: 'On', sortBy: ({ group }) => groupName(group), cell: ({ group }) => groupName(group) },
  {
    key: 'limits',
    header: 'At most',
    cell: ({ limits }) => <span className="figures">{inOrder(limits).map(limitWords).join(' · ')}</span>,
  },
  {
    key: 'actions',
    header: 'Actions',
    hideHeader: true,
    align: 'right',
    cell: (row) => (
      <DisabledReason reason={reason}>
        <Button
          size="compact-xs"
          variant="default"
          aria-label={`Change the lower limit of ${row.name ?? targetOfScope(row.scope)} on ${groupName(row.group)}`}
          onClick={() => onEdit(row)}
        >
          Change
        </Button>
      </DisabledReason>
    ),
  },
];
