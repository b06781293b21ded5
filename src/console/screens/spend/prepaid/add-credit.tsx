import { Modal, NumberInput, Radio, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { createPrepaidOrder, type PrepaidBalance } from '../../../../spend/contract.ts';
import { call } from '../../../data/client.ts';
import { PREPAID_TOUCHES } from '../../../data/prepaid.ts';
import { useAction } from '../../../data/use-action.ts';
import { FormButtons, FormError } from '../../../kit/form-parts.tsx';
import { centsOfDollars, dollarsOf, formatAmount, formatDollars } from '../../../kit/money.ts';

const NOTE_MAX = 500;

type Props = { readonly opened: boolean; readonly balance: PrepaidBalance; readonly onClose: () => void };

/** Writes down credit that was bought, or sets the balance right. */
export const AddCredit = ({ opened, balance, onClose }: Props) => (
  <Modal opened={opened} onClose={onClose} title="Add credit" returnFocus>
    {opened && <CreditForm balance={balance} onClose={onClose} />}
  </Modal>
);

type Kind = 'purchase' | 'adjustment';

const problemOf = (kind: Kind, dollars: number): string | undefined => {
  if (kind === 'purchase') return dollars > 0 ? undefined : 'Enter how much was bought, above zero.';
  return dollars === 0 ? 'Enter how much is added, or taken away with a minus.' : undefined;
};

const CreditForm = ({ balance, onClose }: Omit<Props, 'opened'>) => {
  const [kind, setKind] = useState<Kind>('purchase');
  const [amount, setAmount] = useState<number | string>('');
  const [note, setNote] = useState('');
  const [isTried, setTried] = useState(false);
  const dollars = Number(amount);
  const problem = problemOf(kind, dollars);
  const order = useAction({
    run: () =>
      call(createPrepaidOrder, {
        body: { kind, amount: centsOfDollars(dollars), ...(note.trim() === '' ? {} : { note: note.trim() }) },
      }),
    touches: PREPAID_TOUCHES,
    errors: 'inline',
    done: (reply) => `${formatAmount(reply.amount)} is written down. It can be spent from the next request on.`,
    onDone: onClose,
  });
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (problem === undefined) order.mutate(undefined);
      }}
    >
      <Stack gap="md">
        <FormError error={order.error} />
        <Radio.Group label="What it is" value={kind} onChange={(value) => setKind(value as Kind)}>
          <Stack gap="xs" mt={6}>
            <Radio value="purchase" label="A purchase" description="Credit that was bought, as an invoice says." />
            <Radio
              value="adjustment"
              label="An adjustment"
              description="Sets the balance right, up or down: a refund, a mistake."
            />
          </Stack>
        </Radio.Group>
        <NumberInput
          label="Amount in US dollars"
          description={`The balance comes to ${formatDollars(dollarsOf(balance.balance) + dollars)}.`}
          prefix="$"
          thousandSeparator=","
          decimalScale={2}
          allowNegative={kind === 'adjustment'}
          data-autofocus
          value={amount}
          error={isTried ? problem : undefined}
          onChange={setAmount}
        />
        <TextInput
          label="Note"
          description="Optional, such as the number of the invoice."
          maxLength={NOTE_MAX}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        <FormButtons submit="Add credit" busy={order.isPending} onCancel={onClose} />
      </Stack>
    </form>
  );
};
