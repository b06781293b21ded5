import { Stack, Text, TextInput } from '@mantine/core';
import { CopyText } from '../../../kit/copy-text.tsx';

type Props = { readonly url: string };

const Address = ({
  label,
  description,
  value,
}: {
  readonly label: string;
  readonly description: string;
  readonly value: string;
}) => (
  <TextInput
    label={label}
    description={description}
    value={value}
    readOnly
    styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
    onFocus={(event) => event.currentTarget.select()}
    rightSection={<CopyText value={value} label={`Copy ${label}`} />}
  />
);

/** What an identity provider is given as the address of the service, with Entra ID's own form of it. */
export const Connection = ({ url }: Props) => (
  <Stack gap="sm">
    <Address label="SCIM address" description="Base URL for Okta, JumpCloud, Keycloak and others" value={url} />
    <Address
      label="Tenant URL for Entra ID"
      description="The same service; the parameter makes Entra ID follow the standard more closely"
      value={`${url}?aadOptscim062020`}
    />
    <Text size="xs" c="dimmed">
      The identity provider must be able to reach this address over HTTPS. It signs in with the directory’s token as a
      bearer token.
    </Text>
  </Stack>
);
