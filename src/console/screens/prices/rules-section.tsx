import { Button, Group } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { deletePriceRule, endPriceRule, type PriceRule } from '../../../spend/contract.ts';
import { call } from '../../data/client.ts';
import { pricesQuery } from '../../data/prices.ts';
import { usePermission } from '../../data/session.ts';
import { useAction } from '../../data/use-action.ts';
import { AskButton } from '../../kit/ask-button.tsx';
import { type Column, DataTable } from '../../kit/data-table.tsx';
import { DisabledReason } from '../../kit/disabled-reason.tsx';
import { Loadable } from '../../kit/loadable.tsx';
import { SectionCard } from '../../kit/section-card.tsx';
import { NothingHere } from '../../kit/states.tsx';
import { NewRule } from './new-rule.tsx';
import { daysWords, ruleWords, scopeWords } from './words.ts';

const today = (): string => new Date().toISOString().slice(0, 10);

/** What the organisation has agreed on: discounts, multipliers, prices of models of its own. */
export const RulesSection = () => {
  const { reason } = usePermission('billing:manage');
  const book = useQuery(pricesQuery);
  const [adding, setAdding] = useState(false);
  return (
    <SectionCard
      title="Your own prices"
      description="Discounts of your contract, multipliers, and models the shipped book does not know."
      flush
      actions={
        <DisabledReason reason={reason}>
          <Button
            size="xs"
            variant="default"
            leftSection={<IconPlus size={14} aria-hidden />}
            onClick={() => setAdding(true)}
          >
            Add a price rule
          </Button>
        </DisabledReason>
      }
    >
      <Loadable
        query={book}
        lines={2}
        isEmpty={({ rules }) => rules.length === 0}
        empty={<NothingHere>The shipped prices hold, unchanged.</NothingHere>}
      >
        {({ rules }) => (
          <DataTable label="Price rules" columns={columns(reason)} rows={rules} rowKey={(row) => row.id} />
        )}
      </Loadable>
      <NewRule opened={adding} onClose={() => setAdding(false)} />
    </SectionCard>
  );
};

const columns = (reason: string | null): readonly Column<PriceRule>[] => [
  { key: 'scope', header: 'For', cell: (row) => scopeWords(row.scope) },
  { key: 'rule', header: 'Price', cell: (row) => ruleWords(row) },
  { key: 'days', header: 'Holds', cell: (row) => daysWords(row.starting_date, row.ending_date) },
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
