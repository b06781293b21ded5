import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { type KeyFilter, type KeyOrder, keyPageQuery } from '../data/directory.ts';
import { Loadable } from '../kit/loadable.tsx';
import { PageSteps } from '../kit/page-steps.tsx';
import type { Sorting } from '../kit/sort-rows.ts';
import { useTrail } from '../kit/use-trail.ts';
import type { KeyColumn } from './key-owners.tsx';
import { KeyTable } from './key-table.tsx';

type Props = {
  readonly filter: KeyFilter;
  /** Which columns the table has beside those of every key. */
  readonly columns?: readonly KeyColumn[];
  readonly lines?: number;
  readonly empty: ReactNode;
};

const NEWEST_FIRST: Sorting = { key: 'created', descending: true };

const orderOf = ({ key, descending }: Sorting): KeyOrder => ({
  sort_by: key === 'name' ? 'name' : 'created',
  sort_order: descending ? 'desc' : 'asc',
});

/** Keys, filtered, sorted and paged by the server, so that it works for any number of them. */
export const KeyList = ({ filter, columns = [], lines = 3, empty }: Props) => {
  const [sorting, setSorting] = useState(NEWEST_FIRST);
  const [trail, move] = useTrail(JSON.stringify([filter, sorting]));
  const keys = useQuery(keyPageQuery({ filter, order: orderOf(sorting) }, trail.at(-1)));
  return (
    <Loadable query={keys} lines={lines} isEmpty={({ data }) => data.length === 0 && trail.length === 0} empty={empty}>
      {(page) => (
        <>
          <KeyTable keys={page.data} columns={columns} served={{ sorting, onSort: setSorting }} />
          <PageSteps page={page} trail={trail} onMove={move} />
        </>
      )}
    </Loadable>
  );
};
