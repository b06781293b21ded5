import { Autocomplete, Input, Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { listWorkspaces } from '../../../directory/contract.ts';
import { call } from '../../data/client.ts';
import { groupsQuery, keysQuery } from '../../data/directory.ts';
import { seatTiersQuery } from '../../data/spend-limits.ts';
import { MemberSelect } from '../member-select.tsx';
import type { ScopeType } from './words.ts';

const WORKSPACES_MAX = 1000;

type Props = {
  readonly type: ScopeType;
  readonly value: string;
  readonly error?: string | undefined;
  readonly onChange: (target: string) => void;
};

/** Chooses whom or what a limit is for; nothing for scopes of which there is one. */
export const ScopeTarget = ({ type, ...rest }: Props) => {
  switch (type) {
    case 'organization':
    case 'organization_total':
    case 'session':
      return null;
    case 'seat_tier':
      return <SeatTarget {...rest} />;
    case 'rbac_group':
    case 'rbac_group_pool':
      return <GroupTarget {...rest} />;
    case 'user':
      return <MemberTarget {...rest} />;
    case 'workspace':
      return <WorkspaceTarget {...rest} />;
    case 'api_key':
      return <KeyTarget {...rest} />;
    default:
      return type satisfies never;
  }
};

type TargetProps = Omit<Props, 'type'>;

const MemberTarget = ({ value, error, onChange }: TargetProps) => (
  <Input.Wrapper label="Member" labelElement="div">
    <MemberSelect
      label="Member"
      placeholder="Choose a member"
      size="sm"
      w="100%"
      error={error}
      value={value === '' ? undefined : value}
      onChange={(userId) => onChange(userId ?? '')}
    />
  </Input.Wrapper>
);

type ListProps = TargetProps & {
  readonly label: string;
  readonly options: readonly { readonly value: string; readonly label: string }[] | undefined;
};

const ListTarget = ({ label, options, value, error, onChange }: ListProps) => (
  <Select
    label={label}
    placeholder={`Choose a ${label.toLowerCase()}`}
    searchable
    limit={50}
    nothingFoundMessage={options === undefined ? 'Loading' : 'Nothing by that name'}
    data={[...(options ?? [])]}
    value={value === '' ? null : value}
    error={error}
    onChange={(next) => onChange(next ?? '')}
  />
);

const GroupTarget = (props: TargetProps) => {
  const groups = useQuery(groupsQuery).data;
  return <ListTarget label="Group" options={groups?.map(({ id, name }) => ({ value: id, label: name }))} {...props} />;
};

const WorkspaceTarget = (props: TargetProps) => {
  const query = { limit: WORKSPACES_MAX };
  const found = useQuery({ queryKey: ['workspaces'], queryFn: () => call(listWorkspaces, { query }) }).data;
  const options = found?.data.map(({ id, name }) => ({ value: id, label: name }));
  return <ListTarget label="Workspace" options={options} {...props} />;
};

const KeyTarget = (props: TargetProps) => {
  const keys = useQuery(keysQuery).data?.filter(({ status }) => status !== 'archived');
  const options = keys?.map(({ id, name, partial_key_hint }) => ({
    value: id,
    label: `${name} (${partial_key_hint})`,
  }));
  return <ListTarget label="Key" options={options} {...props} />;
};

const SeatTarget = ({ value, error, onChange }: TargetProps) => (
  <Autocomplete
    label="Type of seat"
    placeholder="For example premium"
    data={(useQuery(seatTiersQuery).data ?? []).map(({ seat_tier }) => seat_tier)}
    value={value}
    error={error}
    onChange={onChange}
  />
);
