import { Box, Group, NativeSelect, Progress, SegmentedControl, Stack, Text, Title } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ReplyOf } from '../../../platform/contract.ts';
import { exportSpend, type listSpend, type SpendKind, type SpendLine } from '../../../spend/contract.ts';
import { linesQuery } from '../../data/spend.ts';
import { type Column, DataTable } from '../../kit/data-table.tsx';
import { plural } from '../../kit/format.ts';
import { TextLink } from '../../kit/links.tsx';
import { Loadable } from '../../kit/loadable.tsx';
import { formatAmount } from '../../kit/money.ts';
import { isWhole, PageSteps } from '../../kit/page-steps.tsx';
import { ScrollFrame } from '../../kit/scroll-frame.tsx';
import { SearchInput } from '../../kit/search-input.tsx';
import { NothingHere } from '../../kit/states.tsx';
import { useTrail } from '../../kit/use-trail.ts';
import { CsvButton } from '../../parts/csv-button.tsx';
import { daysOf, RANGE_NAMES, type RangeName } from './ranges.ts';

const TYPING_PAUSE_MS = 250;

const KINDS: Readonly<Record<SpendKind, { readonly name: string; readonly noun: string }>> = {
  group: { name: 'Groups', noun: 'group' },
  member: { name: 'Members', noun: 'member' },
  model: { name: 'Models', noun: 'model' },
  workspace: { name: 'Workspaces', noun: 'workspace' },
  api_key: { name: 'Keys', noun: 'key' },
};
const KIND_ORDER: readonly SpendKind[] = ['group', 'member', 'model', 'workspace', 'api_key'];

/** Who or what the spend belongs to, the largest first. */
export const LinesSection = () => {
  const [by, setBy] = useState<SpendKind>('group');
  const [range, setRange] = useState<RangeName>('month');
  const [typed, setTyped] = useState('');
  const [text] = useDebouncedValue(typed, TYPING_PAUSE_MS);
  const days = daysOf(range, Date.now());
  const search = text.trim();
  const [trail, setTrail] = useTrail(`${by} ${range} ${search}`);
  const lines = useQuery(linesQuery({ by, days, search }, trail.at(-1)));
  return (
    <Box component="section" className="card" aria-labelledby="spend-lines">
      <Group justify="space-between" p="md" pb="xs">
        <Title order={2} id="spend-lines">
          Who spends
        </Title>
        <CsvButton of={exportSpend} query={{ by, ...days }} label={`Download spend by ${KINDS[by].noun} as CSV`} />
      </Group>
      <Group px="md" pb="sm" gap="sm">
        <ScrollFrame label="Spend by, scrollable">
          <SegmentedControl
            size="xs"
            aria-label="Spend by"
            value={by}
            data={KIND_ORDER.map((value) => ({ value, label: KINDS[value].name }))}
            onChange={setBy}
          />
        </ScrollFrame>
        <NativeSelect
          size="xs"
          aria-label="Days"
          value={range}
          data={Object.entries(RANGE_NAMES).map(([value, label]) => ({ value, label }))}
          onChange={(event) => setRange(event.currentTarget.value as RangeName)}
        />
        <SearchInput
          label={`Search ${KINDS[by].name.toLowerCase()}`}
          placeholder="Search by name"
          value={typed}
          onChange={setTyped}
        />
      </Group>
      <Loadable
        query={lines}
        lines={5}
        isEmpty={({ data }) => data.length === 0}
        empty={
          <NothingHere>
            {search === '' ? 'Nothing was spent in these days.' : `No ${KINDS[by].noun} by that name spent anything.`}
          </NothingHere>
        }
      >
        {(page) => (
          <>
            <DataTable
              label={`Spend by ${KINDS[by].noun}`}
              columns={columnsOf(by, isWhole(page, trail))}
              rows={page.data}
              rowKey={(row) => row.id}
              pageSize={page.data.length}
            />
            <Remark page={page} />
            <PageSteps page={page} trail={trail} onMove={setTrail} />
          </>
        )}
      </Loadable>
    </Box>
  );
};

const REMARKS: Readonly<Partial<Record<SpendKind, string>>> = {
  group: 'Who is in several groups counts in each of them, so the lines can come to more than the whole.',
};

const OTHERS: Readonly<Partial<Record<SpendKind, string>>> = {
  member: 'went through service keys, which belong to no member',
  model: 'went to models nobody knows here',
  workspace: 'went through keys without a workspace',
};

const Remark = ({ page }: { readonly page: ReplyOf<typeof listSpend> }) => {
  const other = page.other_amount !== null && Number(page.other_amount) > 0 ? OTHERS[page.by] : undefined;
  const words = [
    `${plural(page.count, KINDS[page.by].noun)}, ${formatAmount(page.total_amount)} in all.`,
    other === undefined ? '' : `${formatAmount(page.other_amount ?? '0')} ${other}.`,
    REMARKS[page.by] ?? '',
  ];
  return (
    <Text size="xs" c="dimmed" px="md" py="sm">
      {words.filter((one) => one !== '').join(' ')}
    </Text>
  );
};

/** The server pages the largest first; what one page holds whole can be sorted otherwise. */
const columnsOf = (by: SpendKind, isAll: boolean): readonly Column<SpendLine>[] => [
  {
    key: 'name',
    header: KINDS[by].name,
    ...(isAll ? { sortBy: (row: SpendLine) => row.name } : {}),
    cell: (row) => <Name by={by} line={row} />,
  },
  {
    key: 'amount',
    header: 'Spent',
    align: 'right',
    width: 130,
    ...(isAll ? { sortBy: (row: SpendLine) => Number(row.amount) } : {}),
    cell: (row) => (
      <Text size="sm" fw={500} className="figures">
        {formatAmount(row.amount)}
      </Text>
    ),
  },
  { key: 'share', header: 'Share', width: '32%', cell: (row) => <Share line={row} /> },
  ...(by === 'group'
    ? [
        {
          key: 'service',
          header: 'By service keys',
          align: 'right' as const,
          cell: (row: SpendLine) => (row.service_amount === null ? '' : formatAmount(row.service_amount)),
        },
      ]
    : []),
];

const Name = ({ by, line }: { readonly by: SpendKind; readonly line: SpendLine }) => {
  if (by === 'member')
    return (
      <Stack gap={0}>
        <TextLink to="/members/$userId" params={{ userId: line.id }} size="sm" fw={500}>
          {line.name}
        </TextLink>
        {line.email !== null && (
          <Text size="xs" c="dimmed">
            {line.email}
          </Text>
        )}
      </Stack>
    );
  if (by === 'group')
    return (
      <TextLink to="/groups/$groupId" params={{ groupId: line.id }} size="sm" fw={500}>
        {line.name}
      </TextLink>
    );
  return line.name;
};

const Share = ({ line }: { readonly line: SpendLine }) => {
  const percent = line.share * 100;
  return (
    <Group gap="sm" wrap="nowrap">
      <Progress.Root size={6} flex={1} miw={60}>
        <Progress.Section value={Math.min(100, percent)} aria-label={`Share of ${line.name}`} />
      </Progress.Root>
      <Text size="xs" c="dimmed" w={42} ta="right" className="figures">
        {percent >= 10 ? Math.round(percent) : percent.toFixed(1)}%
      </Text>
    </Group>
  );
};
