import { Box, Group, Stack, Text } from '@mantine/core';
import { IconMoodSmile } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { exportSpend, type NearLimit, SCOPES_BY_REACH } from '../../../spend/contract.ts';
import { nearLimitsQuery } from '../../data/spend.ts';
import { type Column, DataTable } from '../../kit/data-table.tsx';
import { TextLink } from '../../kit/links.tsx';
import { Loadable } from '../../kit/loadable.tsx';
import { isWhole, PageSteps } from '../../kit/page-steps.tsx';
import { formatReset } from '../../kit/reset-words.ts';
import { Nothing } from '../../kit/states.tsx';
import { UsageBar } from '../../kit/usage-bar.tsx';
import { useTrail } from '../../kit/use-trail.ts';
import { CsvButton } from '../../parts/csv-button.tsx';
import { PERIOD_NAMES, perPeriod, SCOPE_WORDS } from '../../parts/spend/words.ts';

/** Who has used three quarters of a limit or more in the period that runs, the nearest first. */
export const NearLimits = () => {
  const [trail, setTrail] = useTrail('near');
  const near = useQuery(nearLimitsQuery(trail.at(-1)));
  return (
    <Box className="card">
      <Group justify="space-between" p="md" pb="sm">
        <Text size="sm" c="dimmed">
          Whoever has used 75% of a limit or more in the day, week or month that runs (UTC).
        </Text>
        <CsvButton of={exportSpend} query={{ by: 'near_limits' }} label="Download who is near a limit as CSV" />
      </Group>
      <Loadable
        query={near}
        isEmpty={({ data }) => data.length === 0}
        empty={
          <Nothing title="Nobody is near a limit" icon={<IconMoodSmile size={26} stroke={1.5} aria-hidden />}>
            Whoever uses three quarters of a limit appears here, before it stops them.
          </Nothing>
        }
      >
        {(page) => (
          <>
            <DataTable
              label="Near a limit"
              columns={columnsOf(isWhole(page, trail))}
              rows={page.data}
              rowKey={(row) => `${row.limit_id}-${row.subject.id}`}
              pageSize={page.data.length}
            />
            <PageSteps page={page} trail={trail} onMove={setTrail} />
          </>
        )}
      </Loadable>
    </Box>
  );
};

const scopeName = (type: string): string => {
  const known = SCOPES_BY_REACH.find((one) => one === type);
  return known === undefined ? type : SCOPE_WORDS[known].name;
};

/** The server pages the nearest first; what one page holds whole can be sorted otherwise. */
const columnsOf = (isAll: boolean): readonly Column<NearLimit>[] => [
  {
    key: 'who',
    header: 'Who',
    ...(isAll ? { sortBy: ({ subject }: NearLimit) => subject.name } : {}),
    cell: ({ subject }) => <Who subject={subject} />,
  },
  {
    key: 'used',
    header: 'Used so far',
    ...(isAll ? { sortBy: (row: NearLimit) => row.percent } : {}),
    cell: (row) => (
      <UsageBar
        used={row.used_amount}
        limit={row.limit_amount}
        label={`Used by ${row.subject.name} ${perPeriod(row.period)}`}
      />
    ),
  },
  { key: 'period', header: 'Period', cell: (row) => PERIOD_NAMES[row.period] },
  { key: 'scope', header: 'Limit', cell: (row) => scopeName(row.scope_type) },
  { key: 'resets', header: 'Starts again', cell: (row) => formatReset(row.resets_at, Date.now()) },
];

const Who = ({ subject }: Pick<NearLimit, 'subject'>) => {
  if (subject.type === 'user')
    return (
      <Stack gap={0}>
        <TextLink to="/members/$userId" params={{ userId: subject.id }} size="sm" fw={500}>
          {subject.name}
        </TextLink>
        <Text size="xs" c="dimmed">
          {subject.email}
        </Text>
      </Stack>
    );
  if (subject.type === 'rbac_group')
    return (
      <TextLink to="/groups/$groupId" params={{ groupId: subject.id }} size="sm" fw={500}>
        {subject.name}
      </TextLink>
    );
  return subject.name;
};
