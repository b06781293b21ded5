import { Box, Button, Group, Switch } from '@mantine/core';
import { IconListDetails } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { Decision } from '../../gateway/contract.ts';
import type { RequestFilters } from '../data/request-filters.ts';
import type { RequestSource } from '../data/requests.ts';
import { DataTable } from '../kit/data-table.tsx';
import { Loadable } from '../kit/loadable.tsx';
import { PageSteps } from '../kit/page-steps.tsx';
import { Nothing } from '../kit/states.tsx';
import { requestColumns } from './request-columns.tsx';
import { RequestFilterBar } from './request-filter-bar.tsx';

const REFRESH_MS = 5000;
const PAGE_SIZE = 50;

type Props = {
  readonly source: RequestSource;
  readonly filters: RequestFilters;
  readonly onFilter: (filters: RequestFilters) => void;
  readonly onOpen: (requestId: string) => void;
  readonly link: (decision: Decision, children: ReactNode) => ReactNode;
};

/** Requests, newest first, with filters, paging towards older ones and a switch that keeps the newest page current. */
export const RequestBrowser = ({ source, filters, onFilter, onOpen, link }: Props) => {
  // The ids at which older pages begin; empty on the newest page.
  const [trail, setTrail] = useState<readonly string[]>([]);
  const [live, setLive] = useState(true);
  const after = trail.at(-1);
  const query = useQuery({
    queryKey: ['requests', source.key, filters, after],
    queryFn: () => source.list(filters, after),
    placeholderData: keepPreviousData,
    staleTime: 0,
    refetchInterval: live && after === undefined ? REFRESH_MS : false,
  });
  const narrow = (next: RequestFilters) => {
    setTrail([]);
    onFilter(next);
  };
  const isNarrowed = Object.values(filters).some((value) => value !== undefined);
  return (
    <Box className="card">
      <Group p="sm" justify="space-between" gap="sm">
        <RequestFilterBar withMember={source.key === 'all'} filters={filters} onFilter={narrow} />
        <Switch
          size="xs"
          label="Auto refresh"
          checked={live}
          onChange={(event) => setLive(event.currentTarget.checked)}
        />
      </Group>
      <Loadable
        query={query}
        lines={10}
        isEmpty={({ data }) => data.length === 0}
        empty={<Empty isNarrowed={isNarrowed} onReset={() => narrow({})} />}
      >
        {(page) => (
          <>
            <DataTable
              label="Requests"
              columns={requestColumns(source.key === 'all', link)}
              rows={page.data}
              rowKey={(row) => row.id}
              pageSize={PAGE_SIZE}
              onOpen={(row) => onOpen(row.id)}
            />
            <PageSteps page={page} trail={trail} onMove={setTrail} words={['Newer', 'Older']} />
          </>
        )}
      </Loadable>
    </Box>
  );
};

const Empty = ({ isNarrowed, onReset }: { readonly isNarrowed: boolean; readonly onReset: () => void }) =>
  isNarrowed ? (
    <Nothing
      title="No request matches these filters"
      icon={<IconListDetails size={26} stroke={1.5} aria-hidden />}
      action={
        <Button variant="default" onClick={onReset}>
          Clear the filters
        </Button>
      }
    />
  ) : (
    <Nothing title="No requests yet" icon={<IconListDetails size={26} stroke={1.5} aria-hidden />}>
      As soon as somebody uses a key with Claude Code or an SDK, each request appears here with what was decided about
      it.
    </Nothing>
  );
