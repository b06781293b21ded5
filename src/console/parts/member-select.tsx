import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { getUser, listUsers, type User } from '../../directory/contract.ts';
import { call } from '../data/client.ts';
import { type PickerProps, SearchSelect } from '../kit/search-select.tsx';

const SHOWN_MAX = 20;

const labelOf = ({ name, email }: Pick<User, 'name' | 'email'>): string => `${name} (${email})`;

/** Finds one member by part of a name or address. */
export const MemberSelect = (props: PickerProps) => {
  const { value } = props;
  const [search, setSearch] = useState('');
  const chosen = useQuery({
    queryKey: ['users', value],
    queryFn: () => call(getUser, { params: { user_id: value ?? '' } }),
    enabled: value !== undefined,
    retry: false,
  }).data;
  const found = useQuery({
    queryKey: ['users', 'search', search],
    queryFn: () => call(listUsers, { query: { limit: SHOWN_MAX, search: search === '' ? undefined : search } }),
    placeholderData: keepPreviousData,
  }).data;
  return (
    <SearchSelect
      {...props}
      chosen={chosen === undefined ? undefined : labelOf(chosen)}
      found={(found?.data ?? []).map((user) => ({ value: user.id, label: labelOf(user) }))}
      nothingFound="No member by that name"
      onSearch={setSearch}
    />
  );
};
