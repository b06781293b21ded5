import { Group, NativeSelect, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { RANGES, type RequestFilters } from '../data/request-filters.ts';
import { usePermission } from '../data/session.ts';
import { MemberSelect } from './member-select.tsx';

const TYPING_PAUSE_MS = 400;
const RANGE_NAMES = { '1h': 'Last hour', '24h': 'Last 24 hours', '7d': 'Last 7 days', '30d': 'Last 30 days' } as const;
const EFFECTS = [
  { value: '', label: 'Any decision' },
  { value: 'allow', label: 'Allowed' },
  { value: 'clamp', label: 'Lowered' },
  { value: 'deny', label: 'Refused' },
] as const;

type Props = {
  readonly withMember: boolean;
  readonly filters: RequestFilters;
  readonly onFilter: (filters: RequestFilters) => void;
};

/** Narrows a table of requests by member, model, decision and time. */
export const RequestFilterBar = ({ withMember, filters, onFilter }: Props) => (
  <Group gap="xs">
    {withMember && <MemberFilter value={filters.member} onChange={(member) => onFilter({ ...filters, member })} />}
    <ModelFilter value={filters.model} onChange={(model) => onFilter({ ...filters, model })} />
    <NativeSelect
      size="xs"
      aria-label="Decision"
      data={EFFECTS.map((effect) => ({ ...effect }))}
      value={filters.effect ?? ''}
      onChange={(event) => {
        const chosen = EFFECTS.find((effect) => effect.value === event.currentTarget.value)?.value;
        onFilter({ ...filters, effect: chosen === '' ? undefined : chosen });
      }}
    />
    <NativeSelect
      size="xs"
      aria-label="Time range"
      data={[{ value: '', label: 'Any time' }, ...RANGES.map((range) => ({ value: range, label: RANGE_NAMES[range] }))]}
      value={filters.range ?? ''}
      onChange={(event) => onFilter({ ...filters, range: RANGES.find((range) => range === event.currentTarget.value) })}
    />
  </Group>
);

type ValueProps = { readonly value: string | undefined; readonly onChange: (value: string | undefined) => void };

const MemberFilter = ({ value, onChange }: ValueProps) =>
  usePermission('users:view').held ? (
    <MemberSelect label="Member" placeholder="Any member" value={value} onChange={onChange} />
  ) : null;

const ModelFilter = ({ value, onChange }: ValueProps) => {
  const [text, setText] = useState(value ?? '');
  const apply = useDebouncedCallback(
    (typed: string) => onChange(typed.trim() === '' ? undefined : typed.trim()),
    TYPING_PAUSE_MS,
  );
  return (
    <TextInput
      size="xs"
      w={200}
      aria-label="Model"
      placeholder="Any model (id)"
      leftSection={<IconSearch size={14} aria-hidden />}
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value);
        apply(event.currentTarget.value);
      }}
    />
  );
};
