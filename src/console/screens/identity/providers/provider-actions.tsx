import { Button } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import {
  deleteIdentityProvider,
  type IdentityProvider,
  updateIdentityProvider,
} from '../../../../directory/contract.ts';
import { call } from '../../../data/client.ts';
import { usePermission } from '../../../data/session.ts';
import { useAction } from '../../../data/use-action.ts';
import { ConfirmDialog } from '../../../kit/confirm-dialog.tsx';
import { DisabledReason } from '../../../kit/disabled-reason.tsx';

/** Switching a provider on and off, and deleting it. */
export const ProviderActions = ({ provider }: { readonly provider: IdentityProvider }) => {
  const manage = usePermission('identity:manage');
  const navigate = useNavigate();
  const [asking, setAsking] = useState<'off' | 'delete' | null>(null);
  const params = { provider_id: provider.id };
  const close = () => setAsking(null);
  const turn = useAction({
    run: (is_on: boolean) => call(updateIdentityProvider, { params, body: { is_on } }),
    touches: ['identity-providers'],
    done: ({ name, is_on }) => `${name} is ${is_on ? 'on: members of its domains are led there' : 'off'}.`,
    onDone: close,
  });
  const remove = useAction({
    run: () => call(deleteIdentityProvider, { params }),
    touches: ['identity-providers'],
    errors: 'inline',
    done: () => `${provider.name} is deleted.`,
    onDone: () => navigate({ to: '/identity' }),
  });
  return (
    <>
      <DisabledReason reason={manage.reason}>
        <Button
          variant={provider.is_on ? 'default' : 'filled'}
          loading={turn.isPending}
          onClick={() => (provider.is_on ? setAsking('off') : turn.mutate(true))}
        >
          {provider.is_on ? 'Switch off' : 'Switch on'}
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
      <ConfirmDialog
        opened={asking === 'off'}
        title={`Switch ${provider.name} off?`}
        confirm="Switch off"
        busy={turn.isPending}
        onConfirm={() => turn.mutate(false)}
        onClose={close}
      >
        Everybody who signed in through it is signed out at once. Who has no password cannot sign in until it is on
        again.
      </ConfirmDialog>
      <ConfirmDialog
        opened={asking === 'delete'}
        title={`Delete ${provider.name}?`}
        confirm="Delete the provider"
        busy={remove.isPending}
        error={remove.error}
        onConfirm={() => remove.mutate(undefined)}
        onClose={close}
      >
        Everybody who signed in through it is signed out, and which account is which member is forgotten. Members and
        their keys stay.
      </ConfirmDialog>
    </>
  );
};
