import { Box, Group, NativeSelect, Text } from '@mantine/core';
import { IconGauge } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { exportSpendLimits, SCOPES_BY_REACH, type SpendLimit } from '../../../spend/contract.ts';
import { type LimitOrder, limitsQuery } from '../../data/spend-limits.ts';
import { DataTable, type ServedOrder } from '../../kit/data-table.tsx';
import { Loadable } from '../../kit/loadable.tsx';
import { PageSteps } from '../../kit/page-steps.tsx';
import type { Sorting } from '../../kit/sort-rows.ts';
import { Nothing } from '../../kit/states.tsx';
import { useTrail } from '../../kit/use-trail.ts';
import { CsvButton } from '../../parts/csv-button.tsx';
import { limitColumns } from '../../parts/spend/limit-columns.tsx';
import type { LimitSubject } from '../../parts/spend/limit-dialog.tsx';
import { useScopeNames } from '../../parts/spend/use-scope-names.ts';
import { SCOPE_WORDS } from '../../parts/spend/words.ts';

type Props = { readonly onEdit: (subject: LimitSubject) => void; readonly setButton: ReactNode };

/** Every limit that is set, a page at a time. */
export const LimitsTable = ({ onEdit, setButton }: Props) => {
  const [scope, setScope] = useState('');
  const [sorting, setSorting] = useState<Sorting>(BY_REACH);
  const [trail, setTrail] = useTrail(`${scope} ${sorting.key} ${sorting.descending}`);
  const type = SCOPES_BY_REACH.find((one) => one === scope);
  const limits = useQuery(limitsQuery({ scope: type, order: orderOf(sorting) }, trail.at(-1)));
  return (
    <Box className="card">
      <Group p="sm" gap="md">
        <NativeSelect
          size="xs"
          w={210}
          aria-label="Limits for"
          value={scope}
          data={[
            { value: '', label: 'Limits for anybody' },
            ...SCOPES_BY_REACH.map((one) => ({ value: one, label: SCOPE_WORDS[one].name })),
          ]}
          onChange={(event) => setScope(event.currentTarget.value)}
        />
        {type !== undefined && (
          <Text size="xs" c="dimmed" flex={1} miw={200}>
            {SCOPE_WORDS[type].meaning}
          </Text>
        )}
        <Box ml="auto">
          <CsvButton of={exportSpendLimits} label="Download limits as CSV" />
        </Box>
      </Group>
      <Loadable
        query={limits}
        isEmpty={({ data }) => data.length === 0}
        empty={
          <Nothing
            title={type === undefined ? 'No limit is set' : 'No such limit is set'}
            icon={<IconGauge size={26} stroke={1.5} aria-hidden />}
            action={setButton}
          >
            {type === undefined
              ? 'Nothing stops spending yet. Begin with what the whole organisation may spend in a month, then set what each member may.'
              : SCOPE_WORDS[type].meaning}
          </Nothing>
        }
      >
        {(page) => (
          <>
            <Rows limits={page.data} served={{ sorting, onSort: setSorting }} onEdit={onEdit} />
            <PageSteps page={page} trail={trail} onMove={setTrail} />
          </>
        )}
      </Loadable>
    </Box>
  );
};

/** From the whole organisation down to a session. */
const BY_REACH: Sorting = { key: 'for', descending: false };

const orderOf = ({ key, descending }: Sorting): LimitOrder =>
  key === 'amount' ? { sort_by: 'amount', sort_order: descending ? 'desc' : 'asc' } : { sort_by: 'reach' };

type RowsProps = {
  readonly limits: readonly SpendLimit[];
  readonly served: ServedOrder;
  readonly onEdit: Props['onEdit'];
};

const Rows = ({ limits, served, onEdit }: RowsProps) => {
  const nameOf = useScopeNames(limits.map(({ scope }) => scope));
  return (
    <DataTable
      label="Limits"
      columns={limitColumns({ nameOf, onEdit })}
      rows={limits}
      rowKey={(row) => row.id}
      pageSize={limits.length}
      served={served}
    />
  );
};
