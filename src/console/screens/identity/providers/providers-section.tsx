import { Button, Stack, Text } from '@mantine/core';
import { IconPlugConnected, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { IdentityProvider } from '../../../../directory/contract.ts';
import { usePermission } from '../../../data/session.ts';
import { providersQuery } from '../../../data/sign-in.ts';
import { type Column, DataTable } from '../../../kit/data-table.tsx';
import { DisabledReason } from '../../../kit/disabled-reason.tsx';
import { DotLabel } from '../../../kit/dot-label.tsx';
import { TextLink } from '../../../kit/links.tsx';
import { Loadable } from '../../../kit/loadable.tsx';
import { SectionCard } from '../../../kit/section-card.tsx';
import { Nothing } from '../../../kit/states.tsx';
import { AddProvider } from './add-provider.tsx';
import { PROVISIONING } from './words.ts';

const COLUMNS: readonly Column<IdentityProvider>[] = [
  {
    key: 'name',
    header: 'Provider',
    cell: (row) => (
      <Stack gap={0}>
        <TextLink to="/identity/providers/$providerId" params={{ providerId: row.id }} size="sm" fw={500}>
          {row.name}
        </TextLink>
        <Text size="xs" c="dimmed">
          {row.issuer}
        </Text>
      </Stack>
    ),
  },
  {
    key: 'domains',
    header: 'Domains',
    cell: (row) =>
      row.domains.length === 0
        ? 'none'
        : row.domains.map(({ domain, is_enforced }) => `${domain}${is_enforced ? ' (enforced)' : ''}`).join(', '),
  },
  { key: 'provisioning', header: 'New members', cell: (row) => PROVISIONING[row.provisioning].label },
  {
    key: 'state',
    header: 'State',
    cell: (row) => <DotLabel tone={row.is_on ? 'good' : 'quiet'}>{row.is_on ? 'On' : 'Off'}</DotLabel>,
  },
];

/** The identity providers members sign in through. */
export const ProvidersSection = () => {
  const providers = useQuery(providersQuery);
  const manage = usePermission('identity:manage');
  const navigate = useNavigate();
  const [adding, setAdding] = useState(false);
  return (
    <SectionCard
      title="Single sign-on"
      description="Identity providers that members sign in through, found by the domain of their e-mail address."
      flush
      actions={
        <DisabledReason reason={manage.reason}>
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setAdding(true)}>
            Add provider
          </Button>
        </DisabledReason>
      }
    >
      <Loadable
        query={providers}
        lines={3}
        isEmpty={({ data }) => data.length === 0}
        empty={
          <Nothing title="No identity provider yet" icon={<IconPlugConnected size={26} stroke={1.5} aria-hidden />}>
            Members sign in with a password until you connect Okta, Entra ID, Google, Keycloak or another OpenID Connect
            provider.
          </Nothing>
        }
      >
        {({ data }) => (
          <DataTable
            label="Identity providers"
            columns={COLUMNS}
            rows={data}
            rowKey={(row) => row.id}
            onOpen={(row) => void navigate({ to: '/identity/providers/$providerId', params: { providerId: row.id } })}
          />
        )}
      </Loadable>
      <AddProvider opened={adding} onClose={() => setAdding(false)} />
    </SectionCard>
  );
};
