import { Button, Group, Stack, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { RateLimitOverride, RateLimitValue, RateScope } from '../../../spend/contract.ts';
import { rateOverridesQuery } from '../../data/rates.ts';
import { usePermission } from '../../data/session.ts';
import { type Column, DataTable } from '../../kit/data-table.tsx';
import { DisabledReason } from '../../kit/disabled-reason.tsx';
import { Loadable } from '../../kit/loadable.tsx';
import { SectionCard } from '../../kit/section-card.tsx';
import { NothingHere } from '../../kit/states.tsx';
import { OverrideDialog, type OverrideDraft } from './override-dialog.tsx';
import { ALL_MODELS, groupName, RATE_SCOPES, SETTABLE, shortLimit } from './words.ts';

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
        <DisabledReason reason={reason}>
          <Button
            size="xs"
            variant="default"
            leftSection={<IconPlus size={14} aria-hidden />}
            onClick={() => setDraft(NEW)}
          >
            Set a lower limit
          </Button>
        </DisabledReason>
      }
    >
      <Loadable
        query={overrides}
        lines={3}
        isEmpty={(all) => all.length === 0}
        empty={
          <NothingHere>
            Nobody has a lower limit: a single member may use all of what the tier lets through.
          </NothingHere>
        }
      >
        {(all) => (
          <DataTable
            label="Lower limits"
            columns={columns(reason, (row) => setDraft(draftOf(row)))}
            rows={all}
            rowKey={(row) => `${row.scope.type}-${targetOf(row.scope)}-${row.rate_limit_id}`}
          />
        )}
      </Loadable>
      <OverrideDialog draft={draft} onClose={() => setDraft(null)} />
    </SectionCard>
  );
};

const targetOf = (scope: RateScope): string => {
  switch (scope.type) {
    case 'workspace':
      return scope.workspace_id;
    case 'rbac_group':
      return scope.rbac_group_id;
    case 'user':
      return scope.user_id;
    case 'api_key':
      return scope.api_key_id;
    default:
      return scope satisfies never;
  }
};

const draftOf = (row: RateLimitOverride): OverrideDraft => ({
  type: row.scope.type,
  target: targetOf(row.scope),
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
    cell: ({ scope, name }) => (
      <Stack gap={0}>
        <Text size="sm" fw={500}>
          {name ?? targetOf(scope)}
        </Text>
        <Text size="xs" c="dimmed">
          {RATE_SCOPES[scope.type].name}
        </Text>
      </Stack>
    ),
  },
  { key: 'pool', header: 'On', cell: ({ group }) => groupName(group) },
  {
    key: 'limits',
    header: 'Per minute',
    cell: ({ limits }) => (
      <Group gap="md" className="figures">
        {inOrder(limits).map(shortLimit).join(' · ')}
      </Group>
    ),
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
          aria-label={`Change the lower limit of ${row.name ?? targetOf(row.scope)} on ${groupName(row.group)}`}
          onClick={() => onEdit(row)}
        >
          Change
        </Button>
      </DisabledReason>
    ),
  },
];
