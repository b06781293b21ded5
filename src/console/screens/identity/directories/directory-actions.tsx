import { useNavigate } from '@tanstack/react-router';
import { type Directory, deleteDirectory } from '../../../../directory/contract.ts';
import { call } from '../../../data/client.ts';
import { usePermission } from '../../../data/session.ts';
import { useAction } from '../../../data/use-action.ts';
import { AskButton } from '../../../kit/ask-button.tsx';

/** Removing a directory. */
export const DirectoryActions = ({ directory }: { readonly directory: Directory }) => {
  const manage = usePermission('identity:manage');
  const navigate = useNavigate();
  const remove = useAction({
    run: () => call(deleteDirectory, { params: { directory_id: directory.id } }),
    touches: ['directories', 'groups', 'users'],
    errors: 'inline',
    done: () => `The directory ${directory.name} is removed.`,
    onDone: () => navigate({ to: '/identity' }),
  });
  return (
    <AskButton
      danger
      label="Remove"
      reason={manage.reason}
      title={`Remove ${directory.name}?`}
      confirm="Remove the directory"
      deed={remove}
    >
      Its tokens end, and the identity provider can change nothing here any more. Its people stay members and its groups
      stay groups; from then on you look after them here.
    </AskButton>
  );
};
