import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { exportPrepaidOrders, type PrepaidOrder } from '../../../../spend/contract.ts';
import { type Named, useNamesOf } from '../../../data/names.ts';
import { prepaidOrdersQuery } from '../../../data/prepaid.ts';
import { type Column, DataTable } from '../../../kit/data-table.tsx';
import { TextLink } from '../../../kit/links.tsx';
import { Loadable } from '../../../kit/loadable.tsx';
import { dollarsOf, formatAmount } from '../../../kit/money.ts';
import { PageSteps } from '../../../kit/page-steps.tsx';
import { RelativeTime } from '../../../kit/relative-time.tsx';
import { SectionCard } from '../../../kit/section-card.tsx';
import { NothingHere } from '../../../kit/states.tsx';
import { useTrail } from '../../../kit/use-trail.ts';
import { CsvButton } from '../../../parts/csv-button.tsx';

/** Every order of credit, the newest first. */
export const OrdersSection = () => {
  const [trail, setTrail] = useTrail('orders');
  const orders = useQuery(prepaidOrdersQuery(trail.at(-1)));
  return (
    <SectionCard
      title="Orders"
      description="Credit that was bought, added by itself, or set right by hand."
      flush
      actions={<CsvButton of={exportPrepaidOrders} label="Download orders of credit as CSV" />}
    >
      <Loadable
        query={orders}
        lines={3}
        isEmpty={({ data }) => data.length === 0}
        empty={<NothingHere>No credit has been added yet.</NothingHere>}
      >
        {(page) => (
          <>
            <Rows orders={page.data} />
            <PageSteps page={page} trail={trail} onMove={setTrail} words={['Newer', 'Older']} />
          </>
        )}
      </Loadable>
    </SectionCard>
  );
};

const makerOf = ({ created_by: id }: PrepaidOrder): readonly Named[] => {
  if (id === null) return [];
  return [{ kind: id.startsWith('user_') ? 'member' : 'key', id }];
};

const Rows = ({ orders }: { readonly orders: readonly PrepaidOrder[] }) => {
  const names = useNamesOf(orders.flatMap(makerOf));
  return (
    <DataTable
      label="Orders of credit"
      columns={columns((id) => names.get(id)?.name ?? id)}
      rows={orders}
      rowKey={(row) => row.id}
      pageSize={orders.length}
    />
  );
};

const KINDS: Readonly<Record<PrepaidOrder['kind'], string>> = {
  purchase: 'Purchase',
  auto_reload: 'Auto-reload',
  adjustment: 'Adjustment',
};

const columns = (nameOf: (id: string) => string): readonly Column<PrepaidOrder>[] => [
  { key: 'when', header: 'When', cell: (row) => <RelativeTime at={row.created_at} /> },
  { key: 'kind', header: 'Kind', cell: (row) => KINDS[row.kind] },
  {
    key: 'amount',
    header: 'Amount',
    align: 'right',
    width: 140,
    cell: ({ amount }) => (
      <Text size="sm" fw={500} className="figures">
        {dollarsOf(amount) > 0 ? '+' : ''}
        {formatAmount(amount)}
      </Text>
    ),
  },
  { key: 'by', header: 'By', cell: (row) => <Maker id={row.created_by} nameOf={nameOf} /> },
  { key: 'note', header: 'Note', isText: true, cell: (row) => row.note ?? '' },
];

type MakerProps = { readonly id: string | null; readonly nameOf: (id: string) => string };

const Maker = ({ id, nameOf }: MakerProps) => {
  if (id === null)
    return (
      <Text size="sm" c="dimmed">
        By itself
      </Text>
    );
  if (!id.startsWith('user_')) return nameOf(id);
  return (
    <TextLink to="/members/$userId" params={{ userId: id }} size="sm">
      {nameOf(id)}
    </TextLink>
  );
};
