import { Code, Group, Stack, Text } from '@mantine/core';
import type { IdentityProvider } from '../../../../directory/contract.ts';
import { CopyText } from '../../../kit/copy-text.tsx';
import { SectionCard } from '../../../kit/section-card.tsx';

/** What to enter at the identity provider. */
export const RegisteredAddresses = ({ provider }: { readonly provider: IdentityProvider }) => (
  <SectionCard title="At the provider" description="Register a web application there with these addresses.">
    <Stack gap="xs">
      <Address label="Redirect URI" value={provider.redirect_uri} />
      <Address label="Sign-out redirect URI" value={new URL('/sign-in', provider.redirect_uri).href} />
      <Address label="Back-channel logout URI" value={provider.backchannel_logout_uri} />
    </Stack>
  </SectionCard>
);

const Address = ({ label, value }: { readonly label: string; readonly value: string }) => (
  <Group gap="xs">
    <Text size="sm" w={180}>
      {label}
    </Text>
    <Code style={{ overflowWrap: 'anywhere' }}>{value}</Code>
    <CopyText value={value} label={`Copy the ${label.toLowerCase()}`} />
  </Group>
);
