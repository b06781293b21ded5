import { Button, Checkbox, Group, PasswordInput, SegmentedControl, Stack, Text, TextInput } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import type { NewCredential } from '../../../gateway/contract.ts';

/** How Remit is to show itself to a server, while it is being entered. */
export type Connection = {
  readonly kind: NewCredential['kind'];
  readonly token: string;
  readonly headers: readonly { readonly id: number; readonly name: string; readonly value: string }[];
  readonly privateAddresses: boolean;
};

/** Nothing entered yet. */
export const NO_CONNECTION: Connection = {
  kind: 'none',
  token: '',
  headers: [{ id: 0, name: '', value: '' }],
  privateAddresses: false,
};

/** What was entered, in the contract's form. */
export const credentialOf = ({ kind, token, headers }: Connection): NewCredential => {
  if (kind === 'bearer') return { kind, token: token.trim() };
  if (kind === 'none') return { kind };
  return { kind, headers: headers.map(({ name, value }) => ({ name: name.trim(), value: value.trim() })) };
};

const MEANINGS: Readonly<Record<Connection['kind'], string>> = {
  none: 'The server asks for nothing, or knows Remit by its network.',
  bearer: 'One token for the whole organisation, sent as a bearer token. It is stored sealed and cannot be read again.',
  headers: 'Headers the server asks for, such as X-Api-Key. They are stored sealed and cannot be read again.',
};

type Props = { readonly value: Connection; readonly onChange: (value: Connection) => void };

/** The fields for the credential towards a server, and for where it may be. */
export const ConnectionFields = ({ value, onChange }: Props) => (
  <Stack gap="sm">
    <Stack gap={6}>
      <Text size="sm" fw={500} id="credential-kind">
        Credential
      </Text>
      <SegmentedControl
        w="fit-content"
        aria-labelledby="credential-kind"
        data={[
          { value: 'none', label: 'None' },
          { value: 'bearer', label: 'Bearer token' },
          { value: 'headers', label: 'Headers' },
        ]}
        value={value.kind}
        onChange={(kind) => onChange({ ...value, kind })}
      />
      <Text size="sm" c="dimmed">
        {MEANINGS[value.kind]}
      </Text>
    </Stack>
    {value.kind === 'bearer' && (
      <PasswordInput
        label="Token"
        autoComplete="off"
        value={value.token}
        onChange={(event) => onChange({ ...value, token: event.currentTarget.value })}
      />
    )}
    {value.kind === 'headers' && <HeaderFields value={value} onChange={onChange} />}
    <Checkbox
      label="The server may have a private address"
      description="Tick this for servers inside your network. Without it, Remit connects to public addresses only."
      checked={value.privateAddresses}
      onChange={(event) => onChange({ ...value, privateAddresses: event.currentTarget.checked })}
    />
  </Stack>
);

const HEADERS_MAX = 10;

const HeaderFields = ({ value, onChange }: Props) => {
  const set = (id: number, changed: { readonly name?: string; readonly value?: string }) =>
    onChange({ ...value, headers: value.headers.map((one) => (one.id === id ? { ...one, ...changed } : one)) });
  return (
    <Stack gap="xs">
      {value.headers.map(({ id, name, value: text }, index) => (
        <Group key={id} gap="xs" wrap="nowrap" align="flex-end">
          <TextInput
            label={`Header ${index + 1}`}
            placeholder="X-Api-Key"
            autoComplete="off"
            flex={1}
            value={name}
            onChange={(event) => set(id, { name: event.currentTarget.value })}
          />
          <PasswordInput
            label={`Value ${index + 1}`}
            autoComplete="off"
            flex={1.4}
            value={text}
            onChange={(event) => set(id, { value: event.currentTarget.value })}
          />
          <Button
            variant="subtle"
            color="gray"
            px={8}
            disabled={value.headers.length === 1}
            aria-label={`Remove header ${index + 1}`}
            onClick={() => onChange({ ...value, headers: value.headers.filter((one) => one.id !== id) })}
          >
            <IconX size={16} aria-hidden />
          </Button>
        </Group>
      ))}
      {value.headers.length < HEADERS_MAX && (
        <Button
          variant="subtle"
          size="xs"
          w="fit-content"
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={() =>
            onChange({
              ...value,
              headers: [
                ...value.headers,
                { id: Math.max(...value.headers.map(({ id }) => id)) + 1, name: '', value: '' },
              ],
            })
          }
        >
          Another header
        </Button>
      )}
    </Stack>
  );
};
