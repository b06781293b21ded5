import { ActionIcon, Button, Group, Input, MultiSelect, NativeSelect, NumberInput, Stack } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import type { LadderStep } from '../../../spend/contract.ts';
import { EffortSelect } from '../../kit/effort-select.tsx';

const STEPS_MAX = 10;
const FAMILIES = ['haiku', 'sonnet', 'opus', 'fable', 'mythos'];

const ACTIONS: Readonly<Record<LadderStep['action'], string>> = {
  notify: 'Tell people',
  lower_effort: 'Lower effort',
  restrict_models: 'Only some models',
};

const stepOf = (action: LadderStep['action'], at_percent: number): LadderStep => {
  switch (action) {
    case 'notify':
      return { action, at_percent };
    case 'lower_effort':
      return { action, at_percent, effort: 'low' };
    case 'restrict_models':
      return { action, at_percent, families: ['haiku'] };
    default:
      return action satisfies never;
  }
};

type Props = {
  readonly steps: readonly LadderStep[];
  readonly error?: string | undefined;
  readonly onChange: (steps: readonly LadderStep[]) => void;
};

/** The steps that are taken before a limit is reached, each from a percentage of it on. */
export const LadderEditor = ({ steps, error, onChange }: Props) => {
  const put = (at: number, step: LadderStep) => onChange(steps.map((one, index) => (index === at ? step : one)));
  return (
    <Input.Wrapper
      label="Before the limit is reached"
      labelElement="div"
      description="Gentler steps, each from a percentage of the limit on. They last until the period starts again."
      error={error}
    >
      <Stack gap="xs" mt="xs">
        {steps.map((step, at) => (
          <StepRow
            // biome-ignore lint/suspicious/noArrayIndexKey: steps have no identity but their place.
            key={at}
            place={at + 1}
            step={step}
            onChange={(changed) => put(at, changed)}
            onRemove={() => onChange(steps.filter((_, index) => index !== at))}
          />
        ))}
        <Group>
          <Button
            size="xs"
            variant="default"
            leftSection={<IconPlus size={14} aria-hidden />}
            disabled={steps.length >= STEPS_MAX}
            onClick={() => onChange([...steps, stepOf('notify', steps.length === 0 ? 80 : 90)])}
          >
            Add a step
          </Button>
        </Group>
      </Stack>
    </Input.Wrapper>
  );
};

type RowProps = {
  readonly place: number;
  readonly step: LadderStep;
  readonly onChange: (step: LadderStep) => void;
  readonly onRemove: () => void;
};

const StepRow = ({ place, step, onChange, onRemove }: RowProps) => (
  <Group gap="xs" align="center" role="group" aria-label={`Step ${place}`}>
    <NumberInput
      aria-label={`Step ${place}: from percent`}
      w={86}
      min={1}
      max={99}
      clampBehavior="strict"
      allowDecimal={false}
      suffix="%"
      value={step.at_percent}
      onChange={(value) => onChange({ ...step, at_percent: Number(value) || 1 })}
    />
    <NativeSelect
      aria-label={`Step ${place}: what happens`}
      w={170}
      value={step.action}
      data={Object.entries(ACTIONS).map(([value, label]) => ({ value, label }))}
      onChange={(event) => onChange(stepOf(event.currentTarget.value as LadderStep['action'], step.at_percent))}
    />
    {step.action === 'lower_effort' && (
      <EffortSelect
        label={`Step ${place}: highest effort`}
        value={step.effort}
        offered={['low', 'medium', 'high']}
        none="Choose"
        onChange={(effort) => effort !== null && onChange({ ...step, effort })}
      />
    )}
    {step.action === 'restrict_models' && (
      <MultiSelect
        aria-label={`Step ${place}: families that may still be used`}
        miw={200}
        flex={1}
        data={FAMILIES}
        value={[...step.families]}
        onChange={(families) => onChange({ ...step, families })}
      />
    )}
    <ActionIcon variant="subtle" color="gray" aria-label={`Remove step ${place}`} onClick={onRemove}>
      <IconX size={16} aria-hidden />
    </ActionIcon>
  </Group>
);
