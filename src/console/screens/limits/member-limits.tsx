import { Box, Button, Group, NativeSelect, Stack, Text } from '@mantine/core';
import { IconUser } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { exportEffectiveSpendLimits, type SpendSummary } from '../../../spend/contract.ts';
import { usePermission } from '../../data/session.ts';
import { effectiveLimitsQuery } from '../../data/spend-limits.ts';
import { type Column, DataTable } from '../../kit/data-table.tsx';
import { DisabledReason } from '../../kit/disabled-reason.tsx';
import { TextLink } from '../../kit/links.tsx';
import { Loadable } from '../../kit/loadable.tsx';
import { PageSteps } from '../../kit/page-steps.tsx';
import { Nothing } from '../../kit/states.tsx';
import { UsageBar } from '../../kit/usage-bar.tsx';
import { useTrail } from '../../kit/use-trail.ts';
import { CsvButton } from '../../parts/csv-button.tsx';
import { MemberSelect } from '../../parts/member-select.tsx';
import { actorName, actorUserId } from '../../parts/spend/actor-words.ts';
import type { LimitSubject } from '../../parts/spend/limit-dialog.tsx';
import { newValues } from '../../parts/spend/limit-values.ts';
import { useScopeNames } from '../../parts/spend/use-scope-names.ts';
import { PERIOD_LIST, PERIOD_NAMES, type Period, perPeriod, sourceWords } from '../../parts/spend/words.ts';

type Props = { readonly onEdit: (subject: LimitSubject) => void };

/** What each member may spend after all, a page of members at a time. */
export const MemberLimits = ({ onEdit }: Props) => {
  const [userId, setUserId] = useState<string | undefined>();
  const [period, setPeriod] = useState<Period | undefined>();
  const [trail, setTrail] = useTrail(`${userId ?? ''} ${period ?? ''}`);
  const summaries = useQuery(effectiveLimitsQuery({ userId, period }, trail.at(-1)));
  return (
    <Box className="card">
      <Group p="sm" gap="md">
        <MemberSelect label="Member" placeholder="Any member" value={userId} onChange={setUserId} />
        <NativeSelect
          size="xs"
          aria-label="Period"
          value={period ?? ''}
          data={[
            { value: '', label: 'Any period' },
            ...PERIOD_LIST.map((value) => ({ value, label: PERIOD_NAMES[value] })),
          ]}
          onChange={(event) => setPeriod(PERIOD_LIST.find((one) => one === event.currentTarget.value))}
        />
        <Text size="xs" c="dimmed" flex={1} miw={200}>
          One line for each period in which a limit holds for a member alone. Members without any are not listed.
        </Text>
        <CsvButton of={exportEffectiveSpendLimits} query={{ period }} label="Download limits of members as CSV" />
      </Group>
      <Loadable
        query={summaries}
        isEmpty={({ data }) => data.length === 0}
        empty={
          <Nothing title="Nobody has a limit of their own" icon={<IconUser size={26} stroke={1.5} aria-hidden />}>
            Set a default per member, or a limit for a type of seat, a group or one member; then it is shown here with
            what was spent of it.
          </Nothing>
        }
      >
        {(page) => (
          <>
            <Rows summaries={page.data} onEdit={onEdit} />
            <PageSteps page={page} trail={trail} onMove={setTrail} />
          </>
        )}
      </Loadable>
    </Box>
  );
};

type RowsProps = { readonly summaries: readonly SpendSummary[]; readonly onEdit: Props['onEdit'] };

const Rows = ({ summaries, onEdit }: RowsProps) => {
  const nameOf = useScopeNames(summaries.map(({ source }) => source));
  return (
    <DataTable
      label="Limits of members"
      columns={columns(nameOf, onEdit)}
      rows={summaries}
      rowKey={(row) => `${actorUserId(row.actor)}-${row.period}`}
      pageSize={summaries.length}
    />
  );
};

const columns = (nameOf: (id: string) => string, onEdit: Props['onEdit']): readonly Column<SpendSummary>[] => [
  { key: 'member', header: 'Member', cell: ({ actor }) => <Who actor={actor} /> },
  { key: 'period', header: 'Period', cell: (row) => PERIOD_NAMES[row.period] },
  {
    key: 'used',
    header: 'Used so far',
    cell: (row) => (
      <UsageBar
        used={row.period_to_date_spend}
        limit={row.amount}
        label={`Used by ${actorName(row.actor)} ${perPeriod(row.period)}`}
      />
    ),
  },
  { key: 'source', header: 'Comes from', cell: (row) => sourceWords(row.source, nameOf) },
  {
    key: 'actions',
    header: 'Actions',
    hideHeader: true,
    align: 'right',
    cell: (row) => <Override summary={row} onEdit={onEdit} />,
  },
];

const Who = ({ actor }: Pick<SpendSummary, 'actor'>) => (
  <Stack gap={0}>
    <TextLink to="/members/$userId" params={{ userId: actorUserId(actor) ?? '' }} size="sm" fw={500}>
      {actorName(actor)}
    </TextLink>
    {actor.type === 'user_actor' && (
      <Text size="xs" c="dimmed">
        {actor.email_address}
      </Text>
    )}
  </Stack>
);

const Override = ({ summary, onEdit }: { readonly summary: SpendSummary; readonly onEdit: Props['onEdit'] }) => {
  const { reason } = usePermission('billing:manage');
  const [name, id] = [actorName(summary.actor), actorUserId(summary.actor)];
  const verb = summary.source.type === 'user' ? 'Change' : 'Override';
  const values = { ...newValues('user', id ?? ''), period: summary.period };
  return (
    <DisabledReason reason={reason}>
      <Button
        size="compact-xs"
        variant="default"
        aria-label={`${verb} the limit of ${name} ${perPeriod(summary.period)}`}
        onClick={() => onEdit({ title: `Limit of ${name} ${perPeriod(summary.period)}`, values, asks: 'rest' })}
      >
        {verb}
      </Button>
    </DisabledReason>
  );
};
