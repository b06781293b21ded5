import { Badge, Button, Group, Select, Stack, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { createRerating, previewRerating, type Rerating } from '../../../spend/contract.ts';
import { call } from '../../data/client.ts';
import { priceBooksQuery, reratingsQuery } from '../../data/prices.ts';
import { usePermission } from '../../data/session.ts';
import { useAction } from '../../data/use-action.ts';
import { AskButton } from '../../kit/ask-button.tsx';
import { type Column, DataTable } from '../../kit/data-table.tsx';
import { DisabledReason } from '../../kit/disabled-reason.tsx';
import { FormError } from '../../kit/form-parts.tsx';
import { formatExact } from '../../kit/format.ts';
import { Loadable } from '../../kit/loadable.tsx';
import { formatAmount } from '../../kit/money.ts';
import { RelativeTime } from '../../kit/relative-time.tsx';
import { SectionCard } from '../../kit/section-card.tsx';
import { ListFault, NothingHere } from '../../kit/states.tsx';
import { Difference } from './difference.tsx';
import { daysWords, signed } from './words.ts';

const DAY_MS = 86_400_000;
const dateOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

type Wanted = { readonly starting_date: string; readonly ending_date: string; readonly price_book?: string };

const thisMonth = (): Wanted => ({
  starting_date: `${dateOf(Date.now()).slice(0, 8)}01`,
  ending_date: dateOf(Date.now() + DAY_MS),
});

/** Charges a past period anew: the difference first, then the booking. */
export const ReratingSection = () => {
  const { reason } = usePermission('billing:manage');
  const books = useQuery(priceBooksQuery);
  const [wanted, setWanted] = useState(thisMonth);
  const set = (part: Partial<Wanted>) => {
    setWanted((before) => ({ ...before, ...part }));
    preview.reset();
  };
  const preview = useAction({
    run: () => call(previewRerating, { body: wanted }),
    touches: [],
    errors: 'inline',
  });
  const book = useAction({
    run: () => call(createRerating, { body: wanted }),
    touches: ['prices', 'spend', 'spend-limits', 'my-spend'],
    errors: 'inline',
    done: () => 'The period is being charged anew.',
    onDone: () => preview.reset(),
  });
  return (
    <SectionCard
      title="Re-rate a past period"
      description="Charges requests of past days by another version of the book. Look at the difference first; nothing is booked until you say so."
      flush
    >
      <Stack px="md" pb="md" gap="md">
        <Group align="flex-end" gap="sm">
          <TextInput
            type="date"
            label="From (UTC)"
            value={wanted.starting_date}
            onChange={(event) => set({ starting_date: event.currentTarget.value })}
          />
          <TextInput
            type="date"
            label="Up to, without (UTC)"
            value={wanted.ending_date}
            onChange={(event) => set({ ending_date: event.currentTarget.value })}
          />
          <Select
            label="By version"
            placeholder="The one in force"
            clearable
            data={(books.data ?? []).map(({ version }) => version)}
            value={wanted.price_book ?? null}
            onChange={(version) => set(version === null ? { price_book: undefined } : { price_book: version })}
          />
          <DisabledReason reason={reason}>
            <Button variant="default" loading={preview.isPending} onClick={() => preview.mutate(undefined)}>
              Show the difference
            </Button>
          </DisabledReason>
        </Group>
        <ListFault of="Versions of the book" query={books} />
        <FormError error={preview.error} />
        {preview.data !== undefined && (
          <>
            <Difference preview={preview.data} />
            <Group>
              <AskButton
                label="Book it"
                reason={reason ?? (preview.data.requests_changed === 0 ? 'Nothing would change.' : null)}
                title="Charge these days anew?"
                confirm="Charge anew"
                deed={book}
              >
                {formatExact(preview.data.requests_changed)} requests get another cost,{' '}
                {signed(preview.data.difference)} in all. What counts against limits moves with it, also for people who
                are near theirs. It goes on after a restart, and can be undone only by re-rating again.
              </AskButton>
            </Group>
          </>
        )}
      </Stack>
      <Past />
    </SectionCard>
  );
};

const Past = () => (
  <Loadable
    query={useQuery(reratingsQuery)}
    lines={1}
    isEmpty={(all) => all.length === 0}
    empty={<NothingHere>No period has been charged anew yet.</NothingHere>}
  >
    {(all) => <DataTable label="Re-ratings" columns={PAST} rows={all} rowKey={(row) => row.id} pageSize={10} />}
  </Loadable>
);

const PAST: readonly Column<Rerating>[] = [
  { key: 'days', header: 'Days', cell: (row) => daysWords(row.starting_date, row.ending_date) },
  { key: 'book', header: 'By version', cell: (row) => row.price_book },
  { key: 'changed', header: 'Requests changed', align: 'right', cell: (row) => formatExact(row.requests_changed) },
  { key: 'after', header: 'Comes to', align: 'right', cell: (row) => formatAmount(row.after_amount) },
  { key: 'difference', header: 'Difference', align: 'right', cell: (row) => signed(row.difference) },
  {
    key: 'state',
    header: 'State',
    cell: (row) => (
      <Badge variant="light" color={row.state === 'running' ? 'yellow' : 'ink'}>
        {row.state === 'running' ? 'Running' : 'Booked'}
      </Badge>
    ),
  },
  { key: 'when', header: 'Begun', cell: (row) => <RelativeTime at={row.started_at} /> },
];
