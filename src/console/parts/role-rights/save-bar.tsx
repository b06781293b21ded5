import { Button, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useBlocker } from '@tanstack/react-router';
import { ApiError } from '../../../platform/contract.ts';
import { useAction } from '../../data/use-action.ts';
import { ConfirmDialog } from '../../kit/confirm-dialog.tsx';
import { sentenceWithId } from '../../kit/error-words.ts';
import { plural } from '../../kit/format.ts';
import classes from './role-rights.module.css';

type Props<Reply> = {
  /** How many choices are not saved. */
  readonly count: number;
  /** What they are about, after their number: “to the capabilities”. */
  readonly about: string;
  readonly save: () => Promise<Reply>;
  /** The answer is what is saved now. */
  readonly onSaved: (reply: Reply) => void;
  readonly onDiscard: () => void;
  /** Where what is edited was read from; read again when somebody else has changed it. */
  readonly queryKey: readonly unknown[];
};

const isConflict = (error: unknown): boolean =>
  error instanceof ApiError && error.status === 409 && error.details?.error_code === 'version_conflict';

/** Counts what has not been saved, saves it or lets go of it, and asks before it is lost by leaving. */
export const SaveBar = <Reply,>({ count, about, save, onSaved, onDiscard, queryKey }: Props<Reply>) => {
  const client = useQueryClient();
  const saving = useAction({
    run: save,
    touches: ['access', 'roles'],
    errors: 'inline',
    done: () => 'Saved. New requests follow the new rules at once.',
    onDone: onSaved,
  });
  const reload = async () => {
    await client.refetchQueries({ queryKey });
    saving.reset();
  };
  const discard = () => {
    saving.reset();
    onDiscard();
  };
  const error = count === 0 ? null : saving.error;
  return (
    <>
      <div role="status" className={classes.place} style={{ display: count === 0 ? 'none' : undefined }}>
        <div className={classes.bar}>
          <Stack gap={2}>
            <Text size="sm" fw={500}>
              {plural(count, 'unsaved change')}
            </Text>
            {error !== null && <WhyNot error={error} />}
          </Stack>
          <Button variant="default" size="xs" onClick={discard}>
            Discard
          </Button>
          {isConflict(error) ? (
            <Button size="xs" onClick={() => void reload()}>
              Load and keep my changes
            </Button>
          ) : (
            <Button size="xs" loading={saving.isPending} onClick={() => saving.mutate(undefined)}>
              Save
            </Button>
          )}
        </div>
      </div>
      <LeavingDialog count={count} about={about} />
    </>
  );
};

const WhyNot = ({ error }: { readonly error: unknown }) => (
  <Text size="sm" role="alert" className={classes.problem}>
    {isConflict(error)
      ? 'Somebody else saved meanwhile, so nothing of yours was. Load the newest, look at it, and save again.'
      : sentenceWithId(error)}
  </Text>
);

const LeavingDialog = ({ count, about }: { readonly count: number; readonly about: string }) => {
  const leaving = useBlocker({
    shouldBlockFn: ({ current, next }) => count > 0 && current.pathname !== next.pathname,
    enableBeforeUnload: () => count > 0,
    withResolver: true,
  });
  return (
    <ConfirmDialog
      opened={leaving.status === 'blocked'}
      title="Leave without saving?"
      confirm="Discard and leave"
      cancel="Stay here"
      onConfirm={() => leaving.proceed?.()}
      onClose={() => leaving.reset?.()}
    >
      {plural(count, 'change')} {about} would be lost.
    </ConfirmDialog>
  );
};
