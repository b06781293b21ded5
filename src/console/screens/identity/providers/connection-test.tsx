import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import {
  type ConnectionTest,
  getIdentityProviderTest,
  type IdentityProvider,
  SIGN_IN_PROBLEMS,
} from '../../../../directory/contract.ts';
import { ORGANISATION_ROLES } from '../../../../kernel/index.ts';
import { call } from '../../../data/client.ts';
import { roleName } from '../../../data/organisation-roles.ts';
import { usePermission } from '../../../data/session.ts';
import { CodeBlock } from '../../../kit/code-block.tsx';
import { DisabledReason } from '../../../kit/disabled-reason.tsx';
import { Loadable } from '../../../kit/loadable.tsx';
import { SectionCard } from '../../../kit/section-card.tsx';

const PROBLEMS: Readonly<Record<string, string>> = SIGN_IN_PROBLEMS;

/** Signs in at the provider to see what it says, without signing anybody in here. */
export const ConnectionTestSection = ({ provider }: { readonly provider: IdentityProvider }) => {
  const { test, problem } = useSearch({ from: '/app/identity/providers/$providerId' });
  const manage = usePermission('identity:manage');
  return (
    <SectionCard
      title="Test the connection"
      description="You sign in at the provider and come back here; nobody is signed in, linked or changed. It works while the provider is off."
      actions={
        <DisabledReason reason={manage.reason}>
          <Button component="a" href={`/v1/session/providers/${provider.id}/test`} variant="default">
            Test connection
          </Button>
        </DisabledReason>
      }
    >
      {test === undefined && problem === undefined && (
        <Text size="sm" c="dimmed">
          Save the settings first: the test uses what is saved.
        </Text>
      )}
      {problem !== undefined && (
        <Alert color="red" role="alert" title="The test could not begin">
          {PROBLEMS[problem] ?? PROBLEMS.sso_failed}
        </Alert>
      )}
      {test !== undefined && <Result providerId={provider.id} testId={test} />}
    </SectionCard>
  );
};

const Result = ({ providerId, testId }: { readonly providerId: string; readonly testId: string }) => {
  const result = useQuery({
    queryKey: ['connection-test', testId],
    queryFn: () => call(getIdentityProviderTest, { params: { provider_id: providerId, test_id: testId } }),
    retry: false,
  });
  return (
    <Loadable query={result} lines={3}>
      {(data) => <Found result={data} />}
    </Loadable>
  );
};

const GROUPS: Readonly<Record<NonNullable<ConnectionTest['groups']>['kind'], string>> = {
  all: '',
  missing: 'The groups claim is not there. That is not taken for “no groups”.',
  overage: 'There are more groups than the provider tells. Nobody loses anything by that; filter the groups there.',
};

const roleNameOf = (role: string): string => {
  const known = ORGANISATION_ROLES.find((one) => one === role);
  return known === undefined ? role : roleName(known);
};

const Found = ({ result }: { readonly result: ConnectionTest }) => (
  <Stack gap="md">
    <Alert
      color={result.is_success ? 'blue' : 'red'}
      role="status"
      title={result.is_success ? 'It works' : 'It would not work'}
    >
      {result.outcome}
    </Alert>
    {result.groups !== null && (
      <Group gap="xs">
        <Text size="sm" fw={500}>
          Groups
        </Text>
        <Text size="sm">
          {result.groups.kind === 'all' ? result.groups.groups.join(', ') || 'none' : GROUPS[result.groups.kind]}
        </Text>
      </Group>
    )}
    {result.role !== null && (
      <Group gap="xs">
        <Text size="sm" fw={500}>
          Organisation role
        </Text>
        <Text size="sm">{roleNameOf(result.role)}</Text>
      </Group>
    )}
    {result.claims !== null && (
      <CodeBlock title="What the provider said" code={JSON.stringify(result.claims, null, 2)} />
    )}
  </Stack>
);
