import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { type KeyFilter, keyPageQuery } from '../data/directory.ts';
import { Loadable } from '../kit/loadable.tsx';
import { PageSteps } from '../kit/page-steps.tsx';
import { useTrail } from '../kit/use-trail.ts';
import { type KeyColumn, KeyTable } from './key-table.tsx';

type Props = {
  readonly filter: KeyFilter;
  /** Which columns the table has beside those of every key. */
  readonly columns?: readonly KeyColumn[];
  readonly lines?: number;
  readonly empty: ReactNode;
};

/** Keys, newest first, filtered and paged by the server, so that it works for any number of them. */
export const KeyList = ({ filter, columns = [], lines = 3, empty }: Props) => {
  const [trail, move] = useTrail(JSON.stringify(filter));
  const keys = useQuery(keyPageQuery(filter, trail.at(-1)));
  return (
    <Loadable query={keys} lines={lines} isEmpty={({ data }) => data.length === 0 && trail.length === 0} empty={empty}>
      {(page) => (
        <>
          <KeyTable keys={page.data} columns={columns} />
          <PageSteps page={page} trail={trail} onMove={move} words={['Newer', 'Older']} />
        </>
      )}
    </Loadable>
  );
};
