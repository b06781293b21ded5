import { Alert, Button, Code, Group, Modal, Stack, Text } from '@mantine/core';
import { IconPencil } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { Connector } from '../../../access/contract.ts';
import { type ConnectorServer as Server, setConnectorServer } from '../../../gateway/contract.ts';
import { call } from '../../data/client.ts';
import { connectorServerQuery } from '../../data/connectors.ts';
import { usePermission } from '../../data/session.ts';
import { useAction } from '../../data/use-action.ts';
import { DisabledReason } from '../../kit/disabled-reason.tsx';
import { FormButtons, FormError } from '../../kit/form-parts.tsx';
import { Loadable } from '../../kit/loadable.tsx';
import { SectionCard } from '../../kit/section-card.tsx';
import { type Connection, ConnectionFields, credentialOf, NO_CONNECTION } from './connection-fields.tsx';
import { ServerHealth } from './server-health.tsx';
import { TestConnection } from './test-connection.tsx';

const CREDENTIALS: Readonly<Record<Server['credential']['kind'], string>> = {
  none: 'None',
  bearer: 'A bearer token, stored sealed',
  headers: 'Headers, stored sealed',
};

const Fact = ({ name, children }: { readonly name: string; readonly children: ReactNode }) => (
  <>
    <Text component="dt" size="sm" c="dimmed">
      {name}
    </Text>
    <Text component="dd" size="sm" m={0} style={{ overflowWrap: 'anywhere' }}>
      {children}
    </Text>
  </>
);

/** How Remit reaches a connector's server. */
export const ConnectorServer = ({ connector }: { readonly connector: Connector }) => {
  const server = useQuery(connectorServerQuery(connector.id));
  const manage = usePermission('libraries:manage');
  const [editing, setEditing] = useState(false);
  return (
    <SectionCard
      title="Connection"
      description="How Remit reaches the server. Members see none of it."
      actions={
        <DisabledReason reason={manage.reason}>
          <Button variant="default" leftSection={<IconPencil size={16} aria-hidden />} onClick={() => setEditing(true)}>
            Set credential
          </Button>
        </DisabledReason>
      }
    >
      <Loadable query={server} lines={4}>
        {(data) => (
          <Stack gap="md">
            <dl style={{ display: 'grid', gridTemplateColumns: 'max-content 1fr', gap: '6px 20px', margin: 0 }}>
              <Fact name="Address">{connector.url}</Fact>
              <Fact name="Credential">
                {CREDENTIALS[data.credential.kind]}
                {data.credential.kind === 'headers' &&
                  data.credential.header_names.map((name) => (
                    <span key={name}>
                      {' '}
                      <Code>{name}</Code>
                    </span>
                  ))}
              </Fact>
              <Fact name="Private address">{data.private_addresses ? 'Permitted' : 'Not permitted'}</Fact>
              <Fact name="Server">
                {data.health?.server ? `${data.health.server.name} ${data.health.server.version}` : 'Not known yet'}
              </Fact>
              <Fact name="Last asked">
                <ServerHealth connectorId={connector.id} />
              </Fact>
            </dl>
            {data.health?.error && <Alert color="red">{data.health.error}</Alert>}
          </Stack>
        )}
      </Loadable>
      <Modal opened={editing} onClose={() => setEditing(false)} title="Set the credential" size="lg" returnFocus>
        {editing && server.data !== undefined && (
          <EditForm connector={connector} server={server.data} onClose={() => setEditing(false)} />
        )}
      </Modal>
    </SectionCard>
  );
};

type EditProps = { readonly connector: Connector; readonly server: Server; readonly onClose: () => void };

const EditForm = ({ connector, server, onClose }: EditProps) => {
  const [connection, setConnection] = useState<Connection>({
    ...NO_CONNECTION,
    kind: server.credential.kind,
    privateAddresses: server.private_addresses,
    headers: [...server.credential.header_names.entries()].map(([id, name]) => ({ id, name, value: '' })),
  });
  const save = useAction({
    run: () =>
      call(setConnectorServer, {
        params: { connector_id: connector.id },
        body: { credential: credentialOf(connection), private_addresses: connection.privateAddresses },
      }),
    touches: ['connectors'],
    errors: 'inline',
    done: () => 'The connection is saved.',
    onDone: onClose,
  });
  const withHeaders = connection.headers.length === 0 ? { ...connection, headers: NO_CONNECTION.headers } : connection;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate(undefined);
      }}
      noValidate
    >
      <Stack gap="md">
        <FormError error={save.error} />
        <Text size="sm" c="dimmed">
          The credential is entered whole each time: what is stored cannot be read. It is sent to{' '}
          <Code>{new URL(connector.url).origin}</Code> only; when the address moves to another host, it has to be
          entered again.
        </Text>
        <ConnectionFields value={withHeaders} onChange={setConnection} />
        <Group>
          <TestConnection url={connector.url} connection={withHeaders} />
        </Group>
        <FormButtons submit="Save" busy={save.isPending} onCancel={onClose} />
      </Stack>
    </form>
  );
};
