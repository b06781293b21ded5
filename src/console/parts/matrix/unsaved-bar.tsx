import { Button, Text } from '@mantine/core';
import { useBlocker } from '@tanstack/react-router';
import { ConfirmDialog } from '../../kit/confirm-dialog.tsx';
import { plural } from '../../kit/format.ts';
import { countChanges } from './draft.ts';
import classes from './matrix.module.css';
import type { DraftHandle } from './use-draft.ts';

/** Counts what has not been saved, leads to the review, and asks before the edits are lost. */
export const UnsavedBar = ({ handle, onReview }: { readonly handle: DraftHandle; readonly onReview: () => void }) => {
  const count = countChanges(handle.draft);
  const leaving = useBlocker({
    shouldBlockFn: () => count > 0,
    enableBeforeUnload: () => count > 0,
    withResolver: true,
  });
  return (
    <>
      <div
        role="status"
        style={{ position: 'sticky', bottom: 16, zIndex: 50, display: count === 0 ? 'none' : 'block' }}
      >
        <div className={classes.bar}>
          <Text size="sm" fw={500}>
            {plural(count, 'unsaved change')}
          </Text>
          <Button variant="default" size="xs" onClick={handle.discard}>
            Discard
          </Button>
          <Button size="xs" onClick={onReview}>
            Review and save
          </Button>
        </div>
      </div>
      <ConfirmDialog
        opened={leaving.status === 'blocked'}
        title="Leave without saving?"
        confirm="Discard and leave"
        cancel="Stay here"
        onConfirm={() => leaving.proceed?.()}
        onClose={() => leaving.reset?.()}
      >
        {plural(count, 'change')} to models and caps would be lost.
      </ConfirmDialog>
    </>
  );
};
