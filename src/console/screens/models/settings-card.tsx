import { Box, Group, SegmentedControl, SimpleGrid, Stack, Text } from '@mantine/core';
import { useId } from 'react';
import type { ModelSettings } from '../../../access/contract.ts';
import { DotLabel } from '../../kit/dot-label.tsx';
import { type Draft, isSettingChanged } from '../../parts/matrix/draft.ts';

type Choice<Value extends string> = { readonly value: Value; readonly label: string; readonly meaning: string };

const NEW_MODELS: readonly Choice<ModelSettings['new_models']>[] = [
  { value: 'off', label: 'Off', meaning: 'A model released later stays off until somebody switches it on here.' },
  {
    value: 'on',
    label: 'On',
    meaning: 'A model released later is on at once; custom roles with a list of their own still have to grant it.',
  },
];

const ACTIONS: readonly Choice<ModelSettings['effort_action']>[] = [
  { value: 'clamp', label: 'Lower it', meaning: 'The request runs at its cap, and the answer says so in a header.' },
  {
    value: 'refuse',
    label: 'Refuse it',
    meaning: 'The request is refused with a sentence naming the highest effort allowed.',
  },
  {
    value: 'observe',
    label: 'Only note it',
    meaning: 'The request runs as asked; the Requests page shows that it was above its cap.',
  },
];

type Props = {
  readonly settings: ModelSettings;
  readonly draft: Draft;
  readonly disabled: boolean;
  readonly onEdit: (value: Partial<ModelSettings>) => void;
};

/** What happens to new models and to requests that want more effort than they may have. */
export const SettingsCard = ({ settings, draft, disabled, onEdit }: Props) => (
  <Box component="section" className="card" p="md" aria-label="Rules">
    <SimpleGrid cols={{ base: 1, md: 2 }} spacing="xl">
      <Setting
        title="New models arrive"
        changed={isSettingChanged(draft, 'new_models')}
        choices={NEW_MODELS}
        value={settings.new_models}
        disabled={disabled}
        onChange={(new_models) => onEdit({ new_models })}
      />
      <Setting
        title="A request above its effort cap"
        changed={isSettingChanged(draft, 'effort_action')}
        choices={ACTIONS}
        value={settings.effort_action}
        disabled={disabled}
        onChange={(effort_action) => onEdit({ effort_action })}
      />
    </SimpleGrid>
  </Box>
);

type SettingProps<Value extends string> = {
  readonly title: string;
  readonly changed: boolean;
  readonly choices: readonly Choice<Value>[];
  readonly value: Value;
  readonly disabled: boolean;
  readonly onChange: (value: Value) => void;
};

const Setting = <Value extends string>({ title, changed, choices, value, disabled, onChange }: SettingProps<Value>) => {
  const id = useId();
  return (
    <Stack gap={6}>
      <Group gap="md">
        <Text size="sm" fw={500} id={id}>
          {title}
        </Text>
        <SegmentedControl
          size="xs"
          aria-labelledby={id}
          data={choices.map((choice) => ({ value: choice.value, label: choice.label }))}
          value={value}
          disabled={disabled}
          onChange={(chosen) => onChange(chosen)}
        />
        {changed && (
          <Text size="xs" component="span">
            <DotLabel tone="warn">Not saved</DotLabel>
          </Text>
        )}
      </Group>
      <Text size="sm" c="dimmed">
        {choices.find((choice) => choice.value === value)?.meaning}
      </Text>
    </Stack>
  );
};
