import { SegmentedControl, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { ReratingPreview } from '../../../spend/contract.ts';
import { type Column, DataTable } from '../../kit/data-table.tsx';
import { Figures } from '../../kit/figures.tsx';
import { formatDay, formatExact } from '../../kit/format.ts';
import { dollarsOf, formatAmount } from '../../kit/money.ts';
import { signed } from './words.ts';

type Line = {
  readonly name: string;
  readonly before_amount: string;
  readonly after_amount: string;
  readonly difference: string;
};
type Kind = 'model' | 'member' | 'day';

const linesOf = (preview: ReratingPreview, kind: Kind): readonly Line[] => {
  switch (kind) {
    case 'model':
      return preview.by_model.map(({ model, ...rest }) => ({ ...rest, name: model ?? 'Unknown model' }));
    case 'member':
      return preview.by_member;
    case 'day':
      return preview.by_day.map(({ date, ...rest }) => ({ ...rest, name: formatDay(date) }));
    default:
      return kind satisfies never;
  }
};

const HEADERS: Readonly<Record<Kind, string>> = { model: 'Model', member: 'Member', day: 'Day' };

const columns = (kind: Kind): readonly Column<Line>[] => [
  { key: 'name', header: HEADERS[kind], cell: (row) => row.name },
  { key: 'before', header: 'Charged', align: 'right', cell: (row) => formatAmount(row.before_amount) },
  { key: 'after', header: 'Would be', align: 'right', cell: (row) => formatAmount(row.after_amount) },
  {
    key: 'difference',
    header: 'Difference',
    align: 'right',
    sortBy: (row) => dollarsOf(row.difference),
    cell: (row) => signed(row.difference),
  },
];

/** What re-rating would change, in all and by model, member and day. */
export const Difference = ({ preview }: { readonly preview: ReratingPreview }) => {
  const [kind, setKind] = useState<Kind>('model');
  return (
    <Stack gap="md" role="status">
      <Figures
        figures={[
          { label: 'Charged', value: formatAmount(preview.before_amount) },
          { label: 'Would be', value: formatAmount(preview.after_amount) },
          {
            label: 'Difference',
            value: signed(preview.difference),
            note: `${formatExact(preview.requests_changed)} of ${formatExact(preview.requests)} requests`,
          },
        ]}
      />
      {preview.requests_left > 0 && (
        <Text size="xs" c="dimmed">
          {formatExact(preview.requests_left)} requests stay as they are, because nobody can say how their cost came
          about.
        </Text>
      )}
      <SegmentedControl
        size="xs"
        w="fit-content"
        aria-label="Difference by"
        value={kind}
        data={[
          { value: 'model', label: 'By model' },
          { value: 'member', label: 'By member' },
          { value: 'day', label: 'By day' },
        ]}
        onChange={setKind}
      />
      <DataTable
        label={`Difference by ${kind}`}
        columns={columns(kind)}
        rows={linesOf(preview, kind)}
        rowKey={(row) => row.name}
        pageSize={10}
      />
    </Stack>
  );
};
