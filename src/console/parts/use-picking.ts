import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';

type Picking<Thing> = {
  /** First part of the queries' keys, which changes of such things make stale. */
  readonly of: string;
  readonly value: string | undefined;
  readonly read: (id: string) => Promise<Thing>;
  /** What is searched beside the text. */
  readonly filter?: Readonly<Record<string, unknown>>;
  readonly find: (search: string | undefined) => Promise<{ readonly data: readonly Thing[] }>;
  readonly labelOf: (thing: Thing) => string;
};

/** What a picker of one thing among many knows: what the choice is called, and what the server finds for what is typed. */
export const usePicking = <Thing extends { readonly id: string }>({ of, value, labelOf, ...ask }: Picking<Thing>) => {
  const [search, setSearch] = useState('');
  const chosen = useQuery({
    queryKey: [of, value],
    queryFn: () => ask.read(value ?? ''),
    enabled: value !== undefined,
    retry: false,
  }).data;
  const found = useQuery({
    queryKey: [of, 'search', ask.filter, search],
    queryFn: () => ask.find(search === '' ? undefined : search),
    placeholderData: keepPreviousData,
  });
  return {
    chosen: chosen === undefined ? undefined : labelOf(chosen),
    things: found.data?.data ?? [],
    optionOf: (thing: Thing) => ({ value: thing.id, label: labelOf(thing) }),
    reading: found,
    onSearch: setSearch,
  };
};
