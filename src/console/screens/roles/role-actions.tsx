import { useNavigate } from '@tanstack/react-router';
import type { RoleModels } from '../../../access/contract.ts';
import { deleteRole, renameRole } from '../../../directory/contract.ts';
import { call } from '../../data/client.ts';
import { usePermission } from '../../data/session.ts';
import { useAction } from '../../data/use-action.ts';
import { AskButton } from '../../kit/ask-button.tsx';
import { plural } from '../../kit/format.ts';
import { RenameButton } from '../../kit/rename-button.tsx';

/** Renaming and deleting a custom role. */
export const RoleActions = ({ role }: { readonly role: RoleModels }) => {
  const manage = usePermission('identity:manage');
  const navigate = useNavigate();
  const params = { role_id: role.role_id };
  const rename = useAction({
    run: (display_name: string) => call(renameRole, { params, body: { display_name } }),
    touches: ['roles', 'matrix', 'access'],
    errors: 'inline',
  });
  const remove = useAction({
    run: () => call(deleteRole, { params }),
    touches: ['roles', 'matrix', 'groups', 'users', 'access'],
    errors: 'inline',
    done: () => `The role ${role.display_name} is deleted.`,
    onDone: () => navigate({ to: '/roles' }),
  });
  return (
    <>
      <RenameButton noun="role" name={role.display_name} reason={manage.reason} deed={rename} />
      <AskButton
        danger
        label="Delete"
        reason={manage.reason}
        title={`Delete ${role.display_name}?`}
        confirm="Delete the role"
        deed={remove}
      >
        It comes off {plural(role.group_count, 'group')} and {plural(role.member_count, 'member')}, who lose the models
        and effort that no other role gives them.
      </AskButton>
    </>
  );
};
