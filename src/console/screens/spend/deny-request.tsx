import { denyIncreaseRequest, type IncreaseRequest } from '../../../spend/contract.ts';
import { call } from '../../data/client.ts';
import { useAction } from '../../data/use-action.ts';
import { ConfirmDialog } from '../../kit/confirm-dialog.tsx';
import { actorName } from '../../parts/spend/actor-words.ts';
import { LIMIT_TOUCHES } from '../../parts/spend/limit-dialog.tsx';

type Props = { readonly request: IncreaseRequest | null; readonly onClose: () => void };

/** Denies a request, after saying what that means. */
export const DenyRequest = ({ request, onClose }: Props) => {
  const deny = useAction({
    run: (one: IncreaseRequest) => call(denyIncreaseRequest, { params: { request_id: one.id }, body: {} }),
    touches: LIMIT_TOUCHES,
    errors: 'inline',
    done: (one) => `The request of ${actorName(one.actor)} is denied.`,
    onDone: onClose,
  });
  const name = request === null ? '' : actorName(request.actor);
  return (
    <ConfirmDialog
      opened={request !== null}
      title={`Deny the request of ${name}?`}
      confirm="Deny"
      busy={deny.isPending}
      error={deny.error}
      onConfirm={() => request !== null && deny.mutate(request)}
      onClose={() => {
        deny.reset();
        onClose();
      }}
    >
      Their limit stays as it is. {name} is told of it and cannot ask again for 30 days; you can still set an own limit
      for them at any time.
    </ConfirmDialog>
  );
};
