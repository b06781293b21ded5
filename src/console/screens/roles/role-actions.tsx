import { Button } from '@mantine/core';
import { IconPencil, IconTrash } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { RoleModels } from '../../../access/contract.ts';
import { deleteRole, renameRole } from '../../../directory/contract.ts';
import { call } from '../../data/client.ts';
import { usePermission } from '../../data/session.ts';
import { useAction } from '../../data/use-action.ts';
import { ConfirmDialog } from '../../kit/confirm-dialog.tsx';
import { DisabledReason } from '../../kit/disabled-reason.tsx';
import { plural } from '../../kit/format.ts';
import { NameDialog } from '../../kit/name-dialog.tsx';

/** Renaming and deleting a custom role. */
export const RoleActions = ({ role }: { readonly role: RoleModels }) => {
  const manage = usePermission('identity:manage');
  const navigate = useNavigate();
  const [asking, setAsking] = useState<'rename' | 'delete' | null>(null);
  const params = { role_id: role.role_id };
  const close = () => setAsking(null);
  const rename = useAction({
    run: (display_name: string) => call(renameRole, { params, body: { display_name } }),
    touches: ['roles', 'matrix', 'access'],
    errors: 'inline',
    onDone: close,
  });
  const remove = useAction({
    run: () => call(deleteRole, { params }),
    touches: ['roles', 'matrix', 'groups', 'users', 'access'],
    errors: 'inline',
    done: () => `The role ${role.display_name} is deleted.`,
    onDone: () => navigate({ to: '/roles' }),
  });
  return (
    <>
      <DisabledReason reason={manage.reason}>
        <Button
          variant="default"
          leftSection={<IconPencil size={16} aria-hidden />}
          onClick={() => setAsking('rename')}
        >
          Rename
        </Button>
      </DisabledReason>
      <DisabledReason reason={manage.reason}>
        <Button
          variant="default"
          c={manage.held ? 'var(--mantine-color-error)' : undefined}
          leftSection={<IconTrash size={16} aria-hidden />}
          onClick={() => setAsking('delete')}
        >
          Delete
        </Button>
      </DisabledReason>
      <NameDialog
        opened={asking === 'rename'}
        title="Rename the role"
        label="Name"
        initial={role.display_name}
        submit="Rename"
        busy={rename.isPending}
        error={rename.error}
        onSubmit={(name) => rename.mutate(name)}
        onClose={close}
      />
      <ConfirmDialog
        opened={asking === 'delete'}
        title={`Delete ${role.display_name}?`}
        confirm="Delete the role"
        busy={remove.isPending}
        error={remove.error}
        onConfirm={() => remove.mutate(undefined)}
        onClose={close}
      >
        It comes off {plural(role.group_count, 'group')} and {plural(role.member_count, 'member')}, who lose the models
        and effort that no other role gives them.
      </ConfirmDialog>
    </>
  );
};
