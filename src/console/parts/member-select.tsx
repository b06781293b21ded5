import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { getUser, listUsers, type User } from '../../directory/contract.ts';
import { call } from '../data/client.ts';

const TYPING_PAUSE_MS = 250;
const SHOWN_MAX = 20;

const labelOf = ({ name, email }: Pick<User, 'name' | 'email'>): string => `${name} (${email})`;

type Props = {
  readonly label: string;
  readonly placeholder: string;
  /** The id of the member chosen; an id of something else is shown as it is. */
  readonly value: string | undefined;
  readonly onChange: (userId: string | undefined) => void;
};

/** Finds one member by typing part of a name or address; asks the server, so that it works for any number of members. */
export const MemberSelect = ({ label, placeholder, value, onChange }: Props) => {
  const [typed, setTyped] = useState('');
  const [search] = useDebouncedValue(typed, TYPING_PAUSE_MS);
  const chosen = useQuery({
    queryKey: ['users', value],
    queryFn: () => call(getUser, { params: { user_id: value ?? '' } }),
    enabled: value !== undefined,
    retry: false,
  }).data;
  const shown = value === undefined ? '' : chosen === undefined ? value : labelOf(chosen);
  const found = useQuery({
    queryKey: ['users', 'search', search],
    // What is shown of a choice is no search of its own.
    queryFn: () => call(listUsers, { query: { limit: SHOWN_MAX, search: search === shown ? undefined : search } }),
    placeholderData: keepPreviousData,
  }).data;
  const options = (found?.data ?? []).map((user) => ({ value: user.id, label: labelOf(user) }));
  const isListed = value === undefined || options.some((option) => option.value === value);
  return (
    <Select
      size="xs"
      w={210}
      aria-label={label}
      placeholder={placeholder}
      searchable
      clearable
      clearButtonProps={{ 'aria-label': placeholder }}
      nothingFoundMessage="No member by that name"
      filter={({ options: all }) => all}
      data={isListed ? options : [{ value, label: shown }, ...options]}
      value={value ?? null}
      searchValue={typed}
      onSearchChange={setTyped}
      onChange={(next) => onChange(next ?? undefined)}
    />
  );
};
