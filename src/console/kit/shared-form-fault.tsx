import { Alert, Button, Group } from '@mantine/core';
import { OvertakenError } from './error-words.ts';
import { FormError } from './form-parts.tsx';
import type { SharedForm } from './use-shared-form.ts';

type Shared = Pick<SharedForm<never>, 'isOvertaken' | 'load' | 'keep'>;
type Props = { readonly shared: Shared; readonly error: unknown };

/** Why a shared form was not saved: somebody else's save, with the two ways on, or what the server says. */
export const SharedFormFault = ({ shared, error }: Props) => {
  if (!shared.isOvertaken) return error instanceof OvertakenError ? null : <FormError error={error} />;
  return (
    <Alert color="yellow" title="Somebody else saved meanwhile" role="alert">
      What you have entered is still here, and not saved.
      <Group gap="xs" mt="sm">
        <Button size="xs" variant="default" onClick={shared.load}>
          Drop mine, load theirs
        </Button>
        <Button size="xs" variant="default" onClick={shared.keep}>
          Keep mine, to save over theirs
        </Button>
      </Group>
    </Alert>
  );
};

/** Why the form cannot be saved for now; null when it can. */
export const overtakenReason = ({ isOvertaken }: Pick<Shared, 'isOvertaken'>): string | null =>
  isOvertaken ? 'Somebody else saved meanwhile: decide first whose settings count.' : null;
