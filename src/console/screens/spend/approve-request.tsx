import { Modal, NativeSelect, NumberInput, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { approveIncreaseRequest, type IncreaseRequest } from '../../../spend/contract.ts';
import { call } from '../../data/client.ts';
import { useAction } from '../../data/use-action.ts';
import { FormButtons, FormError } from '../../kit/form-parts.tsx';
import { centsOfDollars, dollarsOf, formatAmount, formatLimit } from '../../kit/money.ts';
import { actorName } from '../../parts/spend/actor-words.ts';
import { LIMIT_TOUCHES } from '../../parts/spend/limit-dialog.tsx';
import { PERIOD_LIST, PERIOD_NAMES, PERIOD_STARTS, type Period, perPeriod } from '../../parts/spend/words.ts';

type Props = { readonly request: IncreaseRequest | null; readonly onClose: () => void };

/** Approves a request: asks for the amount that becomes the member's own limit, and says what happens then. */
export const ApproveRequest = ({ request, onClose }: Props) => (
  <Modal opened={request !== null} onClose={onClose} title="Approve the request" returnFocus>
    {request !== null && <ApproveForm request={request} onClose={onClose} />}
  </Modal>
);

/** Half as much again, to whole dollars: an amount to begin with. */
const suggestion = ({ spend_summary }: IncreaseRequest): number | string =>
  spend_summary === null || spend_summary.amount === null ? '' : Math.ceil(dollarsOf(spend_summary.amount) * 1.5);

const ApproveForm = ({ request, onClose }: { readonly request: IncreaseRequest; readonly onClose: () => void }) => {
  const [dollars, setDollars] = useState(suggestion(request));
  const [period, setPeriod] = useState<Period>(request.period);
  const [isTried, setTried] = useState(false);
  const name = actorName(request.actor);
  const isMissing = !(Number(dollars) > 0);
  const approve = useAction({
    run: () =>
      call(approveIncreaseRequest, {
        params: { request_id: request.id },
        body: { amount: centsOfDollars(Number(dollars)), period },
      }),
    touches: LIMIT_TOUCHES,
    errors: 'inline',
    done: () => `${name} may spend ${formatAmount(centsOfDollars(Number(dollars)))} ${perPeriod(period)} now.`,
    onDone: onClose,
  });
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (!isMissing) approve.mutate(undefined);
      }}
    >
      <Stack gap="md">
        <FormError error={approve.error} />
        <Text size="sm">
          {name} has used {formatAmount(request.spend_summary?.period_to_date_spend ?? '0')} of{' '}
          {formatLimit(request.spend_summary?.amount ?? null)} {perPeriod(request.period)}. The amount you approve
          becomes their own limit from the next request on, and stays until it is changed. They are told of it.
        </Text>
        <NumberInput
          label="New limit"
          prefix="$"
          thousandSeparator=","
          min={0}
          decimalScale={2}
          data-autofocus
          value={dollars}
          error={isTried && isMissing ? 'Enter an amount above zero.' : undefined}
          onChange={setDollars}
        />
        <NativeSelect
          label="In each"
          description={PERIOD_STARTS[period]}
          value={period}
          data={PERIOD_LIST.map((value) => ({ value, label: PERIOD_NAMES[value] }))}
          onChange={(event) => setPeriod(event.currentTarget.value as Period)}
        />
        <FormButtons submit="Approve" busy={approve.isPending} onCancel={onClose} />
      </Stack>
    </form>
  );
};
