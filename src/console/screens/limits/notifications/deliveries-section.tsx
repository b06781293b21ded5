import { Button, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type Notice, retryNoticeDelivery } from '../../../../spend/contract.ts';
import { call } from '../../../data/client.ts';
import { noticesQuery } from '../../../data/notices.ts';
import { usePermission } from '../../../data/session.ts';
import { useAction } from '../../../data/use-action.ts';
import { type Column, DataTable } from '../../../kit/data-table.tsx';
import { DisabledReason } from '../../../kit/disabled-reason.tsx';
import { DotLabel, type Tone } from '../../../kit/dot-label.tsx';
import { Loadable } from '../../../kit/loadable.tsx';
import { RelativeTime } from '../../../kit/relative-time.tsx';
import { SectionCard } from '../../../kit/section-card.tsx';
import { NothingHere } from '../../../kit/states.tsx';

type Delivery = Notice['deliveries'][number];
type Row = { readonly key: string; readonly notice: Notice; readonly delivery: Delivery | null };

const STATES: Readonly<Record<Delivery['state'], readonly [tone: Tone, word: string]>> = {
  due: ['busy', 'Waiting'],
  delivered: ['good', 'Delivered'],
  failed: ['bad', 'Given up'],
};

const rowsOf = (notices: readonly Notice[]): readonly Row[] =>
  notices.flatMap((notice): readonly Row[] =>
    notice.deliveries.length === 0
      ? [{ key: notice.id, notice, delivery: null }]
      : notice.deliveries.map((delivery) => ({ key: delivery.id, notice, delivery })),
  );

const COLUMNS: readonly Column<Row>[] = [
  { key: 'subject', header: 'What', cell: ({ notice }) => notice.subject },
  { key: 'target', header: 'To', cell: ({ delivery }) => delivery?.target ?? 'nobody' },
  { key: 'state', header: 'State', cell: ({ delivery }) => <State delivery={delivery} /> },
  { key: 'when', header: 'When', cell: ({ notice }) => <RelativeTime at={notice.created_at} /> },
  {
    key: 'retry',
    header: 'Actions',
    hideHeader: true,
    align: 'right',
    cell: ({ notice, delivery }) =>
      delivery?.state === 'failed' ? (
        <Retry id={delivery.id} target={delivery.target} subject={notice.subject} />
      ) : null,
  },
];

/** What was told last, to whom, and what became of it. */
export const DeliveriesSection = () => {
  const notices = useQuery(noticesQuery);
  return (
    <SectionCard
      title="Last notifications"
      description="What fails is tried again for some eleven hours, then given up. Kept for ninety days."
      flush
    >
      <Loadable
        query={notices}
        lines={4}
        isEmpty={(data) => data.length === 0}
        empty={<NothingHere>Nobody has been told anything yet.</NothingHere>}
      >
        {(data) => (
          <DataTable
            label="Last notifications"
            columns={COLUMNS}
            rows={rowsOf(data)}
            rowKey={({ key }) => key}
            pageSize={10}
          />
        )}
      </Loadable>
    </SectionCard>
  );
};

const State = ({ delivery }: { readonly delivery: Delivery | null }) => {
  if (delivery === null) return <DotLabel tone="warn">There was nobody to tell</DotLabel>;
  const [tone, word] = STATES[delivery.state];
  const tries = delivery.state === 'delivered' || delivery.attempts === 0 ? '' : ` after ${delivery.attempts}`;
  return (
    <Stack gap={0}>
      <DotLabel tone={tone}>
        {word}
        {tries !== '' && `${tries} ${delivery.attempts === 1 ? 'try' : 'tries'}`}
      </DotLabel>
      {delivery.state !== 'delivered' && delivery.answer !== null && (
        <Text size="xs" c="dimmed" maw={360}>
          {delivery.answer}
        </Text>
      )}
    </Stack>
  );
};

type RetryProps = { readonly id: string; readonly target: string; readonly subject: string };

const Retry = ({ id, target, subject }: RetryProps) => {
  const manage = usePermission('billing:manage');
  const retry = useAction({
    run: () => call(retryNoticeDelivery, { params: { delivery_id: id } }),
    touches: ['notices'],
    done: () => `It is sent to ${target} again.`,
  });
  return (
    <DisabledReason reason={manage.reason}>
      <Button
        variant="default"
        size="xs"
        aria-label={`Send again to ${target}: ${subject}`}
        loading={retry.isPending}
        onClick={() => retry.mutate(undefined)}
      >
        Send again
      </Button>
    </DisabledReason>
  );
};
