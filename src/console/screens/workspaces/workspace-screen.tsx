import { Badge, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import type { Workspace } from '../../../directory/contract.ts';
import { workspaceQuery } from '../../data/workspaces.ts';
import { isNotFound } from '../../kit/error-words.ts';
import { Loadable } from '../../kit/loadable.tsx';
import { PageHeader } from '../../kit/page-header.tsx';
import { RelativeTime } from '../../kit/relative-time.tsx';
import { Nothing } from '../../kit/states.tsx';
import { RecentActivity } from '../../parts/activity/recent-activity.tsx';
import { WorkspaceActions } from './workspace-actions.tsx';
import { WorkspaceKeys } from './workspace-keys.tsx';
import { WorkspaceMembers } from './workspace-members.tsx';

const BACK = { to: '/workspaces', label: 'Workspaces' };

/** One workspace: who may have keys in it, and its keys. */
export const WorkspaceScreen = () => {
  const { workspaceId } = useParams({ from: '/app/workspaces/$workspaceId' });
  const workspace = useQuery(workspaceQuery(workspaceId));
  if (isNotFound(workspace.error))
    return (
      <>
        <PageHeader title="Workspace" back={BACK} />
        <div className="card">
          <Nothing title="There is no such workspace">Its address may have been copied in part.</Nothing>
        </div>
      </>
    );
  return (
    <>
      {workspace.data === undefined && <PageHeader title="Workspace" back={BACK} />}
      <Loadable query={workspace} framed>
        {(data) => <WorkspacePage workspace={data} />}
      </Loadable>
    </>
  );
};

const WorkspacePage = ({ workspace }: { readonly workspace: Workspace }) => (
  <>
    <PageHeader
      title={workspace.name}
      guide="workspaces"
      description={
        workspace.archived_at === null ? (
          <>
            Created <RelativeTime at={workspace.created_at} />
          </>
        ) : (
          <>
            Archived <RelativeTime at={workspace.archived_at} />: its keys have ended and it stays as it is.
          </>
        )
      }
      back={BACK}
      badge={
        workspace.archived_at === null ? undefined : (
          <Badge color="gray" variant="light">
            Archived
          </Badge>
        )
      }
      actions={<WorkspaceActions workspace={workspace} />}
    />
    <Stack gap="lg">
      <WorkspaceKeys workspace={workspace} />
      <WorkspaceMembers workspace={workspace} />
      <RecentActivity subject={workspace.id} noun="workspace" />
    </Stack>
  </>
);
