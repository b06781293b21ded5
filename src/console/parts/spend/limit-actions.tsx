import { ActionIcon, Group, Tooltip } from '@mantine/core';
import { IconPencil, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { deleteSpendLimit, type SpendLimit } from '../../../spend/contract.ts';
import { call } from '../../data/client.ts';
import { usePermission } from '../../data/session.ts';
import { useAction } from '../../data/use-action.ts';
import { ConfirmDialog } from '../../kit/confirm-dialog.tsx';
import { DisabledReason } from '../../kit/disabled-reason.tsx';
import { LIMIT_TOUCHES, type LimitSubject } from './limit-dialog.tsx';
import { valuesOf } from './limit-values.ts';
import { perPeriod } from './words.ts';

type Props = {
  readonly limit: SpendLimit;
  /** Whose it is, for the names of the buttons. */
  readonly whose: string;
  readonly onEdit: (subject: LimitSubject) => void;
};

/** Changes and deletes one limit. */
export const LimitActions = ({ limit, whose, onEdit }: Props) => {
  const { reason } = usePermission('billing:manage');
  const name = `${whose} ${perPeriod(limit.period)}`;
  return (
    <Group gap={4} justify="flex-end" wrap="nowrap">
      <DisabledReason reason={reason}>
        <EditButton
          name={`Change the limit of ${name}`}
          onClick={() => onEdit({ title: `Limit of ${name}`, values: valuesOf(limit), asks: 'rest' })}
        />
      </DisabledReason>
      <DeleteLimit limit={limit} name={name} reason={reason} />
    </Group>
  );
};

type ButtonProps = { readonly name: string; readonly onClick: () => void; readonly disabled?: boolean };

const EditButton = ({ name, onClick, disabled = false }: ButtonProps) => (
  <Tooltip label="Change" disabled={disabled}>
    <ActionIcon variant="subtle" color="gray" aria-label={name} disabled={disabled} onClick={onClick}>
      <IconPencil size={16} aria-hidden />
    </ActionIcon>
  </Tooltip>
);

type DeleteProps = { readonly limit: SpendLimit; readonly name: string; readonly reason: string | null };

const DeleteLimit = ({ limit, name, reason }: DeleteProps) => {
  const [asking, setAsking] = useState(false);
  const remove = useAction({
    run: () => call(deleteSpendLimit, { params: { spend_limit_id: limit.id } }),
    touches: LIMIT_TOUCHES,
    errors: 'inline',
    done: () => 'The limit is deleted.',
  });
  return (
    <>
      <DisabledReason reason={reason}>
        <DeleteButton name={`Delete the limit of ${name}`} onClick={() => setAsking(true)} />
      </DisabledReason>
      <ConfirmDialog
        opened={asking}
        title={`Delete the limit of ${name}?`}
        confirm="Delete limit"
        busy={remove.isPending}
        error={remove.error}
        onConfirm={() => remove.mutate(undefined, { onSuccess: () => setAsking(false) })}
        onClose={() => setAsking(false)}
      >
        From the next request on it no longer binds. Members it held for fall back to the next limit that holds for
        them; without one, nothing but the organisation’s total stops them. What was spent stays counted.
      </ConfirmDialog>
    </>
  );
};

const DeleteButton = ({ name, onClick, disabled = false }: ButtonProps) => (
  <Tooltip label="Delete" disabled={disabled}>
    <ActionIcon variant="subtle" color="gray" aria-label={name} disabled={disabled} onClick={onClick}>
      <IconTrash size={16} aria-hidden />
    </ActionIcon>
  </Tooltip>
);
