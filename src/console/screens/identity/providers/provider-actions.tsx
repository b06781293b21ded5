import { Button } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import {
  deleteIdentityProvider,
  type IdentityProvider,
  updateIdentityProvider,
} from '../../../../directory/contract.ts';
import { call } from '../../../data/client.ts';
import { usePermission } from '../../../data/session.ts';
import { useAction } from '../../../data/use-action.ts';
import { AskButton } from '../../../kit/ask-button.tsx';
import { DisabledReason } from '../../../kit/disabled-reason.tsx';

/** Switching a provider on and off, and deleting it. */
export const ProviderActions = ({ provider }: { readonly provider: IdentityProvider }) => {
  const manage = usePermission('identity:manage');
  const navigate = useNavigate();
  const params = { provider_id: provider.id };
  const switchOn = useAction({
    run: () => call(updateIdentityProvider, { params, body: { is_on: true } }),
    touches: ['identity-providers'],
    done: ({ name }) => `${name} is on: members of its domains are led there.`,
  });
  const switchOff = useAction({
    run: () => call(updateIdentityProvider, { params, body: { is_on: false } }),
    touches: ['identity-providers'],
    errors: 'inline',
    done: ({ name }) => `${name} is off.`,
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
      {provider.is_on ? (
        <AskButton
          label="Switch off"
          reason={manage.reason}
          title={`Switch ${provider.name} off?`}
          confirm="Switch off"
          deed={switchOff}
        >
          Everybody who signed in through it is signed out at once. Who has no password cannot sign in until it is on
          again.
        </AskButton>
      ) : (
        <DisabledReason reason={manage.reason}>
          <Button loading={switchOn.isPending} onClick={() => switchOn.mutate(undefined)}>
            Switch on
          </Button>
        </DisabledReason>
      )}
      <AskButton
        danger
        label="Delete"
        reason={manage.reason}
        title={`Delete ${provider.name}?`}
        confirm="Delete the provider"
        deed={remove}
      >
        Everybody who signed in through it is signed out, and which account is which member is forgotten. Members and
        their keys stay.
      </AskButton>
    </>
  );
};
