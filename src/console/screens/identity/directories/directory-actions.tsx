import { Button } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { type Directory, deleteDirectory } from '../../../../directory/contract.ts';
import { call } from '../../../data/client.ts';
import { usePermission } from '../../../data/session.ts';
import { useAction } from '../../../data/use-action.ts';
import { ConfirmDialog } from '../../../kit/confirm-dialog.tsx';
import { DisabledReason } from '../../../kit/disabled-reason.tsx';

/** Removing a directory. */
export const DirectoryActions = ({ directory }: { readonly directory: Directory }) => {
  const manage = usePermission('identity:manage');
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  const remove = useAction({
    run: () => call(deleteDirectory, { params: { directory_id: directory.id } }),
    touches: ['directories', 'groups', 'users'],
    errors: 'inline',
    done: () => `The directory ${directory.name} is removed.`,
    onDone: () => navigate({ to: '/identity' }),
  });
  return (
    <>
      <DisabledReason reason={manage.reason}>
        <Button
          variant="default"
          c={manage.held ? 'var(--mantine-color-error)' : undefined}
          leftSection={<IconTrash size={16} aria-hidden />}
          onClick={() => setAsking(true)}
        >
          Remove
        </Button>
      </DisabledReason>
      <ConfirmDialog
        opened={asking}
        title={`Remove ${directory.name}?`}
        confirm="Remove the directory"
        busy={remove.isPending}
        error={remove.error}
        onConfirm={() => remove.mutate(undefined)}
        onClose={() => setAsking(false)}
      >
        Its tokens end, and the identity provider can change nothing here any more. Its people stay members and its
        groups stay groups; from then on you look after them here.
      </ConfirmDialog>
    </>
  );
};
