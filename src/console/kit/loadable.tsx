import { Skeleton, Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { isRefusal, sentenceOf } from './error-words.ts';
import { Failed, Refused } from './states.tsx';

/** As much of a query as the four states need. */
type Reading<Data> = {
  readonly data: Data | undefined;
  readonly error: unknown;
  readonly isFetching?: boolean;
  readonly refetch: () => unknown;
};

type Props<Data> = {
  readonly query: Reading<Data>;
  readonly isEmpty?: (data: Data) => boolean;
  readonly empty?: ReactNode;
  /** How many grey lines stand in while it is read. */
  readonly lines?: number;
  /** Puts the states other than the thing itself on a card, where the page has none around it. */
  readonly framed?: boolean;
  readonly children: (data: Data) => ReactNode;
};

/** A page's or section's four states: being read, empty, refused, failed; and else the thing itself. */
export const Loadable = <Data,>({ query, isEmpty, empty, lines = 6, framed = false, children }: Props<Data>) => {
  const { data } = query;
  if (data !== undefined && isEmpty?.(data) !== true) return children(data);
  const state = data === undefined ? <Unread query={query} lines={lines} /> : empty;
  return framed ? <div className="card">{state}</div> : state;
};

const Unread = ({ query, lines }: { readonly query: Reading<unknown>; readonly lines: number }) => {
  if (query.error === null) return <Waiting lines={lines} />;
  if (isRefusal(query.error)) return <Refused reason={sentenceOf(query.error)} />;
  return <Failed error={query.error} onRetry={() => void query.refetch()} />;
};

/** Grey lines where content will be; announced once to screen readers. */
export const Waiting = ({ lines }: { readonly lines: number }) => (
  <Stack gap="sm" p="md" role="status" aria-label="Loading">
    {Array.from({ length: lines }, (_, line) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: the lines are alike and never move.
      <Skeleton key={line} height={22} width={`${96 - ((line * 17) % 38)}%`} radius="sm" />
    ))}
  </Stack>
);
