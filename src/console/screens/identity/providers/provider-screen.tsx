import { Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import type { IdentityProvider } from '../../../../directory/contract.ts';
import { providerQuery } from '../../../data/sign-in.ts';
import { DotLabel } from '../../../kit/dot-label.tsx';
import { isNotFound } from '../../../kit/error-words.ts';
import { Loadable } from '../../../kit/loadable.tsx';
import { PageHeader } from '../../../kit/page-header.tsx';
import { SectionCard } from '../../../kit/section-card.tsx';
import { Nothing } from '../../../kit/states.tsx';
import { ConnectionTestSection } from './connection-test.tsx';
import { ProviderActions } from './provider-actions.tsx';
import { ProviderForm } from './provider-form.tsx';
import { RegisteredAddresses } from './registered-addresses.tsx';

const BACK = { to: '/identity', label: 'Identity' };

/** One identity provider: what to enter there, its settings, and testing it. */
export const ProviderScreen = () => {
  const { providerId } = useParams({ from: '/app/identity/providers/$providerId' });
  const provider = useQuery(providerQuery(providerId));
  if (isNotFound(provider.error))
    return (
      <>
        <PageHeader title="Identity provider" back={BACK} />
        <div className="card">
          <Nothing title="There is no such identity provider">It may have been deleted.</Nothing>
        </div>
      </>
    );
  return (
    <>
      {provider.data === undefined && <PageHeader title="Identity provider" back={BACK} />}
      <Loadable query={provider} framed>
        {(data) => <Provider provider={data} />}
      </Loadable>
    </>
  );
};

const Provider = ({ provider }: { readonly provider: IdentityProvider }) => (
  <>
    <PageHeader
      title={provider.name}
      guide="sign-in"
      description={provider.issuer}
      back={BACK}
      badge={<DotLabel tone={provider.is_on ? 'good' : 'quiet'}>{provider.is_on ? 'On' : 'Off'}</DotLabel>}
      actions={<ProviderActions provider={provider} />}
    />
    <Stack gap="lg">
      <RegisteredAddresses provider={provider} />
      <ConnectionTestSection provider={provider} />
      <SectionCard title="Settings" description="They hold from the next sign-in on.">
        <ProviderForm key={provider.id} provider={provider} />
      </SectionCard>
    </Stack>
  </>
);
