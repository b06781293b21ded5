import { List, SimpleGrid, Stack, Table, Text, Title } from '@mantine/core';
import type { ModelAccess, PolicyPreview } from '../../../access/contract.ts';
import { formatExact, plural } from '../../kit/format.ts';

type Props = { readonly preview: PolicyPreview; readonly models: readonly ModelAccess[] };

/** What a set of edits does to people and requests, in figures. */
export const PreviewFigures = ({ preview, models }: Props) => (
  <>
    <Members members={preview.members} models={models} />
    <Requests requests={preview.requests} />
    {preview.rewritten.length > 0 && (
      <Stack gap="sm">
        <Title order={2}>Changed along with them</Title>
        <List size="sm" spacing={4}>
          {preview.rewritten.map((sentence) => (
            <List.Item key={sentence}>{sentence}</List.Item>
          ))}
        </List>
      </Stack>
    )}
  </>
);

const Members = ({ members, models }: Pick<PolicyPreview, 'members'> & Pick<Props, 'models'>) => {
  const touched = members.per_model.filter((row) => row.gained + row.lost + row.cap_lowered + row.cap_raised > 0);
  return (
    <Stack gap="sm">
      <Title order={2}>Members</Title>
      <SimpleGrid cols={2}>
        <Figure value={members.gaining} words="gain a model or a higher cap" />
        <Figure value={members.losing} words="lose a model or get a lower cap" alarming />
      </SimpleGrid>
      {touched.length > 0 && <PerModel rows={touched} models={models} />}
    </Stack>
  );
};

type PerModelProps = { readonly rows: PolicyPreview['members']['per_model'] } & Pick<Props, 'models'>;

const PerModel = ({ rows, models }: PerModelProps) => (
  <Table.ScrollContainer
    minWidth={420}
    scrollAreaProps={{ viewportProps: { tabIndex: 0, 'aria-label': 'Members per model' } }}
  >
    <Table aria-label="Members per model" fz="sm">
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">Model</Table.Th>
          <Table.Th scope="col" ta="right">
            Gain it
          </Table.Th>
          <Table.Th scope="col" ta="right">
            Lose it
          </Table.Th>
          <Table.Th scope="col" ta="right">
            Cap lower
          </Table.Th>
          <Table.Th scope="col" ta="right">
            Cap higher
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map((row) => (
          <Table.Tr key={row.model}>
            <Table.Th scope="row" fw={400}>
              {models.find((model) => model.model === row.model)?.display_name ?? row.model}
            </Table.Th>
            <Count value={row.gained} />
            <Count value={row.lost} />
            <Count value={row.cap_lowered} />
            <Count value={row.cap_raised} />
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  </Table.ScrollContainer>
);

const Requests = ({ requests }: Pick<PolicyPreview, 'requests'>) => (
  <Stack gap="sm">
    <Title order={2}>Requests of the last {plural(requests.days, 'day')}</Title>
    <SimpleGrid cols={3}>
      <Figure value={requests.newly_denied} words="would have been refused" alarming />
      <Figure value={requests.newly_clamped} words="would have been lowered" />
      <Figure value={requests.newly_allowed} words="would no longer be refused" />
    </SimpleGrid>
    <Text size="sm" c="dimmed">
      {requests.total === 0
        ? 'There were no requests to replay.'
        : `Out of ${plural(requests.total, 'request')}${requests.truncated ? ', the newest ones of a larger number' : ''}.`}
    </Text>
  </Stack>
);

const Count = ({ value }: { readonly value: number }) => (
  <Table.Td ta="right" c={value === 0 ? 'dimmed' : undefined}>
    {formatExact(value)}
  </Table.Td>
);

type FigureProps = { readonly value: number; readonly words: string; readonly alarming?: boolean };

const Figure = ({ value, words, alarming = false }: FigureProps) => (
  <div className="card" style={{ padding: '12px 14px' }}>
    <Text
      fz={22}
      fw={600}
      lh={1.2}
      className="figures"
      c={alarming && value > 0 ? 'var(--mantine-color-error)' : undefined}
    >
      {formatExact(value)}
    </Text>
    <Text size="xs" c="dimmed">
      {words}
    </Text>
  </div>
);
