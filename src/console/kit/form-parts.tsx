import { Alert, Button, Group } from '@mantine/core';
import { sentenceWithId } from './error-words.ts';

/** Why a form was not accepted; nothing while there is no error. */
export const FormError = ({ error }: { readonly error: unknown }) =>
  error === null ? null : (
    <Alert color="red" role="alert">
      {sentenceWithId(error)}
    </Alert>
  );

type ButtonsProps = {
  readonly submit: string;
  readonly busy: boolean;
  readonly disabled?: boolean;
  readonly onCancel: () => void;
};

/** The two buttons below a form in a dialog. */
export const FormButtons = ({ submit, busy, disabled = false, onCancel }: ButtonsProps) => (
  <Group justify="flex-end" gap="xs">
    <Button variant="default" onClick={onCancel}>
      Cancel
    </Button>
    <Button type="submit" loading={busy} disabled={disabled}>
      {submit}
    </Button>
  </Group>
);
