import { getUser, listUsers, type User } from '../../directory/contract.ts';
import { call } from '../data/client.ts';
import { type PickerProps, SearchSelect } from '../kit/search-select.tsx';
import { usePicking } from './use-picking.ts';

const SHOWN_MAX = 20;

/** Finds one member by part of a name or address. */
export const MemberSelect = (props: PickerProps) => {
  const { things, optionOf, ...picking } = usePicking<User>({
    of: 'users',
    value: props.value,
    read: (user_id) => call(getUser, { params: { user_id } }),
    find: (search) => call(listUsers, { query: { limit: SHOWN_MAX, search } }),
    labelOf: ({ name, email }) => `${name} (${email})`,
  });
  return <SearchSelect {...props} {...picking} found={things.map(optionOf)} nothingFound="No member by that name" />;
};
