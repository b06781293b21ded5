import { useState } from 'react';
import { type ApiKey, updateApiKey } from '../../directory/contract.ts';
import { call } from '../data/client.ts';
import { usePermission } from '../data/session.ts';
import { useAction } from '../data/use-action.ts';
import { type Column, DataTable, type ServedOrder } from '../kit/data-table.tsx';
import { KEY_FACTS, KEY_NAME, RevokeKey } from './key-columns.tsx';
import { KeyMenu, type WantedStatus } from './key-menu.tsx';
import { type KeyColumn, useOwnerColumns } from './key-owners.tsx';
import { KEY_STATES } from './key-status.tsx';

type Props = {
  readonly keys: readonly ApiKey[];
  readonly columns: readonly KeyColumn[];
  readonly served: ServedOrder;
};

/** Keys with their state; each can be switched off and on, or revoked for good. */
export const KeyTable = ({ keys, columns, served }: Props) => {
  const manage = usePermission('keys:manage');
  const owners = useOwnerColumns(keys, columns);
  const [revoking, setRevoking] = useState<ApiKey | null>(null);
  const change = useAction({
    run: ({ id, status }: { id: string; status: WantedStatus }) =>
      call(updateApiKey, { params: { api_key_id: id }, body: { status } }),
    touches: ['keys'],
    done: (key) => `The key “${key.name}” is now ${KEY_STATES[key.status][1].toLowerCase()}.`,
    onDone: () => setRevoking(null),
  });
  const actions: Column<ApiKey> = {
    key: 'actions',
    header: 'Actions',
    hideHeader: true,
    align: 'right',
    width: 56,
    cell: (row) => (
      <KeyMenu
        apiKey={row}
        reason={manage.reason}
        onChange={(status) => (status === 'archived' ? setRevoking(row) : change.mutate({ id: row.id, status }))}
      />
    ),
  };
  return (
    <>
      <DataTable
        label="Keys"
        columns={[KEY_NAME, ...owners, ...KEY_FACTS, actions]}
        rows={keys}
        rowKey={(row) => row.id}
        pageSize={keys.length}
        served={served}
      />
      <RevokeKey
        apiKey={revoking}
        busy={change.isPending}
        error={null}
        otherwise="to stop it for a while, switch it off instead."
        onConfirm={({ id }) => change.mutate({ id, status: 'archived' })}
        onClose={() => setRevoking(null)}
      />
    </>
  );
};
