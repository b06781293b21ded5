import { Button, Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { User } from '../../../directory/contract.ts';
import type { SpendLimit, SpendSummary } from '../../../spend/contract.ts';
import { usePermission } from '../../data/session.ts';
import { effectiveLimitsQuery, fewLimitsQuery } from '../../data/spend-limits.ts';
import { type Column, DataTable } from '../../kit/data-table.tsx';
import { DisabledReason } from '../../kit/disabled-reason.tsx';
import { Loadable } from '../../kit/loadable.tsx';
import { joinReadings } from '../../kit/reading.ts';
import { SectionCard } from '../../kit/section-card.tsx';
import { NothingHere, Refused } from '../../kit/states.tsx';
import { UsageBar } from '../../kit/usage-bar.tsx';
import { LimitActions } from '../../parts/spend/limit-actions.tsx';
import { LimitDialog, type LimitSubject } from '../../parts/spend/limit-dialog.tsx';
import { newValues } from '../../parts/spend/limit-values.ts';
import { useScopeNames } from '../../parts/spend/use-scope-names.ts';
import { PERIOD_NAMES, perPeriod, sourceWords } from '../../parts/spend/words.ts';

/** What a member may spend in each period, where that comes from, and a limit of their own. */
export const MemberSpend = ({ user }: { readonly user: User }) => {
  const view = usePermission('billing:view');
  const manage = usePermission('billing:manage');
  const [subject, setSubject] = useState<LimitSubject | null>(null);
  return (
    <SectionCard
      title="Spend limits"
      description="What this member may spend, and which limit holds: their own goes before a group’s, a seat’s and the default."
      flush
      actions={
        <DisabledReason reason={manage.reason}>
          <Button
            size="xs"
            variant="default"
            onClick={() =>
              setSubject({ title: `Own limit of ${user.name}`, values: newValues('user', user.id), asks: 'period' })
            }
          >
            Set own limit
          </Button>
        </DisabledReason>
      }
    >
      {view.held ? <Effective user={user} onEdit={setSubject} /> : <Refused reason={view.reason ?? ''} />}
      <LimitDialog subject={subject} onClose={() => setSubject(null)} />
    </SectionCard>
  );
};

type Props = { readonly user: User; readonly onEdit: (subject: LimitSubject) => void };

const Effective = ({ user, onEdit }: Props) => {
  const effective = useQuery(effectiveLimitsQuery({ userId: user.id }, undefined));
  const limits = useQuery(fewLimitsQuery({ scope_type: ['user'], user_id: user.id }));
  const nameOf = useScopeNames((effective.data?.data ?? []).map(({ source }) => source));
  return (
    <Loadable
      query={joinReadings(effective, limits)}
      lines={2}
      isEmpty={([{ data }]) => data.length === 0}
      empty={
        <NothingHere>
          No limit holds for this member alone; only the organisation’s total and shared pools can stop them.
        </NothingHere>
      }
    >
      {([{ data }, own]) => (
        <>
          <DataTable
            label="Spend limits of this member"
            columns={columns({ nameOf, own, user, onEdit })}
            rows={data}
            rowKey={(row) => row.period}
          />
          <Sleeping limits={own.filter(({ is_enabled }) => !is_enabled)} />
        </>
      )}
    </Loadable>
  );
};

const Sleeping = ({ limits }: { readonly limits: readonly SpendLimit[] }) =>
  limits.length === 0 ? null : (
    <Text size="xs" c="dimmed" px="md" py="sm">
      An own limit {limits.map(({ period }) => perPeriod(period)).join(', ')} is switched off.
    </Text>
  );

type ColumnOptions = Props & { readonly nameOf: (id: string) => string; readonly own: readonly SpendLimit[] };

const columns = ({ nameOf, own, user, onEdit }: ColumnOptions): readonly Column<SpendSummary>[] => [
  { key: 'period', header: 'Period', cell: (row) => PERIOD_NAMES[row.period] },
  {
    key: 'used',
    header: 'Used so far',
    cell: (row) => (
      <Stack gap={0} maw={320}>
        <UsageBar used={row.period_to_date_spend} limit={row.amount} label={`Used ${perPeriod(row.period)}`} />
      </Stack>
    ),
  },
  { key: 'source', header: 'Comes from', cell: (row) => sourceWords(row.source, nameOf) },
  {
    key: 'actions',
    header: 'Actions',
    hideHeader: true,
    align: 'right',
    cell: (row) => {
      const limit = own.find(({ id }) => id === row.spend_limit_id);
      return limit === undefined ? <Group /> : <LimitActions limit={limit} whose={user.name} onEdit={onEdit} />;
    },
  },
];
