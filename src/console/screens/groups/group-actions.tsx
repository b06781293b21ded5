import { useNavigate } from '@tanstack/react-router';
import { deleteGroup, type RbacGroup, renameGroup } from '../../../directory/contract.ts';
import { call } from '../../data/client.ts';
import { usePermission } from '../../data/session.ts';
import { useAction } from '../../data/use-action.ts';
import { AskButton } from '../../kit/ask-button.tsx';
import { RenameButton } from '../../kit/rename-button.tsx';

const FROM_PROVIDER = 'The identity provider keeps this group; rename or delete it there.';

/** Renaming and deleting a group. */
export const GroupActions = ({ group }: { readonly group: RbacGroup }) => {
  const manage = usePermission('identity:manage');
  const navigate = useNavigate();
  const reason = group.source_type === 'scim' ? FROM_PROVIDER : manage.reason;
  const params = { group_id: group.id };
  const rename = useAction({
    run: (name: string) => call(renameGroup, { params, body: { name } }),
    touches: ['groups', 'access', 'name'],
    errors: 'inline',
  });
  const remove = useAction({
    run: () => call(deleteGroup, { params }),
    touches: ['groups', 'keys', 'access', 'matrix'],
    errors: 'inline',
    done: () => `The group ${group.name} is deleted.`,
    onDone: () => navigate({ to: '/groups' }),
  });
  return (
    <>
      <RenameButton noun="group" name={group.name} reason={reason} deed={rename} />
      <AskButton
        danger
        label="Delete"
        reason={reason}
        title={`Delete ${group.name}?`}
        confirm="Delete the group"
        deed={remove}
      >
        {group.member_count > 0 &&
          `Its members (${group.member_count}) stay in the organisation and lose what only this group’s roles gave them. `}
        The group’s service keys are revoked for good.
      </AskButton>
    </>
  );
};
