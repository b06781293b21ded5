import { NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import {
  addWorkspaceMember,
  removeWorkspaceMember,
  updateWorkspaceMember,
  type Workspace,
  type WorkspaceMember,
} from '../../../directory/contract.ts';
import { call } from '../../data/client.ts';
import { useNamesOf } from '../../data/names.ts';
import { useAction } from '../../data/use-action.ts';
import { ASSIGNABLE_WORKSPACE_ROLES, WORKSPACE_ROLES, workspaceMembersQuery } from '../../data/workspaces.ts';
import { AddPicked } from '../../kit/add-picked.tsx';
import { AskButton } from '../../kit/ask-button.tsx';
import { type Column, DataTable } from '../../kit/data-table.tsx';
import { TextLink } from '../../kit/links.tsx';
import { Loadable } from '../../kit/loadable.tsx';
import { PageSteps } from '../../kit/page-steps.tsx';
import { SectionCard } from '../../kit/section-card.tsx';
import { NothingHere } from '../../kit/states.tsx';
import { useTrail } from '../../kit/use-trail.ts';
import { MemberSelect } from '../../parts/member-select.tsx';
import { useWorkspaceReason } from './use-workspace-reason.ts';
import classes from './workspaces.module.css';

/** Who is in a workspace and in which role: find, add, change and remove. */
export const WorkspaceMembers = ({ workspace }: { readonly workspace: Workspace }) => {
  const reason = useWorkspaceReason(workspace);
  const [trail, move] = useTrail(workspace.id);
  const members = useQuery(workspaceMembersQuery(workspace.id, trail.at(-1)));
  const names = useNamesOf((members.data?.data ?? []).map(({ user_id }) => ({ kind: 'member', id: user_id })));
  const nameOf = (userId: string): string => names.get(userId)?.name ?? userId;
  return (
    <SectionCard
      title="Members"
      description="Who may have keys here, in whichever role; programs read the role. Owners and admins are in every workspace and are not listed."
      flush
    >
      <Loadable
        query={members}
        lines={3}
        isEmpty={({ data }) => data.length === 0 && trail.length === 0}
        empty={<NothingHere>Nobody was put into this workspace yet.</NothingHere>}
      >
        {(page) => (
          <>
            <DataTable
              label="Members of the workspace"
              columns={columns({ nameOf, reason })}
              rows={page.data}
              rowKey={(row) => row.user_id}
              pageSize={Math.max(1, page.data.length)}
            />
            <PageSteps page={page} trail={trail} onMove={move} />
          </>
        )}
      </Loadable>
      <AddMember workspace={workspace} reason={reason} />
    </SectionCard>
  );
};

type Shown = { readonly nameOf: (userId: string) => string; readonly reason: string | null };

const columns = ({ nameOf, reason }: Shown): readonly Column<WorkspaceMember>[] => [
  {
    key: 'name',
    header: 'Member',
    cell: ({ user_id }) => (
      <TextLink to="/members/$userId" params={{ userId: user_id }} size="sm" fw={500}>
        {nameOf(user_id)}
      </TextLink>
    ),
  },
  {
    key: 'role',
    header: 'Role here',
    cell: (row) => <RoleOf member={row} name={nameOf(row.user_id)} reason={reason} />,
  },
  {
    key: 'actions',
    header: 'Actions',
    hideHeader: true,
    align: 'right',
    cell: (row) => <Remove member={row} name={nameOf(row.user_id)} reason={reason} />,
  },
];

type OneProps = { readonly member: WorkspaceMember; readonly name: string; readonly reason: string | null };

const TOUCHED = ['workspaces'];

const isRole = (value: string): value is WorkspaceMember['workspace_role'] => value in WORKSPACE_ROLES;

const RoleOf = ({ member, name, reason }: OneProps) => {
  const { user_id, workspace_id, workspace_role } = member;
  const change = useAction({
    run: (role: WorkspaceMember['workspace_role']) =>
      call(updateWorkspaceMember, { params: { workspace_id, user_id }, body: { workspace_role: role } }),
    touches: TOUCHED,
    done: (changed) => `${name} is ${WORKSPACE_ROLES[changed.workspace_role]} in this workspace now.`,
  });
  if (reason !== null) return WORKSPACE_ROLES[workspace_role];
  return (
    <NativeSelect
      size="xs"
      w={190}
      aria-label={`Role of ${name} in this workspace`}
      data={Object.entries(WORKSPACE_ROLES).map(([value, label]) => ({ value, label }))}
      value={change.isPending ? change.variables : workspace_role}
      onChange={(event) => isRole(event.currentTarget.value) && change.mutate(event.currentTarget.value)}
    />
  );
};

const Remove = ({ member, name, reason }: OneProps) => {
  const { user_id, workspace_id } = member;
  const remove = useAction({
    run: () => call(removeWorkspaceMember, { params: { workspace_id, user_id } }),
    touches: [...TOUCHED, 'keys'],
    errors: 'inline',
    done: () => `${name} is out of the workspace.`,
  });
  return (
    <AskButton
      size="compact-xs"
      label="Remove"
      name={`Remove ${name} from the workspace`}
      reason={reason}
      title={`Take ${name} out of the workspace?`}
      confirm="Take them out"
      deed={remove}
    >
      Their personal keys in this workspace are revoked for good, and answers that are still streaming to them stop.
      They stay in the organisation, with their other keys.
    </AskButton>
  );
};

const AddMember = ({ workspace, reason }: { readonly workspace: Workspace; readonly reason: string | null }) => {
  const [role, setRole] = useState<(typeof ASSIGNABLE_WORKSPACE_ROLES)[number]>('workspace_user');
  const params = { workspace_id: workspace.id };
  const add = useAction({
    run: (user_id: string) => call(addWorkspaceMember, { params, body: { user_id, workspace_role: role } }),
    touches: TOUCHED,
  });
  return (
    <div className={classes.add}>
      <AddPicked action="Add" reason={reason} busy={add.isPending} onAdd={(id) => add.mutate(id)}>
        {(picking) => (
          <>
            <MemberSelect label="Member to add" placeholder="Choose a member" {...picking} />
            <NativeSelect
              size="xs"
              aria-label="Role of the member to add"
              disabled={reason !== null}
              data={ASSIGNABLE_WORKSPACE_ROLES.map((value) => ({ value, label: WORKSPACE_ROLES[value] }))}
              value={role}
              onChange={(event) =>
                setRole(ASSIGNABLE_WORKSPACE_ROLES.find((one) => one === event.currentTarget.value) ?? role)
              }
            />
          </>
        )}
      </AddPicked>
    </div>
  );
};
