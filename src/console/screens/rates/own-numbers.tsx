import { Modal, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { type RateLimit, setRateLimit } from '../../../spend/contract.ts';
import { call } from '../../data/client.ts';
import { useAction } from '../../data/use-action.ts';
import { FormButtons, FormError } from '../../kit/form-parts.tsx';
import { changesOf, NumberFields, type Numbers } from './number-fields.tsx';
import { groupName, type SettableLimiter, settableOn } from './words.ts';

type Props = { readonly pool: RateLimit | null; readonly onClose: () => void };

/** Sets the organisation's own numbers on one group of models or part of the API. */
export const OwnNumbers = ({ pool, onClose }: Props) => (
  <Modal opened={pool !== null} onClose={onClose} title={pool === null ? '' : groupName(pool.group)} returnFocus>
    {pool !== null && <NumbersForm pool={pool} onClose={onClose} />}
  </Modal>
);

const NumbersForm = ({ pool, onClose }: { readonly pool: RateLimit; readonly onClose: () => void }) => {
  const before: Numbers = Object.fromEntries(pool.limits.map(({ type, value }) => [type, value]));
  const [values, setValues] = useState(before);
  const limiters: readonly OwnLimiter[] =
    pool.group.type === 'batch'
      ? ['requests_per_minute', 'enqueued_batch_requests']
      : settableOn(pool.group.type).usual;
  const { further } = settableOn(pool.group.type);
  const otherwise = (limiter: string) => (further.some((one) => one === limiter) ? 'Not limited' : 'As in Scale');
  const save = useAction({
    run: () =>
      call(setRateLimit, {
        params: { rate_limit_id: pool.id },
        body: { limits: changesOf<OwnLimiter>([...limiters, ...further], values, before) },
      }),
    touches: ['rates'],
    errors: 'inline',
    done: () => 'The numbers are set. They hold from the next request on.',
    onDone: onClose,
  });
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate(undefined);
      }}
    >
      <Stack gap="md">
        <FormError error={save.error} />
        <Text size="sm" c="dimmed">
          An empty field goes back to the number of the tier Scale.
        </Text>
        <NumberFields
          limiters={limiters}
          further={further}
          values={values}
          otherwise={otherwise}
          onChange={setValues}
        />
        <FormButtons submit="Set numbers" busy={save.isPending} onCancel={onClose} />
      </Stack>
    </form>
  );
};

type OwnLimiter = SettableLimiter | 'enqueued_batch_requests';
