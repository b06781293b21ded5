import { Button, Modal, Stack, TextInput } from '@mantine/core';
import { IconPencil } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { type Connector, deleteConnector, updateConnector } from '../../../access/contract.ts';
import { call } from '../../data/client.ts';
import { usePermission } from '../../data/session.ts';
import { useAction } from '../../data/use-action.ts';
import { AskButton } from '../../kit/ask-button.tsx';
import { DisabledReason } from '../../kit/disabled-reason.tsx';
import { FormButtons, FormError } from '../../kit/form-parts.tsx';

/** Changing and deleting a connector. */
export const ConnectorActions = ({ connector }: { readonly connector: Connector }) => {
  const manage = usePermission('libraries:manage');
  const navigate = useNavigate();
  const [editing, setEditing] = useState(false);
  const close = () => setEditing(false);
  const remove = useAction({
    run: () => call(deleteConnector, { params: { connector_id: connector.id } }),
    touches: ['connectors', 'my-connectors'],
    errors: 'inline',
    done: () => `The connector ${connector.name} is deleted.`,
    onDone: () => navigate({ to: '/connectors' }),
  });
  return (
    <>
      <DisabledReason reason={manage.reason}>
        <Button variant="default" leftSection={<IconPencil size={16} aria-hidden />} onClick={() => setEditing(true)}>
          Edit
        </Button>
      </DisabledReason>
      <Modal opened={editing} onClose={close} title="Edit the connector" returnFocus>
        {editing && <EditForm connector={connector} onClose={close} />}
      </Modal>
      <AskButton
        danger
        label="Delete"
        reason={manage.reason}
        title={`Delete ${connector.name}?`}
        confirm="Delete the connector"
        deed={remove}
      >
        Sessions end within a second, and nobody reaches the server through Remit any more. Its credential and what
        roles grant on it are deleted too; the record of past calls stays.
      </AskButton>
    </>
  );
};

const EditForm = ({ connector, onClose }: { readonly connector: Connector; readonly onClose: () => void }) => {
  const [name, setName] = useState(connector.name);
  const [slug, setSlug] = useState(connector.slug);
  const [url, setUrl] = useState(connector.url);
  const save = useAction({
    run: () =>
      call(updateConnector, {
        params: { connector_id: connector.id },
        body: { name: name.trim(), slug: slug.trim(), url: url.trim() },
      }),
    touches: ['connectors', 'my-connectors'],
    errors: 'inline',
    done: () => 'The connector is saved.',
    onDone: onClose,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(undefined);
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <FormError error={save.error} />
        <TextInput
          label="Name"
          data-autofocus
          maxLength={255}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <TextInput
          label="Short name"
          description="Part of the address people have configured, and of the names of tools: both change with it."
          maxLength={64}
          value={slug}
          onChange={(event) => setSlug(event.currentTarget.value)}
        />
        <TextInput
          label="Address of the MCP server"
          description="Sessions with the old address end. A credential has to be entered again for another host."
          value={url}
          onChange={(event) => setUrl(event.currentTarget.value)}
        />
        <FormButtons submit="Save" busy={save.isPending} onCancel={onClose} />
      </Stack>
    </form>
  );
};
