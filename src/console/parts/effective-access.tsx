import { Box, Group, Stack, Text } from '@mantine/core';
import type { EffectiveAccess } from '../../access/contract.ts';
import { type Column, DataTable } from '../kit/data-table.tsx';
import { DotLabel } from '../kit/dot-label.tsx';
import { EFFORT_NAMES } from '../kit/effort-select.tsx';
import { TextLink } from '../kit/links.tsx';

type Model = EffectiveAccess['models'][number];

const capWords = ({ allowed, max_effort }: Model): string => {
  if (!allowed) return '–';
  return max_effort === null ? 'No cap' : `Up to ${EFFORT_NAMES[max_effort].toLowerCase()}`;
};

const Grants = ({ model }: { readonly model: Model }) => (
  <Stack gap={2}>
    {model.granted_by.map((grant) => (
      <Stack key={`${grant.role_id} ${grant.rbac_group_id}`} gap={0} align="flex-start" miw={180}>
        <TextLink to="/roles/$roleId" params={{ roleId: grant.role_id }} size="sm">
          {grant.role_name}
        </TextLink>
        <Text size="xs" c="dimmed">
          {grant.via === 'group' ? `through ${grant.rbac_group_name ?? 'a group'}` : 'directly'}
        </Text>
      </Stack>
    ))}
  </Stack>
);

const columns = (withGrants: boolean): readonly Column<Model>[] => [
  {
    key: 'model',
    header: 'Model',
    cell: (row) => (
      <Text size="sm" fw={500} style={{ whiteSpace: 'nowrap' }}>
        {row.display_name}
      </Text>
    ),
  },
  {
    key: 'allowed',
    header: 'Access',
    cell: (row) => <DotLabel tone={row.allowed ? 'good' : 'quiet'}>{row.allowed ? 'Allowed' : 'Not allowed'}</DotLabel>,
  },
  {
    key: 'cap',
    header: 'Highest effort',
    cell: (row) => <span style={{ whiteSpace: 'nowrap' }}>{capWords(row)}</span>,
  },
  ...(withGrants ? [{ key: 'grants', header: 'Granted by', cell: (row: Model) => <Grants model={row} /> }] : []),
  {
    key: 'why',
    header: 'Why',
    isText: true,
    cell: (row) => (
      <Text size="sm" c="dimmed">
        {row.explanation}
      </Text>
    ),
  },
];

type Props = {
  readonly access: EffectiveAccess;
  /** Whether a column leads to the roles that grant; for readers who may see roles. */
  readonly linked: boolean;
};

/** What somebody may use: per model whether, how far, and by which role or against which level. */
export const EffectiveAccessTable = ({ access, linked }: Props) => {
  const { default_model, default_effort } = access;
  const name = access.models.find((model) => model.model === default_model)?.display_name ?? default_model;
  return (
    <>
      <Box px="md" pb="sm">
        <Group gap="xl">
          <Text size="sm">
            <Text span inherit c="dimmed">
              Default model{' '}
            </Text>
            {name ?? 'none'}
          </Text>
          <Text size="sm">
            <Text span inherit c="dimmed">
              Default effort{' '}
            </Text>
            {default_effort === null ? 'the model’s own' : EFFORT_NAMES[default_effort]}
          </Text>
        </Group>
      </Box>
      <DataTable
        label="Models and access"
        columns={columns(linked && access.models.some((model) => model.granted_by.length > 0))}
        rows={access.models.toSorted((one, other) => Number(other.allowed) - Number(one.allowed))}
        rowKey={(row) => row.model}
        pageSize={50}
      />
    </>
  );
};
