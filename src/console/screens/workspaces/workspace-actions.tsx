import { archiveWorkspace, updateWorkspace, type Workspace } from '../../../directory/contract.ts';
import { call } from '../../data/client.ts';
import { useAction } from '../../data/use-action.ts';
import { AskButton } from '../../kit/ask-button.tsx';
import { RenameButton } from '../../kit/rename-button.tsx';
import { useWorkspaceReason } from './use-workspace-reason.ts';

/** Renaming and archiving a workspace. */
export const WorkspaceActions = ({ workspace }: { readonly workspace: Workspace }) => {
  const reason = useWorkspaceReason(workspace);
  const params = { workspace_id: workspace.id };
  const rename = useAction({
    run: (name: string) => call(updateWorkspace, { params, body: { name } }),
    touches: ['workspaces', 'name'],
    errors: 'inline',
  });
  const archive = useAction({
    run: () => call(archiveWorkspace, { params }),
    touches: ['workspaces', 'keys'],
    errors: 'inline',
    done: () => `${workspace.name} is archived.`,
  });
  return (
    <>
      <RenameButton noun="workspace" name={workspace.name} reason={reason} deed={rename} />
      <AskButton
        label="Archive"
        danger
        reason={reason}
        title={`Archive ${workspace.name}?`}
        confirm="Archive for good"
        deed={archive}
      >
        Every key of this workspace is revoked, and answers that are still streaming to them stop. Its members stay in
        the organisation, and past requests stay on record. This cannot be undone.
      </AskButton>
    </>
  );
};
