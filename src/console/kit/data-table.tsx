import { Group, Pagination, Table, Text, UnstyledButton } from '@mantine/core';
import { IconArrowsSort, IconSortAscending, IconSortDescending } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import classes from './data-table.module.css';
import { formatExact } from './format.ts';
import { ScrollFrame } from './scroll-frame.tsx';
import { type Sorting, sortRows, toggleSorting } from './sort-rows.ts';

/** One column of a {@link DataTable}. */
export type Column<Row> = {
  readonly key: string;
  readonly header: string;
  readonly cell: (row: Row) => ReactNode;
  /** Makes the column sortable by what it answers. */
  readonly sortBy?: (row: Row) => string | number;
  /** Makes the column sortable where the server sorts, because it pages. */
  readonly isSortable?: boolean;
  readonly align?: 'right';
  readonly width?: number | string;
  /** Holds sentences, so that it stays wide enough to read them where the window is narrow. */
  readonly isText?: boolean;
  /** The header is for screen readers only, as over a column of buttons. */
  readonly hideHeader?: boolean;
};

const TEXT_WIDTH_MIN = 260;

/** An order the server keeps, over all pages. */
export type ServedOrder = { readonly sorting: Sorting | undefined; readonly onSort: (sorting: Sorting) => void };

/** What a {@link DataTable} is given. */
export type DataTableProps<Row> = {
  /** Names the table for people who do not see it. */
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  readonly pageSize?: number;
  readonly initialSort?: Sorting;
  /** The order in which the server has put the rows, and what asks it for another; columns then sort no rows here. */
  readonly served?: ServedOrder;
  /** A click anywhere on the row; the row must also hold a link or button that does the same. */
  readonly onOpen?: (row: Row) => void;
};

/** A table whose columns sort and whose rows are cut into pages. */
export const DataTable = <Row,>({
  label,
  columns,
  rows,
  rowKey,
  pageSize = 25,
  initialSort,
  served,
  onOpen,
}: DataTableProps<Row>) => {
  const [ownSorting, setOwnSorting] = useState<Sorting | undefined>(initialSort);
  const sorting = served === undefined ? ownSorting : served.sorting;
  const setSorting = served === undefined ? setOwnSorting : served.onSort;
  const [wantedPage, setPage] = useState(1);
  const pages = Math.max(1, Math.ceil(rows.length / pageSize));
  const page = Math.min(wantedPage, pages);
  const sortBy = served === undefined ? columns.find(({ key }) => key === sorting?.key)?.sortBy : undefined;
  const sorted = sortRows(rows, sortBy, sorting?.descending ?? false);
  const shown = sorted.slice((page - 1) * pageSize, page * pageSize);
  return (
    <>
      <ScrollFrame label={`${label}, scrollable`}>
        <Table className={classes.table} highlightOnHover={onOpen !== undefined} aria-label={label}>
          <Table.Thead>
            <Table.Tr>
              {columns.map((column) => (
                <HeaderCell
                  key={column.key}
                  column={column}
                  isSortable={served === undefined ? column.sortBy !== undefined : column.isSortable === true}
                  sorting={sorting?.key === column.key ? sorting : undefined}
                  onSort={() => setSorting(toggleSorting(sorting, column.key))}
                />
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {shown.map((row) => (
              <Table.Tr
                key={rowKey(row)}
                className={onOpen === undefined ? undefined : classes.opens}
                onClick={onOpen === undefined ? undefined : (event) => isBlank(event.target) && onOpen(row)}
              >
                {columns.map((column) => (
                  <Table.Td
                    key={column.key}
                    ta={column.align}
                    miw={column.isText === true ? TEXT_WIDTH_MIN : undefined}
                  >
                    {wordsIn(column.cell(row))}
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </ScrollFrame>
      {pages > 1 && (
        <Group justify="space-between" className={classes.footer}>
          <Text size="sm" c="dimmed">
            {formatExact((page - 1) * pageSize + 1)}–{formatExact(Math.min(page * pageSize, rows.length))} of{' '}
            {formatExact(rows.length)}
          </Text>
          <Pagination
            total={pages}
            value={page}
            onChange={setPage}
            size="sm"
            getControlProps={(control) => ({ 'aria-label': `${control} page` })}
            getItemProps={(item) => ({ 'aria-label': `Page ${item}` })}
          />
        </Group>
      )}
    </>
  );
};

/** Bare words get an element of their own, whose width can be bounded. */
const wordsIn = (cell: ReactNode): ReactNode =>
  typeof cell === 'string' ? <span className={classes.words}>{cell}</span> : cell;

/** Whether a click fell beside every control, so that it is meant for the row. */
const isBlank = (target: EventTarget): boolean =>
  target instanceof Element && target.closest('a, button, input, select, label, [role="menuitem"]') === null;

type HeaderProps<Row> = {
  readonly column: Column<Row>;
  readonly isSortable: boolean;
  readonly sorting: Sorting | undefined;
  readonly onSort: () => void;
};

const HeaderCell = <Row,>({ column, isSortable, sorting, onSort }: HeaderProps<Row>) => {
  const Icon = sorting === undefined ? IconArrowsSort : sorting.descending ? IconSortDescending : IconSortAscending;
  const order = sorting === undefined ? 'none' : sorting.descending ? 'descending' : 'ascending';
  if (!isSortable)
    return (
      <Table.Th scope="col" ta={column.align} w={column.width}>
        {column.hideHeader === true ? <span className={classes.hidden}>{column.header}</span> : column.header}
      </Table.Th>
    );
  return (
    <Table.Th scope="col" aria-sort={order} ta={column.align} w={column.width}>
      <UnstyledButton className={classes.sort} onClick={onSort} data-active={sorting !== undefined || undefined}>
        {column.header}
        <Icon size={14} aria-hidden />
      </UnstyledButton>
    </Table.Th>
  );
};
