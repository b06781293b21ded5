import { type ApiKey, getApiKey, listApiKeys } from '../../directory/contract.ts';
import { call } from '../data/client.ts';
import { type PickerProps, SearchSelect } from '../kit/search-select.tsx';
import { usePicking } from './use-picking.ts';

const SHOWN_MAX = 20;

/** Finds one active key by part of its name. */
export const KeySelect = (props: PickerProps) => {
  const { things, optionOf, ...picking } = usePicking<ApiKey>({
    of: 'keys',
    value: props.value,
    read: (api_key_id) => call(getApiKey, { params: { api_key_id } }),
    find: (search) => call(listApiKeys, { query: { limit: SHOWN_MAX, status: 'active', search } }),
    labelOf: ({ name, partial_key_hint }) => `${name} (${partial_key_hint})`,
  });
  return (
    <SearchSelect {...props} {...picking} found={things.map(optionOf)} nothingFound="No active key by that name" />
  );
};
