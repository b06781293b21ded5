import { Button } from '@mantine/core';
import { IconPencil, IconTrash } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { deleteGroup, type RbacGroup, renameGroup } from '../../../directory/contract.ts';
import { call } from '../../data/client.ts';
import { usePermission } from '../../data/session.ts';
import { useAction } from '../../data/use-action.ts';
import { ConfirmDialog } from '../../kit/confirm-dialog.tsx';
import { DisabledReason } from '../../kit/disabled-reason.tsx';
import { NameDialog } from '../../kit/name-dialog.tsx';

const FROM_PROVIDER = 'The identity provider keeps this group; rename or delete it there.';

/** Renaming and deleting a group. */
export const GroupActions = ({ group }: { readonly group: RbacGroup }) => {
  const manage = usePermission('identity:manage');
  const navigate = useNavigate();
  const [asking, setAsking] = useState<'rename' | 'delete' | null>(null);
  const reason = group.source_type === 'scim' ? FROM_PROVIDER : manage.reason;
  const params = { group_id: group.id };
  const close = () => setAsking(null);
  const rename = useAction({
    run: (name: string) => call(renameGroup, { params, body: { name } }),
    touches: ['groups', 'access'],
    errors: 'inline',
    onDone: close,
  });
  const remove = useAction({
    run: () => call(deleteGroup, { params }),
    touches: ['groups', 'keys', 'access', 'matrix'],
    errors: 'inline',
    done: () => `The group ${group.name} is deleted.`,
    onDone: () => navigate({ to: '/groups' }),
  });
  return (
    <>
      <DisabledReason reason={reason}>
        <Button
          variant="default"
          leftSection={<IconPencil size={16} aria-hidden />}
          onClick={() => setAsking('rename')}
        >
          Rename
        </Button>
      </DisabledReason>
      <DisabledReason reason={reason}>
        <Button
          variant="default"
          c={reason === null ? 'var(--mantine-color-error)' : undefined}
          leftSection={<IconTrash size={16} aria-hidden />}
          onClick={() => setAsking('delete')}
        >
          Delete
        </Button>
      </DisabledReason>
      <NameDialog
        opened={asking === 'rename'}
        title="Rename the group"
        label="Name"
        initial={group.name}
        submit="Rename"
        busy={rename.isPending}
        error={rename.error}
        onSubmit={(name) => rename.mutate(name)}
        onClose={close}
      />
      <ConfirmDialog
        opened={asking === 'delete'}
        title={`Delete ${group.name}?`}
        confirm="Delete the group"
        busy={remove.isPending}
        error={remove.error}
        onConfirm={() => remove.mutate(undefined)}
        onClose={close}
      >
        {group.member_count > 0 &&
          `Its members (${group.member_count}) stay in the organisation and lose what only this group’s roles gave them. `}
        The group’s service keys are revoked for good.
      </ConfirmDialog>
    </>
  );
};
