import { Input, Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { workspacesQuery } from '../../data/workspaces.ts';
import { ListFault } from '../../kit/states.tsx';
import { GroupSelect } from '../group-select.tsx';
import { KeySelect } from '../key-select.tsx';
import { MemberSelect } from '../member-select.tsx';
import { SeatField } from '../seat-field.tsx';
import type { ScopeType } from './words.ts';

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

const pickerProps = ({ value, onChange }: TargetProps) => ({
  place: 'form' as const,
  placeholder: 'Type to search',
  value: value === '' ? undefined : value,
  onChange: (id: string | undefined) => onChange(id ?? ''),
});

const WithError = ({ error, children }: { readonly error: string | undefined; readonly children: ReactNode }) => (
  <div>
    {children}
    {error !== undefined && (
      <Input.Error mt={4} role="alert">
        {error}
      </Input.Error>
    )}
  </div>
);

const MemberTarget = (props: TargetProps) => (
  <WithError error={props.error}>
    <MemberSelect label="Member" {...pickerProps(props)} />
  </WithError>
);

const GroupTarget = (props: TargetProps) => (
  <WithError error={props.error}>
    <GroupSelect label="Group" {...pickerProps(props)} />
  </WithError>
);

const KeyTarget = (props: TargetProps) => (
  <WithError error={props.error}>
    <KeySelect label="Key" {...pickerProps(props)} />
  </WithError>
);

const WorkspaceTarget = ({ value, error, onChange }: TargetProps) => {
  const workspaces = useQuery(workspacesQuery(false));
  return (
    <Select
      label="Workspace"
      placeholder="Choose a workspace"
      searchable
      nothingFoundMessage="No workspace by that name"
      data={(workspaces.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
      value={value === '' ? null : value}
      error={error}
      inputContainer={(field) => (
        <>
          {field}
          <ListFault of="Workspaces" query={workspaces} />
        </>
      )}
      onChange={(next) => onChange(next ?? '')}
    />
  );
};

const SeatTarget = (props: TargetProps) => <SeatField label="Type of seat" {...props} />;
