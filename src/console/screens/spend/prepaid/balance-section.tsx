import { Alert, Badge, Button, Group, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { type PrepaidBalance, updatePrepaidSettings } from '../../../../spend/contract.ts';
import { call } from '../../../data/client.ts';
import { PREPAID_TOUCHES } from '../../../data/prepaid.ts';
import { usePermission } from '../../../data/session.ts';
import { useAction } from '../../../data/use-action.ts';
import { AskButton } from '../../../kit/ask-button.tsx';
import { DisabledReason } from '../../../kit/disabled-reason.tsx';
import { type Figure, Figures } from '../../../kit/figures.tsx';
import { dollarsOf, formatAmount } from '../../../kit/money.ts';
import { SectionCard } from '../../../kit/section-card.tsx';
import { MODE_WORDS } from '../../../parts/spend/words.ts';
import { AddCredit } from './add-credit.tsx';

type Props = { readonly balance: PrepaidBalance };

/** What is left of the credit, and whether spend counts against it. */
export const BalanceSection = ({ balance }: Props) => {
  const { reason } = usePermission('billing:manage');
  const [adding, setAdding] = useState(false);
  return (
    <SectionCard
      title="Prepaid balance"
      description="Credit the organisation has paid for before it is spent. Remit keeps the books of it and charges no card."
      actions={
        <DisabledReason reason={reason}>
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setAdding(true)}>
            Add credit
          </Button>
        </DisabledReason>
      }
    >
      <Stack gap="lg">
        <Group gap="sm">
          <Badge variant="light" size="lg" color={balance.is_enabled ? 'ink' : 'gray'}>
            {balance.is_enabled ? 'In force' : 'Not in force'}
          </Badge>
          <Text size="sm">{STATES[balance.is_enabled ? 'on' : 'off']}</Text>
        </Group>
        <Empty balance={balance} />
        <Figures figures={figuresOf(balance)} />
        <Text size="sm" c="dimmed">
          Kept {MODE_WORDS[balance.mode].name.toLowerCase()}: {MODE_WORDS[balance.mode].meaning}
        </Text>
        <Group gap="xs">
          <SwitchForce balance={balance} reason={reason} />
          <SwitchMode balance={balance} reason={reason} />
        </Group>
      </Stack>
      <AddCredit opened={adding} balance={balance} onClose={() => setAdding(false)} />
    </SectionCard>
  );
};

const STATES = {
  on: 'Every request needs room in the balance, whoever makes it. When it is empty, nothing is spent any more.',
  off: 'Spend is not counted against the balance, and an empty one stops nobody.',
} as const;

const Empty = ({ balance }: Props) =>
  balance.is_enabled && dollarsOf(balance.balance) <= 0 ? (
    <Alert color="red" icon={<IconAlertTriangle size={18} aria-hidden />} title="The balance is empty">
      Requests are refused until credit is added or the balance is taken out of force.
    </Alert>
  ) : null;

const figuresOf = ({ balance, funded, spent, held }: PrepaidBalance): readonly Figure[] => [
  { label: 'Left', value: formatAmount(balance), note: 'What can be spent now.' },
  { label: 'Paid in', value: formatAmount(funded), note: 'All orders together.' },
  { label: 'Spent', value: formatAmount(spent), note: 'While the balance was in force.' },
  { label: 'Held', value: formatAmount(held), note: 'For requests that run now.' },
];

type SwitchProps = Props & { readonly reason: string | null };

const useSettings = (done: string) =>
  useAction({
    run: (body: { readonly is_enabled?: boolean; readonly mode?: PrepaidBalance['mode'] }) =>
      call(updatePrepaidSettings, { body }),
    touches: PREPAID_TOUCHES,
    errors: 'inline',
    done: () => done,
  });

const SwitchForce = ({ balance, reason }: SwitchProps) => {
  const isOn = balance.is_enabled;
  const change = useSettings(isOn ? 'The balance is no longer in force.' : 'The balance is in force.');
  const deed = { ...change, mutate: deedOf(change.mutate, { is_enabled: !isOn }) };
  const left = formatAmount(balance.balance);
  return (
    <AskButton
      label={isOn ? 'Take out of force' : 'Put in force'}
      reason={reason}
      title={isOn ? 'Take the balance out of force?' : 'Put the balance in force?'}
      confirm={isOn ? 'Take out of force' : 'Put in force'}
      deed={deed}
    >
      {isOn
        ? 'From the next request on, spend is not counted against the balance; other limits go on. The balance keeps what is left.'
        : `From the next request on, everything that is spent comes off the balance of ${left}. When it is empty, every request of the organisation is refused.`}
    </AskButton>
  );
};

const deedOf =
  <Body,>(mutate: (body: Body, options: { readonly onSuccess: () => void }) => void, body: Body) =>
  (_: undefined, options: { readonly onSuccess: () => void }): void =>
    mutate(body, options);

const SwitchMode = ({ balance, reason }: SwitchProps) => {
  const other = balance.mode === 'strict' ? 'standard' : 'strict';
  const change = useSettings(`The balance is kept ${MODE_WORDS[other].name.toLowerCase()} now.`);
  const deed = { ...change, mutate: deedOf(change.mutate, { mode: other }) };
  return (
    <AskButton
      label={`Keep it ${MODE_WORDS[other].name.toLowerCase()}`}
      reason={reason}
      title={`Keep the balance ${MODE_WORDS[other].name.toLowerCase()}?`}
      confirm={`Keep it ${MODE_WORDS[other].name.toLowerCase()}`}
      deed={deed}
    >
      {MODE_WORDS[other].meaning}
    </AskButton>
  );
};
