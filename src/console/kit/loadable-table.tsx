import type { ReactNode } from 'react';
import { DataTable, type DataTableProps } from './data-table.tsx';
import { Loadable } from './loadable.tsx';
import type { Reading } from './reading.ts';
import { NothingHere } from './states.tsx';

type Props<Row> = Omit<DataTableProps<Row>, 'rows'> & {
  readonly query: Reading<readonly Row[]>;
  /** Says what it means that there is nothing. */
  readonly empty: ReactNode;
  /** How many grey lines stand in while it is read. */
  readonly lines?: number;
};

/** A table of a section with its four states: being read, empty, refused, failed. */
export const LoadableTable = <Row,>({ query, empty, lines = 3, ...table }: Props<Row>) => (
  <Loadable
    query={query}
    lines={lines}
    isEmpty={(rows) => rows.length === 0}
    empty={<NothingHere>{empty}</NothingHere>}
  >
    {(rows) => <DataTable {...table} rows={rows} />}
  </Loadable>
);
