import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { getGroup, listGroups, type RbacGroup } from '../../directory/contract.ts';
import { call } from '../data/client.ts';
import { type PickerProps, SearchSelect } from '../kit/search-select.tsx';

const SHOWN_MAX = 20;

type Props = PickerProps & {
  /** Only groups kept here, or only those of identity providers. */
  readonly source?: RbacGroup['source_type'];
  /** Leaves groups out, as those somebody is in already. */
  readonly except?: (group: RbacGroup) => boolean;
};

/** Finds one group by part of its name. */
export const GroupSelect = ({ source, except = () => false, ...props }: Props) => {
  const { value } = props;
  const [search, setSearch] = useState('');
  const chosen = useQuery({
    queryKey: ['groups', value],
    queryFn: () => call(getGroup, { params: { group_id: value ?? '' } }),
    enabled: value !== undefined,
    retry: false,
  }).data;
  const query = { limit: SHOWN_MAX, search: search === '' ? undefined : search, source_type: source };
  const found = useQuery({
    queryKey: ['groups', 'search', query],
    queryFn: () => call(listGroups, { query }),
    placeholderData: keepPreviousData,
  }).data;
  return (
    <SearchSelect
      {...props}
      chosen={chosen?.name}
      found={(found?.data ?? []).filter((group) => !except(group)).map(({ id, name }) => ({ value: id, label: name }))}
      nothingFound="No group by that name"
      onSearch={setSearch}
    />
  );
};
