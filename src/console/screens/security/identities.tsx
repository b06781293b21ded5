import { Text } from '@mantine/core';
import type { MySecurity } from '../../../directory/contract.ts';
import { type Column, DataTable } from '../../kit/data-table.tsx';
import { RelativeTime } from '../../kit/relative-time.tsx';
import { SectionCard } from '../../kit/section-card.tsx';

type Identity = MySecurity['identities'][number];

const COLUMNS: readonly Column<Identity>[] = [
  { key: 'provider', header: 'Provider', cell: (row) => <Text size="sm">{row.provider_name}</Text> },
  { key: 'account', header: 'Account', cell: (row) => row.account ?? '' },
  { key: 'linked', header: 'Linked', cell: (row) => <RelativeTime at={row.linked_at} /> },
  { key: 'used', header: 'Last used', cell: (row) => <RelativeTime at={row.last_used_at} /> },
];

/** The accounts at identity providers that sign in as me. */
export const Identities = ({ identities }: { readonly identities: readonly Identity[] }) => (
  <SectionCard
    title="Single sign-on"
    description="Accounts of your organisation that sign in as you. An administrator can unlink them."
    flush
  >
    <DataTable label="Linked accounts" columns={COLUMNS} rows={identities} rowKey={(row) => row.id} />
  </SectionCard>
);
