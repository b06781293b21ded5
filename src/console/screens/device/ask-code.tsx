import { Button, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';

type Props = {
  /** Why the code before was not taken; null for none. */
  readonly problem: string | null;
  readonly onTyped: (code: string) => void;
};

/** Asks for the code that a device shows. */
export const AskCode = ({ problem, onTyped }: Props) => {
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { code: '' },
    initialErrors: problem === null ? {} : { code: problem },
    validate: { code: (value) => (value.trim() === '' ? 'Type the code, such as BCDF-GHJK.' : null) },
  });
  return (
    <form onSubmit={form.onSubmit(({ code }) => onTyped(code))} noValidate>
      <Stack gap="md">
        <TextInput
          key={form.key('code')}
          label="Code"
          placeholder="BCDF-GHJK"
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          maxLength={20}
          data-autofocus
          autoFocus
          {...form.getInputProps('code')}
        />
        <Button type="submit" fullWidth>
          Continue
        </Button>
      </Stack>
    </form>
  );
};
