import { Badge, Group, Stack, Text } from '@mantine/core';
import type { SpendLimit } from '../../../spend/contract.ts';
import type { Column } from '../../kit/data-table.tsx';
import { formatLimit } from '../../kit/money.ts';
import { LimitActions } from './limit-actions.tsx';
import type { LimitSubject } from './limit-dialog.tsx';
import { ScopeLabel } from './scope-label.tsx';
import { MODE_WORDS, namedBy, PERIOD_NAMES, SCOPE_WORDS, stepWords } from './words.ts';

type Options = {
  readonly nameOf: (id: string) => string;
  readonly onEdit: (subject: LimitSubject) => void;
};

const whoseOf = ({ scope }: SpendLimit, nameOf: (id: string) => string): string => {
  const named = namedBy(scope);
  if (named !== null) return nameOf(named.id);
  return scope.type === 'seat_tier' ? `seat type ${scope.seat_tier}` : SCOPE_WORDS[scope.type].name.toLowerCase();
};

/** The columns of a table of limits that are set. */
export const limitColumns = ({ nameOf, onEdit }: Options): readonly Column<SpendLimit>[] => [
  {
    key: 'for',
    header: 'Limit for',
    isSortable: true,
    cell: (row) => <ScopeLabel scope={row.scope} nameOf={nameOf} />,
  },
  { key: 'period', header: 'Period', cell: (row) => (row.period === null ? 'Session' : PERIOD_NAMES[row.period]) },
  { key: 'amount', header: 'Amount', align: 'right', isSortable: true, cell: (row) => <Allowed limit={row} /> },
  { key: 'mode', header: 'How it is kept', cell: (row) => MODE_WORDS[row.mode].name },
  { key: 'ladder', header: 'Before it is reached', cell: (row) => <Ladder limit={row} /> },
  {
    key: 'actions',
    header: 'Actions',
    hideHeader: true,
    align: 'right',
    cell: (row) => <LimitActions limit={row} whose={whoseOf(row, nameOf)} onEdit={onEdit} />,
  },
];

const Allowed = ({ limit }: { readonly limit: SpendLimit }) => (
  <Group gap="xs" justify="flex-end" wrap="nowrap">
    {!limit.is_enabled && (
      <Badge size="sm" color="gray" variant="light">
        Off
      </Badge>
    )}
    <Text size="sm" fw={500} className="figures" c={limit.is_enabled ? undefined : 'dimmed'}>
      {formatLimit(limit.amount)}
    </Text>
  </Group>
);

const Ladder = ({ limit: { ladder } }: { readonly limit: SpendLimit }) =>
  ladder.length === 0 ? (
    <Text size="sm" c="dimmed">
      –
    </Text>
  ) : (
    <Stack gap={0}>
      {ladder.map((step) => (
        <Text key={`${step.action}-${step.at_percent}`} size="xs" style={{ whiteSpace: 'nowrap' }}>
          {stepWords(step)}
        </Text>
      ))}
    </Stack>
  );
