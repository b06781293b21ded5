import { getGroup, listGroups, type RbacGroup } from '../../directory/contract.ts';
import { call } from '../data/client.ts';
import { type PickerProps, SearchSelect } from '../kit/search-select.tsx';
import { usePicking } from './use-picking.ts';

const SHOWN_MAX = 20;

type Props = PickerProps & {
  /** Only groups kept here, or only those of identity providers. */
  readonly source?: RbacGroup['source_type'];
  /** Leaves groups out, as those somebody is in already. */
  readonly except?: (group: RbacGroup) => boolean;
};

/** Finds one group by part of its name. */
export const GroupSelect = ({ source, except = () => false, ...props }: Props) => {
  const { things, optionOf, ...picking } = usePicking<RbacGroup>({
    of: 'groups',
    value: props.value,
    read: (group_id) => call(getGroup, { params: { group_id } }),
    filter: { source },
    find: (search) => call(listGroups, { query: { limit: SHOWN_MAX, search, source_type: source } }),
    labelOf: ({ name }) => name,
  });
  const found = things.filter((group) => !except(group)).map(optionOf);
  return <SearchSelect {...props} {...picking} found={found} nothingFound="No group by that name" />;
};
