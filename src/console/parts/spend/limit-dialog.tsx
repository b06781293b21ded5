import { Modal, NativeSelect, NumberInput, Radio, SegmentedControl, Stack, Switch, Text } from '@mantine/core';
import { useState } from 'react';
import { SCOPES_BY_REACH, setSpendLimit } from '../../../spend/contract.ts';
import { call } from '../../data/client.ts';
import { useAction } from '../../data/use-action.ts';
import { FormButtons, FormError } from '../../kit/form-parts.tsx';
import { LadderEditor } from './ladder-editor.tsx';
import { type Allowance, bodyOf, type LimitValues, problemsOf } from './limit-values.ts';
import { ScopeTarget } from './scope-target.tsx';
import {
  MODE_WORDS,
  type Mode,
  PERIOD_LIST,
  PERIOD_NAMES,
  PERIOD_STARTS,
  type Period,
  SCOPE_WORDS,
  type ScopeType,
} from './words.ts';

/** What a limit's dialog is opened on, and how much of it is asked: `period` where whose it is stands already, `rest` where the period does too. */
export type LimitSubject = {
  readonly title: string;
  readonly values: LimitValues;
  readonly asks: 'everything' | 'period' | 'rest';
};

type Props = { readonly subject: LimitSubject | null; readonly onClose: () => void };

/** First parts of the queries that a changed limit makes stale. */
export const LIMIT_TOUCHES = ['spend-limits', 'spend', 'my-spend', 'increase-requests'] as const;

/** Sets a limit: whose, how much in which period, how it is kept, and what happens before. */
export const LimitDialog = ({ subject, onClose }: Props) => (
  <Modal opened={subject !== null} onClose={onClose} title={subject?.title} size="lg" returnFocus>
    {subject !== null && <LimitForm subject={subject} onClose={onClose} />}
  </Modal>
);

const LimitForm = ({ subject, onClose }: { readonly subject: LimitSubject; readonly onClose: () => void }) => {
  const [values, setValues] = useState(subject.values);
  const [isTried, setTried] = useState(false);
  const set = (part: Partial<LimitValues>) => setValues((before) => ({ ...before, ...part }));
  const save = useAction({
    run: (body: ReturnType<typeof bodyOf>) => call(setSpendLimit, { body }),
    touches: LIMIT_TOUCHES,
    errors: 'inline',
    done: () => 'The limit is set. It holds from the next request on.',
    onDone: onClose,
  });
  const problems = isTried ? problemsOf(values) : {};
  const submit = () => {
    setTried(true);
    if (Object.keys(problemsOf(values)).length === 0) save.mutate(bodyOf(values));
  };
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Stack gap="md">
        <FormError error={save.error} />
        {subject.asks === 'everything' && <Whose values={values} error={problems.target} set={set} />}
        {values.type !== 'session' && (
          <PeriodChoice period={values.period} isFixed={subject.asks === 'rest'} set={set} />
        )}
        <AmountChoice values={values} error={problems.dollars} set={set} />
        <ModeChoice mode={values.mode} set={set} />
        <LadderEditor steps={values.ladder} error={problems.ladder} onChange={(ladder) => set({ ladder })} />
        <Switch
          label="The limit is on"
          description="Switched off it keeps its amount and counts as if it were not there."
          checked={values.isEnabled}
          onChange={(event) => set({ isEnabled: event.currentTarget.checked })}
        />
        <FormButtons submit="Set limit" busy={save.isPending} onCancel={onClose} />
      </Stack>
    </form>
  );
};

type PartProps = { readonly set: (part: Partial<LimitValues>) => void };

const Whose = ({
  values,
  error,
  set,
}: PartProps & { readonly values: LimitValues; readonly error?: string | undefined }) => (
  <>
    <NativeSelect
      label="Limit for"
      description={SCOPE_WORDS[values.type].meaning}
      value={values.type}
      data={SCOPES_BY_REACH.map((type) => ({ value: type, label: SCOPE_WORDS[type].name }))}
      onChange={(event) => set({ type: event.currentTarget.value as ScopeType, target: '' })}
      data-autofocus
    />
    <ScopeTarget type={values.type} value={values.target} error={error} onChange={(target) => set({ target })} />
  </>
);

const PeriodChoice = ({ period, isFixed, set }: PartProps & { readonly period: Period; readonly isFixed: boolean }) => (
  <Stack gap={4}>
    <Text size="sm" fw={500} id="limit-period">
      Period
    </Text>
    <SegmentedControl
      aria-labelledby="limit-period"
      value={period}
      disabled={isFixed}
      data={PERIOD_LIST.map((value) => ({ value, label: PERIOD_NAMES[value] }))}
      onChange={(value) => set({ period: value as Period })}
    />
    <Text size="xs" c="dimmed">
      {PERIOD_STARTS[period]} Each period has a limit of its own.
    </Text>
  </Stack>
);

type AmountProps = PartProps & { readonly values: LimitValues; readonly error?: string | undefined };

const AmountChoice = ({ values, error, set }: AmountProps) => (
  <Radio.Group label="Allowed" value={values.allowance} onChange={(value) => set({ allowance: value as Allowance })}>
    <Stack gap="xs" mt={6}>
      <Radio value="amount" label="An amount" />
      {values.allowance === 'amount' && (
        <NumberInput
          aria-label="Amount in US dollars"
          ml={30}
          maw={220}
          prefix="$"
          thousandSeparator=","
          min={0}
          decimalScale={2}
          placeholder="$500"
          value={values.dollars}
          error={error}
          onChange={(dollars) => set({ dollars })}
        />
      )}
      <Radio
        value="unlimited"
        label="Unlimited"
        description="Limits further out that would hold instead are not looked at; totals and pools still bind."
      />
      <Radio value="nothing" label="Nothing" description="$0: only what a seat includes may be used." />
    </Stack>
  </Radio.Group>
);

const ModeChoice = ({ mode, set }: PartProps & { readonly mode: Mode }) => (
  <Radio.Group label="How it is kept" value={mode} onChange={(value) => set({ mode: value as Mode })}>
    <Stack gap="xs" mt={6}>
      {(['standard', 'strict'] as const).map((one) => (
        <Radio key={one} value={one} label={MODE_WORDS[one].name} description={MODE_WORDS[one].meaning} />
      ))}
    </Stack>
  </Radio.Group>
);
