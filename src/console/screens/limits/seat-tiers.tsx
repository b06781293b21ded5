import { Button, Group, Modal, NativeSelect, NumberInput, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { exportSeatTierUsage, type SeatTierUsage, setSeatTierUsage } from '../../../spend/contract.ts';
import { call } from '../../data/client.ts';
import { usePermission } from '../../data/session.ts';
import { seatTiersQuery } from '../../data/spend-limits.ts';
import { useAction } from '../../data/use-action.ts';
import { AddButton } from '../../kit/add-button.tsx';
import type { Column } from '../../kit/data-table.tsx';
import { DisabledReason } from '../../kit/disabled-reason.tsx';
import { FormButtons, FormError } from '../../kit/form-parts.tsx';
import { formatExact } from '../../kit/format.ts';
import { LoadableTable } from '../../kit/loadable-table.tsx';
import { centsOfDollars, dollarsOf, formatAmount } from '../../kit/money.ts';
import { SectionCard } from '../../kit/section-card.tsx';
import { CsvButton } from '../../parts/csv-button.tsx';
import { SeatField } from '../../parts/seat-field.tsx';
import { PERIOD_LIST, PERIOD_NAMES, type Period, perPeriod } from '../../parts/spend/words.ts';

type Draft = { readonly tier: string; readonly dollars: number | string; readonly period: Period };

const draftOf = ({ seat_tier, included }: SeatTierUsage): Draft => ({
  tier: seat_tier,
  dollars: included === null ? '' : dollarsOf(included.amount),
  period: included?.period ?? 'monthly',
});

/** What the seats of each type include, spent before any limit counts. */
export const SeatTiers = () => {
  const tiers = useQuery(seatTiersQuery);
  const { reason } = usePermission('billing:manage');
  const [draft, setDraft] = useState<Draft | null>(null);
  return (
    <SectionCard
      title="Included usage of seats"
      description="Members spend what their type of seat includes first. It goes on when a limit is reached: only what comes on top stops."
      flush
      actions={
        <Group gap="xs">
          <CsvButton of={exportSeatTierUsage} label="Download what seats include as CSV" />
          <AddButton
            label="Include usage"
            reason={reason}
            onAdd={() => setDraft({ tier: '', dollars: '', period: 'monthly' })}
          />
        </Group>
      }
    >
      <LoadableTable
        query={tiers}
        lines={2}
        empty="No type of seat includes anything, and no member has a type of seat."
        label="Included usage"
        columns={columns(reason, (tier) => setDraft(draftOf(tier)))}
        rowKey={(row) => row.seat_tier}
      />
      <Modal opened={draft !== null} onClose={() => setDraft(null)} title="What seats include" returnFocus>
        {draft !== null && <TierForm initial={draft} onClose={() => setDraft(null)} />}
      </Modal>
    </SectionCard>
  );
};

const columns = (reason: string | null, onEdit: (tier: SeatTierUsage) => void): readonly Column<SeatTierUsage>[] => [
  { key: 'tier', header: 'Type of seat', sortBy: (row) => row.seat_tier, cell: (row) => row.seat_tier },
  {
    key: 'members',
    header: 'Members',
    align: 'right',
    sortBy: (row) => row.member_count,
    cell: (row) => formatExact(row.member_count),
  },
  {
    key: 'included',
    header: 'Includes',
    cell: ({ included }) =>
      included === null ? (
        <Text size="sm" c="dimmed">
          Nothing
        </Text>
      ) : (
        `${formatAmount(included.amount)} ${perPeriod(included.period)}`
      ),
  },
  {
    key: 'actions',
    header: 'Actions',
    hideHeader: true,
    align: 'right',
    cell: (row) => (
      <DisabledReason reason={reason}>
        <Button
          size="compact-xs"
          variant="default"
          aria-label={`Change what ${row.seat_tier} includes`}
          onClick={() => onEdit(row)}
        >
          Change
        </Button>
      </DisabledReason>
    ),
  },
];

const TierForm = ({ initial, onClose }: { readonly initial: Draft; readonly onClose: () => void }) => {
  const [draft, setDraft] = useState(initial);
  const set = (part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part }));
  const save = useAction({
    run: ({ tier, dollars, period }: Draft) => {
      const amount = Number(dollars) > 0 ? centsOfDollars(Number(dollars)) : null;
      return call(setSeatTierUsage, { body: { seat_tier: tier.trim(), amount, period } });
    },
    touches: ['seat-tier-usage', 'spend-limits', 'my-spend'],
    errors: 'inline',
    done: ({ seat_tier }) => `What ${seat_tier} includes is saved.`,
    onDone: onClose,
  });
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate(draft);
      }}
    >
      <Stack gap="md">
        <FormError error={save.error} />
        <SeatField
          label="Type of seat"
          disabled={initial.tier !== ''}
          value={draft.tier}
          onChange={(tier) => set({ tier })}
        />
        <Group grow align="flex-start">
          <NumberInput
            label="Includes"
            description="Empty takes it away."
            prefix="$"
            min={0}
            decimalScale={2}
            thousandSeparator=","
            value={draft.dollars}
            onChange={(dollars) => set({ dollars })}
          />
          <NativeSelect
            label="In each"
            description="Starts again in UTC."
            value={draft.period}
            data={PERIOD_LIST.map((value) => ({ value, label: PERIOD_NAMES[value] }))}
            onChange={(event) => set({ period: event.currentTarget.value as Period })}
          />
        </Group>
        <FormButtons submit="Save" busy={save.isPending} disabled={draft.tier.trim() === ''} onCancel={onClose} />
      </Stack>
    </form>
  );
};
