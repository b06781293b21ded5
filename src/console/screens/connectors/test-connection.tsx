import { Alert, Button, Stack, Text } from '@mantine/core';
import { IconPlugConnected } from '@tabler/icons-react';
import { testConnector } from '../../../gateway/contract.ts';
import { call } from '../../data/client.ts';
import { useAction } from '../../data/use-action.ts';
import { FormError } from '../../kit/form-parts.tsx';
import { plural } from '../../kit/format.ts';
import { type Connection, credentialOf } from './connection-fields.tsx';

type Props = { readonly url: string; readonly connection: Connection };

const NAMES_SHOWN = 12;

/** Asks a server for its tools with what has been entered so far, and shows what it answers. Nothing is stored. */
export const TestConnection = ({ url, connection }: Props) => {
  const test = useAction({
    run: () =>
      call(testConnector, {
        body: { url, credential: credentialOf(connection), private_addresses: connection.privateAddresses },
      }),
    touches: [],
    errors: 'inline',
  });
  return (
    <Stack gap="xs">
      <Button
        variant="default"
        w="fit-content"
        leftSection={<IconPlugConnected size={16} aria-hidden />}
        loading={test.isPending}
        disabled={!URL.canParse(url)}
        onClick={() => test.mutate(undefined)}
      >
        Test the connection
      </Button>
      <FormError error={test.error} />
      {test.data !== undefined && <Answer {...test.data} />}
    </Stack>
  );
};

type AnswerProps = {
  readonly error: string | null;
  readonly server: { readonly name: string; readonly version: string } | null;
  readonly tools: readonly { readonly name: string }[];
};

const Answer = ({ error, server, tools }: AnswerProps) => {
  if (error !== null)
    return (
      <Alert color="red" role="alert" title="The server did not answer as it should">
        {error}
      </Alert>
    );
  const names = tools.slice(0, NAMES_SHOWN).map(({ name }) => name);
  return (
    <Alert color="teal" role="status">
      <Text size="sm" fw={600}>
        {server?.name ?? 'The server'} answers with {plural(tools.length, 'tool')}
      </Text>
      <Text size="sm">
        {names.join(', ')}
        {tools.length > NAMES_SHOWN && ` and ${tools.length - NAMES_SHOWN} more`}
      </Text>
    </Alert>
  );
};
