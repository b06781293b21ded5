import { Badge, Box, Button, Group, SegmentedControl, Stack, Text } from '@mantine/core';
import { IconHandStop } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { exportIncreaseRequests, type IncreaseRequest } from '../../../spend/contract.ts';
import { usePermission } from '../../data/session.ts';
import { requestsQuery } from '../../data/spend.ts';
import { type Column, DataTable } from '../../kit/data-table.tsx';
import { DisabledReason } from '../../kit/disabled-reason.tsx';
import { TextLink } from '../../kit/links.tsx';
import { Loadable } from '../../kit/loadable.tsx';
import { PageSteps } from '../../kit/page-steps.tsx';
import { RelativeTime } from '../../kit/relative-time.tsx';
import { Nothing } from '../../kit/states.tsx';
import { UsageBar } from '../../kit/usage-bar.tsx';
import { useTrail } from '../../kit/use-trail.ts';
import { CsvButton } from '../../parts/csv-button.tsx';
import { actorName, actorUserId } from '../../parts/spend/actor-words.ts';
import { useScopeNames } from '../../parts/spend/use-scope-names.ts';
import { perPeriod, sourceWords } from '../../parts/spend/words.ts';
import { ApproveRequest } from './approve-request.tsx';
import { DenyRequest } from './deny-request.tsx';

type Decision = { readonly verb: 'approve' | 'deny'; readonly request: IncreaseRequest };

/** What members ask for: those that wait for a decision, and those that have one. */
export const RequestsPanel = () => {
  const [status, setStatus] = useState<'pending' | 'decided'>('pending');
  const [decision, setDecision] = useState<Decision | null>(null);
  const [trail, setTrail] = useTrail(status);
  const requests = useQuery(requestsQuery(status, trail.at(-1)));
  const close = () => setDecision(null);
  return (
    <Box className="card">
      <Group p="sm" gap="md">
        <SegmentedControl
          size="xs"
          aria-label="Which requests"
          value={status}
          data={[
            { value: 'pending', label: 'To decide' },
            { value: 'decided', label: 'Decided' },
          ]}
          onChange={setStatus}
        />
        <Text size="xs" c="dimmed" flex={1} miw={200}>
          Approved with an amount, that becomes the member’s own limit at once. Denied, they can ask again after 30
          days.
        </Text>
        <CsvButton of={exportIncreaseRequests} label="Download requests for more as CSV" />
      </Group>
      <Loadable
        query={requests}
        isEmpty={({ data }) => data.length === 0}
        empty={
          <Nothing
            title={status === 'pending' ? 'No request waits' : 'Nothing has been decided yet'}
            icon={<IconHandStop size={26} stroke={1.5} aria-hidden />}
          >
            Members whose limit is in their way ask for more under My access, Usage.
          </Nothing>
        }
      >
        {(page) => (
          <>
            <Rows requests={page.data} status={status} onDecide={setDecision} />
            <PageSteps page={page} trail={trail} onMove={setTrail} />
          </>
        )}
      </Loadable>
      <ApproveRequest request={decision?.verb === 'approve' ? decision.request : null} onClose={close} />
      <DenyRequest request={decision?.verb === 'deny' ? decision.request : null} onClose={close} />
    </Box>
  );
};

type RowsProps = {
  readonly requests: readonly IncreaseRequest[];
  readonly status: 'pending' | 'decided';
  readonly onDecide: (decision: Decision) => void;
};

const Rows = ({ requests, status, onDecide }: RowsProps) => {
  const nameOf = useScopeNames(requests.flatMap(({ spend_summary }) => spend_summary?.source ?? []));
  return (
    <DataTable
      label={status === 'pending' ? 'Requests to decide' : 'Decided requests'}
      columns={status === 'pending' ? pendingColumns(nameOf, onDecide) : DECIDED}
      rows={requests}
      rowKey={(row) => row.id}
      pageSize={requests.length}
    />
  );
};

const WHO: Column<IncreaseRequest> = {
  key: 'who',
  header: 'Member',
  cell: ({ actor }) => (
    <Stack gap={0}>
      <TextLink to="/members/$userId" params={{ userId: actorUserId(actor) ?? '' }} size="sm" fw={500}>
        {actorName(actor)}
      </TextLink>
      {actor.type === 'user_actor' && (
        <Text size="xs" c="dimmed">
          {actor.email_address}
        </Text>
      )}
    </Stack>
  ),
};
const PERIOD: Column<IncreaseRequest> = { key: 'period', header: 'Wants more', cell: (row) => perPeriod(row.period) };
const ASKED: Column<IncreaseRequest> = {
  key: 'asked',
  header: 'Asked',
  cell: (row) => <RelativeTime at={row.created_at} />,
};

const pendingColumns = (
  nameOf: (id: string) => string,
  onDecide: RowsProps['onDecide'],
): readonly Column<IncreaseRequest>[] => [
  WHO,
  PERIOD,
  {
    key: 'stands',
    header: 'Stands at',
    cell: ({ spend_summary }) => <Stands summary={spend_summary} nameOf={nameOf} />,
  },
  ASKED,
  {
    key: 'actions',
    header: 'Actions',
    hideHeader: true,
    align: 'right',
    cell: (row) => <Decide request={row} onDecide={onDecide} />,
  },
];

type StandsProps = { readonly summary: IncreaseRequest['spend_summary']; readonly nameOf: (id: string) => string };

const Stands = ({ summary, nameOf }: StandsProps) =>
  summary === null ? (
    <Text size="sm" c="dimmed">
      No limit holds any more
    </Text>
  ) : (
    <Stack gap={2}>
      <UsageBar
        used={summary.period_to_date_spend}
        limit={summary.amount}
        label={`Used by ${actorName(summary.actor)}`}
      />
      <Text size="xs" c="dimmed">
        {sourceWords(summary.source, nameOf)}
      </Text>
    </Stack>
  );

const Decide = ({ request, onDecide }: { readonly request: IncreaseRequest } & Pick<RowsProps, 'onDecide'>) => {
  const { reason } = usePermission('billing:manage');
  const name = actorName(request.actor);
  return (
    <Group gap="xs" justify="flex-end" wrap="nowrap">
      <DisabledReason reason={reason}>
        <Button
          size="compact-sm"
          aria-label={`Approve the request of ${name}`}
          onClick={() => onDecide({ verb: 'approve', request })}
        >
          Approve
        </Button>
      </DisabledReason>
      <DisabledReason reason={reason}>
        <Button
          size="compact-sm"
          variant="default"
          aria-label={`Deny the request of ${name}`}
          onClick={() => onDecide({ verb: 'deny', request })}
        >
          Deny
        </Button>
      </DisabledReason>
    </Group>
  );
};

const DECIDED: readonly Column<IncreaseRequest>[] = [
  WHO,
  PERIOD,
  ASKED,
  {
    key: 'decision',
    header: 'Decision',
    cell: (row) => (
      <Badge variant="light" color={row.status === 'approved' ? 'ink' : 'gray'}>
        {row.status === 'approved' ? 'Approved' : 'Denied'}
      </Badge>
    ),
  },
  { key: 'by', header: 'By', cell: (row) => (row.resolved_by === null ? '' : actorName(row.resolved_by)) },
  {
    key: 'resolved',
    header: 'When',
    cell: (row) => (row.resolved_at === null ? '' : <RelativeTime at={row.resolved_at} />),
  },
];
