import { Button, Code, Drawer, Stack, Switch, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Directory, DirectoryRequest } from '../../../../directory/contract.ts';
import { directoryRequestsQuery } from '../../../data/directories.ts';
import { CopyText } from '../../../kit/copy-text.tsx';
import { type Column, DataTable } from '../../../kit/data-table.tsx';
import { DotLabel } from '../../../kit/dot-label.tsx';
import { formatDuration } from '../../../kit/format.ts';
import { Loadable } from '../../../kit/loadable.tsx';
import { RelativeTime } from '../../../kit/relative-time.tsx';
import { ScrollFrame } from '../../../kit/scroll-frame.tsx';
import { SectionCard } from '../../../kit/section-card.tsx';
import { NothingHere } from '../../../kit/states.tsx';

const Status = ({ status }: { readonly status: number }) => (
  <DotLabel tone={status < 400 ? 'good' : 'bad'}>{status}</DotLabel>
);

const columns = (open: (request: DirectoryRequest) => void): readonly Column<DirectoryRequest>[] => [
  { key: 'at', header: 'When', cell: (row) => <RelativeTime at={row.at} /> },
  { key: 'status', header: 'Answer', cell: (row) => <Status status={row.status} /> },
  {
    key: 'line',
    header: 'Request',
    cell: (row) => (
      <Text size="sm" ff="monospace" truncate maw={520}>
        {row.method} {row.path}
      </Text>
    ),
  },
  { key: 'ms', header: 'Took', align: 'right', cell: (row) => formatDuration(row.duration_ms) },
  {
    key: 'open',
    header: 'Details',
    hideHeader: true,
    align: 'right',
    cell: (row) => (
      <Button size="compact-xs" variant="default" onClick={() => open(row)}>
        Show bodies
      </Button>
    ),
  },
];

/** The identity provider's last requests with their answers: where one looks for a mistake. */
export const RequestLog = ({ directory }: { readonly directory: Directory }) => {
  const [isFailedOnly, setFailedOnly] = useState(false);
  const [opened, setOpened] = useState<DirectoryRequest | null>(null);
  const requests = useQuery(directoryRequestsQuery(directory.id, isFailedOnly));
  return (
    <SectionCard
      title="Requests"
      description="Kept for a fortnight. Passwords, telephone numbers and postal addresses are hidden."
      flush
      actions={
        <Switch
          size="xs"
          label="Failed only"
          checked={isFailedOnly}
          onChange={(event) => setFailedOnly(event.currentTarget.checked)}
        />
      }
    >
      <Loadable
        query={requests}
        lines={4}
        isEmpty={({ data }) => data.length === 0}
        empty={
          <NothingHere>
            {isFailedOnly ? 'No request has failed.' : 'The identity provider has not sent anything yet.'}
          </NothingHere>
        }
      >
        {({ data }) => (
          <DataTable label="Requests" columns={columns(setOpened)} rows={data} rowKey={(row) => row.id} pageSize={10} />
        )}
      </Loadable>
      <Drawer opened={opened !== null} onClose={() => setOpened(null)} title="Request" position="right" size="xl">
        {opened !== null && <Bodies request={opened} />}
      </Drawer>
    </SectionCard>
  );
};

const pretty = (text: string): string => {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
};

const Body = ({ title, text }: { readonly title: string; readonly text: string | null }) => (
  <Stack gap={4}>
    <Text fw={600} size="sm">
      {title} {text !== null && <CopyText value={text} label={`Copy: ${title}`} />}
    </Text>
    {text === null ? (
      <Text size="sm" c="dimmed">
        Empty
      </Text>
    ) : (
      <ScrollFrame mah={380} label={`${title}, scrollable`}>
        <Code block>{pretty(text)}</Code>
      </ScrollFrame>
    )}
  </Stack>
);

const Bodies = ({ request }: { readonly request: DirectoryRequest }) => (
  <Stack gap="md">
    <Text size="sm" ff="monospace" style={{ overflowWrap: 'anywhere' }}>
      {request.method} {request.path} → {request.status}
    </Text>
    <Text size="xs" c="dimmed">
      {request.id} {request.user_agent !== null && ` · ${request.user_agent}`}
    </Text>
    <Body title="Sent" text={request.request_body} />
    <Body title="Answered" text={request.response_body} />
  </Stack>
);
