import { Modal, Stack, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { createConnector } from '../../../access/contract.ts';
import { setConnectorServer } from '../../../gateway/contract.ts';
import { call } from '../../data/client.ts';
import { useAction } from '../../data/use-action.ts';
import { FormButtons, FormError } from '../../kit/form-parts.tsx';
import { type Connection, ConnectionFields, credentialOf, NO_CONNECTION } from './connection-fields.tsx';
import { TestConnection } from './test-connection.tsx';

type Props = { readonly opened: boolean; readonly onClose: () => void };

/** Registers an MCP server: its address, its credential, and the name people reach it by. */
export const RegisterConnector = ({ opened, onClose }: Props) => (
  <Modal opened={opened} onClose={onClose} title="Register a connector" size="lg" returnFocus>
    {opened && <RegisterForm onClose={onClose} />}
  </Modal>
);

/** A name as the short one in addresses and in the names of tools. */
const slugOf = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 64);

const RegisterForm = ({ onClose }: Pick<Props, 'onClose'>) => {
  const navigate = useNavigate();
  const [name, setName] = useState('');
  const [ownSlug, setSlug] = useState<string | null>(null);
  const [url, setUrl] = useState('');
  const [connection, setConnection] = useState<Connection>(NO_CONNECTION);
  const [isChecked, setChecked] = useState(false);
  const slug = ownSlug ?? slugOf(name);
  const register = useAction({
    run: async () => {
      const connector = await call(createConnector, {
        body: { name: name.trim(), slug, url: url.trim(), level: 'always' },
      });
      const isPlain = connection.kind === 'none' && !connection.privateAddresses;
      if (!isPlain)
        await call(setConnectorServer, {
          params: { connector_id: connector.id },
          body: { credential: credentialOf(connection), private_addresses: connection.privateAddresses },
        });
      return connector;
    },
    touches: ['connectors'],
    errors: 'inline',
    onDone: (connector) => navigate({ to: '/connectors/$connectorId', params: { connectorId: connector.id } }),
  });
  const problems = {
    name: name.trim() === '' ? 'Enter a name.' : null,
    slug: /^[a-z0-9]+(-[a-z0-9]+)*$/.test(slug) ? null : 'Use small letters, digits and single hyphens.',
    url: /^https?:\/\/\S+$/.test(url.trim()) ? null : 'Enter an address that begins with https:// or http://.',
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    if (Object.values(problems).every((problem) => problem === null)) register.mutate(undefined);
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <FormError error={register.error} />
        <TextInput
          label="Name"
          data-autofocus
          autoComplete="off"
          maxLength={255}
          value={name}
          error={isChecked && problems.name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <TextInput
          label="Short name"
          description={`People reach it at ${window.location.origin}/mcp/${slug || '…'}, and its tools are called mcp__${slug || '…'}__…`}
          autoComplete="off"
          maxLength={64}
          value={slug}
          error={isChecked && problems.slug}
          onChange={(event) => setSlug(event.currentTarget.value)}
        />
        <TextInput
          label="Address of the MCP server"
          description="Streamable HTTP. Remit alone connects to it; members never see it."
          placeholder="https://mcp.example.com/mcp"
          autoComplete="off"
          value={url}
          error={isChecked && problems.url}
          onChange={(event) => setUrl(event.currentTarget.value)}
        />
        <ConnectionFields value={connection} onChange={setConnection} />
        <TestConnection url={url.trim()} connection={connection} />
        <FormButtons submit="Register" busy={register.isPending} onCancel={onClose} />
      </Stack>
    </form>
  );
};
