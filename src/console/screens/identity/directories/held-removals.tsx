import { Button, Group } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { approveRemovals, type Directory, type HeldRemoval, rejectRemovals } from '../../../../directory/contract.ts';
import { call } from '../../../data/client.ts';
import { heldRemovalsQuery } from '../../../data/directories.ts';
import { usePermission } from '../../../data/session.ts';
import { useAction } from '../../../data/use-action.ts';
import { ConfirmDialog } from '../../../kit/confirm-dialog.tsx';
import { type Column, DataTable } from '../../../kit/data-table.tsx';
import { DisabledReason } from '../../../kit/disabled-reason.tsx';
import { plural } from '../../../kit/format.ts';
import { Loadable } from '../../../kit/loadable.tsx';
import { RelativeTime } from '../../../kit/relative-time.tsx';
import { SectionCard } from '../../../kit/section-card.tsx';

const REASONS: Readonly<Record<HeldRemoval['reason'], string>> = {
  deactivated: 'Deactivated by the identity provider',
  deleted: 'Deleted by the identity provider',
  unmapped: 'In no mapped group any more',
};

const COLUMNS: readonly Column<HeldRemoval>[] = [
  { key: 'name', header: 'Name', sortBy: (row) => row.name, cell: (row) => row.name },
  { key: 'email', header: 'E-mail', sortBy: (row) => row.email, cell: (row) => row.email },
  { key: 'reason', header: 'Why', cell: (row) => REASONS[row.reason] },
  { key: 'at', header: 'Since', cell: (row) => <RelativeTime at={row.held_at} /> },
];

type Decision = 'approve' | 'reject';

/** The removals that wait for an administrator: let them happen, or keep the people. */
export const HeldRemovals = ({ directory }: { readonly directory: Directory }) => {
  const manage = usePermission('identity:manage');
  const held = useQuery(heldRemovalsQuery(directory.id));
  const [asking, setAsking] = useState<Decision | null>(null);
  const decide = useAction({
    run: (decision: Decision) =>
      call(decision === 'approve' ? approveRemovals : rejectRemovals, {
        params: { directory_id: directory.id },
        body: {},
      }),
    touches: ['directories', 'users'],
    errors: 'inline',
    done: ({ count }, decision) =>
      decision === 'approve' ? `${plural(count, 'member')} lost access.` : `${plural(count, 'member')} stayed.`,
    onDone: () => setAsking(null),
  });
  const people = plural(directory.held_removal_count, 'member');
  return (
    <SectionCard
      title="Removals waiting for you"
      description={`More than ${directory.removal_share_percent} % of the directory would have lost access within an hour. These people keep it until you decide.`}
      flush
      actions={
        <Group gap="xs">
          <DisabledReason reason={manage.reason}>
            <Button size="xs" variant="default" onClick={() => setAsking('reject')}>
              Keep them
            </Button>
          </DisabledReason>
          <DisabledReason reason={manage.reason}>
            <Button size="xs" color="red.8" onClick={() => setAsking('approve')}>
              Remove access
            </Button>
          </DisabledReason>
        </Group>
      }
    >
      <Loadable query={held} lines={3}>
        {({ data }) => <DataTable label="Held removals" columns={COLUMNS} rows={data} rowKey={(row) => row.id} />}
      </Loadable>
      <ConfirmDialog
        opened={asking !== null}
        title={asking === 'reject' ? `Keep ${people}?` : `Remove access from ${people}?`}
        confirm={asking === 'reject' ? 'Keep them' : 'Remove access'}
        busy={decide.isPending}
        error={decide.error}
        onConfirm={() => asking !== null && decide.mutate(asking)}
        onClose={() => setAsking(null)}
      >
        {asking === 'reject'
          ? 'They keep their access. Whom the identity provider deleted is no longer in the directory; you look after them here.'
          : 'Their sessions and running requests end at once and their keys stop. Whom the identity provider deleted is removed with their keys.'}
      </ConfirmDialog>
    </SectionCard>
  );
};
