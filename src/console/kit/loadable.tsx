import { Skeleton, Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { isRefusal, sentenceOf } from './error-words.ts';
import { Failed, Refused } from './states.tsx';

/** As much of a query as the four states need. */
export type Reading<Data> = {
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
  readonly children: (data: Data) => ReactNode;
};

/** A page's or section's four states: being read, empty, refused, failed; and else the thing itself. */
export const Loadable = <Data,>({ query, isEmpty, empty, lines = 6, children }: Props<Data>) => {
  const { data, error } = query;
  if (data === undefined && isRefusal(error)) return <Refused reason={sentenceOf(error)} />;
  if (data === undefined && error !== null) return <Failed error={error} onRetry={() => void query.refetch()} />;
  if (data === undefined) return <Waiting lines={lines} />;
  if (isEmpty?.(data) === true) return empty;
  return children(data);
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
