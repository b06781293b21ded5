import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { type ApiKey, getApiKey, listApiKeys } from '../../directory/contract.ts';
import { call } from '../data/client.ts';
import { type PickerProps, SearchSelect } from '../kit/search-select.tsx';

const SHOWN_MAX = 20;

const labelOf = ({ name, partial_key_hint }: Pick<ApiKey, 'name' | 'partial_key_hint'>): string =>
  `${name} (${partial_key_hint})`;

/** Finds one active key by part of its name. */
export const KeySelect = (props: PickerProps) => {
  const { value } = props;
  const [search, setSearch] = useState('');
  const chosen = useQuery({
    queryKey: ['keys', value],
    queryFn: () => call(getApiKey, { params: { api_key_id: value ?? '' } }),
    enabled: value !== undefined,
    retry: false,
  }).data;
  const query = { limit: SHOWN_MAX, status: 'active' as const, search: search === '' ? undefined : search };
  const found = useQuery({
    queryKey: ['keys', 'search', query],
    queryFn: () => call(listApiKeys, { query }),
    placeholderData: keepPreviousData,
  }).data;
  return (
    <SearchSelect
      {...props}
      chosen={chosen === undefined ? undefined : labelOf(chosen)}
      found={(found?.data ?? []).map((key) => ({ value: key.id, label: labelOf(key) }))}
      nothingFound="No active key by that name"
      onSearch={setSearch}
    />
  );
};
