import { Button, Group } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { RbacGroup } from '../../../directory/contract.ts';
import { usePermission } from '../../data/session.ts';
import { fewLimitsQuery } from '../../data/spend-limits.ts';
import { DataTable } from '../../kit/data-table.tsx';
import { DisabledReason } from '../../kit/disabled-reason.tsx';
import { Loadable } from '../../kit/loadable.tsx';
import { SectionCard } from '../../kit/section-card.tsx';
import { NothingHere, Refused } from '../../kit/states.tsx';
import { limitColumns } from '../../parts/spend/limit-columns.tsx';
import { LimitDialog, type LimitSubject } from '../../parts/spend/limit-dialog.tsx';
import { newValues } from '../../parts/spend/limit-values.ts';

type Props = { readonly group: RbacGroup };

/** The limits set on a group: what each member may spend, and what all may spend together. */
export const GroupSpend = ({ group }: Props) => {
  const view = usePermission('billing:view');
  const [subject, setSubject] = useState<LimitSubject | null>(null);
  return (
    <SectionCard
      title="Spend limits"
      description="Per member: what each may spend who has no own limit. A pool: what members and service keys may spend together."
      flush
      actions={<SetButtons group={group} onSet={setSubject} />}
    >
      {view.held ? <Limits group={group} onEdit={setSubject} /> : <Refused reason={view.reason ?? ''} />}
      <LimitDialog subject={subject} onClose={() => setSubject(null)} />
    </SectionCard>
  );
};

const SetButtons = ({ group, onSet }: Props & { readonly onSet: (subject: LimitSubject) => void }) => {
  const { reason } = usePermission('billing:manage');
  return (
    <Group gap="xs">
      <DisabledReason reason={reason}>
        <Button
          size="xs"
          variant="default"
          onClick={() =>
            onSet({
              title: `Limit per member of ${group.name}`,
              values: newValues('rbac_group', group.id),
              asks: 'period',
            })
          }
        >
          Limit each member
        </Button>
      </DisabledReason>
      <DisabledReason reason={reason}>
        <Button
          size="xs"
          variant="default"
          onClick={() =>
            onSet({
              title: `Shared pool of ${group.name}`,
              values: newValues('rbac_group_pool', group.id),
              asks: 'period',
            })
          }
        >
          Set a pool
        </Button>
      </DisabledReason>
    </Group>
  );
};

const Limits = ({ group, onEdit }: Props & { readonly onEdit: (subject: LimitSubject) => void }) => {
  const limits = useQuery(fewLimitsQuery({ rbac_group_id: group.id }));
  return (
    <Loadable
      query={limits}
      lines={2}
      isEmpty={(all) => all.length === 0}
      empty={<NothingHere>No limit is set on this group. Other limits of its members hold as they are.</NothingHere>}
    >
      {(all) => (
        <DataTable
          label="Spend limits of this group"
          columns={limitColumns({ nameOf: () => group.name, onEdit })}
          rows={all}
          rowKey={(row) => row.id}
        />
      )}
    </Loadable>
  );
};
