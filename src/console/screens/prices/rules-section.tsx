import { Group } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { deletePriceRule, endPriceRule, exportPrices, type PriceRule } from '../../../spend/contract.ts';
import { call } from '../../data/client.ts';
import { pricesQuery } from '../../data/prices.ts';
import { usePermission } from '../../data/session.ts';
import { useAction } from '../../data/use-action.ts';
import { AddButton } from '../../kit/add-button.tsx';
import { AskButton } from '../../kit/ask-button.tsx';
import type { Column } from '../../kit/data-table.tsx';
import { LoadableTable } from '../../kit/loadable-table.tsx';
import { SectionCard } from '../../kit/section-card.tsx';
import { CsvButton } from '../../parts/csv-button.tsx';
import { NewRule } from './new-rule.tsx';
import { daysWords, ruleWords, scopeWords } from './words.ts';

const today = (): string => new Date().toISOString().slice(0, 10);

/** What the organisation has agreed on: discounts, multipliers, prices of models of its own. */
export const RulesSection = () => {
  const { reason } = usePermission('billing:manage');
  const rules = useQuery({ ...pricesQuery, select: (book) => book.rules });
  const [adding, setAdding] = useState(false);
  return (
    <SectionCard
      title="Your own prices"
      description="Discounts of your contract, multipliers, and models the shipped book does not know."
      flush
      actions={
        <Group gap="xs">
          <CsvButton of={exportPrices} query={{ of: 'rules' }} label="Download your own prices as CSV" />
          <AddButton label="Add a price rule" reason={reason} onAdd={() => setAdding(true)} />
        </Group>
      }
    >
      <LoadableTable
        query={rules}
        lines={2}
        empty="The shipped prices hold, unchanged."
        label="Price rules"
        columns={columns(reason)}
        rowKey={(row) => row.id}
      />
      <NewRule opened={adding} onClose={() => setAdding(false)} />
    </SectionCard>
  );
};

const columns = (reason: string | null): readonly Column<PriceRule>[] => [
  { key: 'scope', header: 'For', sortBy: (row) => scopeWords(row.scope), cell: (row) => scopeWords(row.scope) },
  { key: 'rule', header: 'Price', cell: (row) => ruleWords(row) },
  {
    key: 'days',
    header: 'Holds',
    sortBy: (row) => row.starting_date,
    cell: (row) => daysWords(row.starting_date, row.ending_date),
  },
  {
    key: 'actions',
    header: 'Actions',
    hideHeader: true,
    align: 'right',
    cell: (row) => <RuleActions rule={row} reason={reason} />,
  },
];

const RuleActions = ({ rule, reason }: { readonly rule: PriceRule; readonly reason: string | null }) => {
  const params = { rule_id: rule.id };
  const what = `${ruleWords(rule)} for ${scopeWords(rule.scope)}`;
  const end = useAction({
    run: () => call(endPriceRule, { params, body: { ending_date: today() } }),
    touches: ['prices'],
    errors: 'inline',
    done: () => 'The rule has ended.',
  });
  const remove = useAction({
    run: () => call(deletePriceRule, { params }),
    touches: ['prices'],
    errors: 'inline',
    done: () => 'The rule is taken back.',
  });
  const canEnd = rule.ending_date === null && rule.starting_date < today();
  return (
    <Group gap="xs" justify="flex-end" wrap="nowrap">
      {canEnd && (
        <AskButton
          size="compact-xs"
          label="End"
          name={`End ${what}`}
          reason={reason}
          title={`End ${what}?`}
          confirm="End the rule"
          deed={end}
        >
          Yesterday is its last day. From the next request on the price is what it would be without it.
        </AskButton>
      )}
      <AskButton
        size="compact-xs"
        label="Take back"
        name={`Take back ${what}`}
        reason={reason}
        title={`Take back ${what}?`}
        confirm="Take it back"
        deed={remove}
      >
        The book is then as if the rule had never been. What was charged by it stays charged until you re-rate those
        days below.
      </AskButton>
    </Group>
  );
};
