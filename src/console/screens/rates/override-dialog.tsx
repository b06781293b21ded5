import { Modal, NativeSelect, Stack } from '@mantine/core';
import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import {
  type RateLimit,
  type RateLimitGroup,
  type RateScope,
  setRateLimitOverride,
  spendScope,
} from '../../../spend/contract.ts';
import { call } from '../../data/client.ts';
import { rateLimitsQuery } from '../../data/rates.ts';
import { useAction } from '../../data/use-action.ts';
import { FormButtons, FormError } from '../../kit/form-parts.tsx';
import { ListFault } from '../../kit/states.tsx';
import { ScopeTarget } from '../../parts/spend/scope-target.tsx';
import { changesOf, NumberFields, type Numbers } from './number-fields.tsx';
import { ALL_MODELS, groupName, RATE_SCOPES, settableOn } from './words.ts';

/** A lower limit as the dialog holds it. */
export type OverrideDraft = {
  readonly type: RateScope['type'];
  readonly target: string;
  readonly pool: string;
  readonly numbers: Numbers;
  /** Whose it is and what it is on stand already. */
  readonly isFixed: boolean;
};

type Props = { readonly draft: OverrideDraft | null; readonly onClose: () => void };

/** Sets, changes and takes away the lower limits of one workspace, group, member or key. */
export const OverrideDialog = ({ draft, onClose }: Props) => (
  <Modal opened={draft !== null} onClose={onClose} title="Lower limit" returnFocus>
    {draft !== null && <OverrideForm initial={draft} onClose={onClose} />}
  </Modal>
);

const OverrideForm = ({ initial, onClose }: { readonly initial: OverrideDraft; readonly onClose: () => void }) => {
  const [draft, setDraft] = useState(initial);
  const [isTried, setTried] = useState(false);
  const set = (part: Partial<OverrideDraft>) => setDraft((before) => ({ ...before, ...part }));
  const pools = useQuery(rateLimitsQuery);
  const { usual, further } = settableOn(groupTypeOf(draft.pool, pools.data ?? []));
  const changes = changesOf([...usual, ...further], draft.numbers, initial.numbers);
  const save = useAction({
    run: () =>
      call(setRateLimitOverride, {
        body: { scope: spendScope(draft.type, draft.target), rate_limit_id: draft.pool, limits: changes },
      }),
    touches: ['rates'],
    errors: 'inline',
    done: () => 'The lower limit is set. It holds from the next request on.',
    onDone: onClose,
  });
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (draft.target !== '' && changes.length > 0) save.mutate(undefined);
      }}
    >
      <Stack gap="md">
        <FormError error={save.error} />
        {!initial.isFixed && <Whose draft={draft} pools={pools} isTried={isTried} set={set} />}
        <NumberFields
          key={usual.length}
          limiters={usual}
          further={further}
          values={draft.numbers}
          otherwise={() => 'No lower limit'}
          onChange={(numbers) => set({ numbers })}
        />
        <FormButtons
          submit="Set lower limit"
          busy={save.isPending}
          disabled={changes.length === 0}
          onCancel={onClose}
        />
      </Stack>
    </form>
  );
};

type WhoseProps = {
  readonly draft: OverrideDraft;
  readonly pools: UseQueryResult<readonly RateLimit[]>;
  readonly isTried: boolean;
  readonly set: (part: Partial<OverrideDraft>) => void;
};

const groupTypeOf = (pool: string, pools: readonly RateLimit[]): RateLimitGroup['type'] =>
  pools.find(({ id }) => id === pool)?.group.type ?? 'model_group';

/** All models together can be limited for anybody but a workspace, which has the organisation's groups only. */
const poolsFor = (type: RateScope['type'], pools: readonly RateLimit[]) => [
  ...(type === 'workspace' ? [] : [{ value: ALL_MODELS, label: 'All models together' }]),
  ...pools.map(({ id, group }) => ({ value: id, label: groupName(group) })),
];

const Whose = ({ draft, pools, isTried, set }: WhoseProps) => {
  const offered = poolsFor(draft.type, pools.data ?? []);
  const choose = (type: RateScope['type']) => {
    const isOffered = poolsFor(type, pools.data ?? []).some(({ value }) => value === draft.pool);
    set({ type, target: '', ...(isOffered ? {} : { pool: pools.data?.[0]?.id ?? '' }) });
  };
  return (
    <>
      <NativeSelect
        label="For"
        description={RATE_SCOPES[draft.type].meaning}
        value={draft.type}
        data={Object.entries(RATE_SCOPES).map(([value, { name }]) => ({ value, label: name }))}
        onChange={(event) => choose(event.currentTarget.value as RateScope['type'])}
      />
      <ScopeTarget
        type={draft.type}
        value={draft.target}
        error={isTried && draft.target === '' ? 'Choose whom the limit is for.' : undefined}
        onChange={(target) => set({ target })}
      />
      <NativeSelect
        label="On"
        description="Models that share a limit, or a part of the API."
        value={draft.pool}
        data={offered}
        onChange={(event) => set({ pool: event.currentTarget.value })}
      />
      <ListFault of="Groups of models" query={pools} />
    </>
  );
};
