import { Group, NativeSelect, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { ACTIVITY_RANGES, type ActivityFilters } from '../../data/activity-filters.ts';
import { usePermission } from '../../data/session.ts';
import { titleOf } from '../../parts/activity/sentence.ts';
import { AREAS, type Area, typesIn } from '../../parts/activity/vocabulary.ts';
import { MemberSelect } from '../../parts/member-select.tsx';

const TYPING_PAUSE_MS = 400;
const RANGE_NAMES: Readonly<Record<(typeof ACTIVITY_RANGES)[number], string>> = {
  '1h': 'Last hour',
  '24h': 'Last 24 hours',
  '7d': 'Last 7 days',
  '30d': 'Last 30 days',
  '90d': 'Last 90 days',
  '365d': 'Last year',
};
const DATES = 'dates';

const AREA_NAMES = Object.keys(AREAS) as Area[];

const WHAT_CHOICES = [
  { value: '', label: 'Any activity' },
  ...AREA_NAMES.filter((area) => typesIn(area).length > 0).map((area) => ({
    group: AREAS[area],
    items: [
      { value: area, label: `${AREAS[area]}: all` },
      ...typesIn(area).map((type) => ({ value: type, label: titleOf(type) })),
    ],
  })),
];

type Props = { readonly filters: ActivityFilters; readonly onFilter: (filters: ActivityFilters) => void };

/** Narrows the feed by kind of activity, who did it, when, and what or which request it was about. */
export const ActivityFilterBar = ({ filters, onFilter }: Props) => {
  const { held: seesMembers } = usePermission('users:view');
  return (
    <Group gap="xs">
      <NativeSelect
        size="xs"
        aria-label="Kind of activity"
        data={WHAT_CHOICES}
        value={filters.what ?? ''}
        onChange={(event) => onFilter({ ...filters, what: event.currentTarget.value || undefined })}
      />
      {seesMembers && (
        <MemberSelect
          label="Who did it"
          placeholder="By anybody"
          value={filters.actor}
          onChange={(actor) => onFilter({ ...filters, actor })}
        />
      )}
      <TimeFilter filters={filters} onFilter={onFilter} />
      <IdFilter key={filters.request ?? filters.subject ?? ''} filters={filters} onFilter={onFilter} />
    </Group>
  );
};

/** A day of the reader's own calendar: `2026-11-02`. */
const dayOf = (date: Date): string => date.toLocaleDateString('sv-SE');

const TimeFilter = ({ filters, onFilter }: Props) => {
  const { from, until, range } = filters;
  const hasDates = from !== undefined || until !== undefined;
  const choose = (value: string) => {
    const none = { ...filters, range: undefined, from: undefined, until: undefined };
    if (value === DATES) onFilter({ ...none, from: dayOf(new Date()), until: dayOf(new Date()) });
    else onFilter({ ...none, range: ACTIVITY_RANGES.find((one) => one === value) });
  };
  return (
    <>
      <NativeSelect
        size="xs"
        aria-label="Time range"
        data={[
          { value: '', label: 'Any time' },
          ...ACTIVITY_RANGES.map((one) => ({ value: one, label: RANGE_NAMES[one] })),
          { value: DATES, label: 'Between dates' },
        ]}
        value={hasDates ? DATES : (range ?? '')}
        onChange={(event) => choose(event.currentTarget.value)}
      />
      {hasDates && (
        <>
          <DayInput label="From" value={from} onChange={(day) => onFilter({ ...filters, from: day })} />
          <DayInput label="Until" value={until} onChange={(day) => onFilter({ ...filters, until: day })} />
        </>
      )}
    </>
  );
};

type DayProps = {
  readonly label: string;
  readonly value: string | undefined;
  readonly onChange: (day: string | undefined) => void;
};

const DayInput = ({ label, value, onChange }: DayProps) => (
  <TextInput
    type="date"
    size="xs"
    w={140}
    aria-label={label}
    value={value ?? ''}
    onChange={(event) => onChange(event.currentTarget.value || undefined)}
  />
);

/** One field for every id: what it begins with says whether it is a request or a thing that something happened to. */
const IdFilter = ({ filters, onFilter }: Props) => {
  const [text, setText] = useState(filters.request ?? filters.subject ?? '');
  const apply = useDebouncedCallback((typed: string) => {
    const id = typed.trim() || undefined;
    const isRequest = id?.startsWith('req_') === true;
    onFilter({ ...filters, request: isRequest ? id : undefined, subject: isRequest ? undefined : id });
  }, TYPING_PAUSE_MS);
  return (
    <TextInput
      size="xs"
      w={230}
      aria-label="Id of a request, member, group, role or key"
      placeholder="Request, member, group, … id"
      leftSection={<IconSearch size={14} aria-hidden />}
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value);
        apply(event.currentTarget.value);
      }}
    />
  );
};
