import { Modal, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { FormButtons, FormError } from './form-parts.tsx';

type Props = {
  readonly opened: boolean;
  readonly title: string;
  readonly label: string;
  readonly description?: string;
  readonly initial?: string;
  readonly submit: string;
  readonly busy: boolean;
  readonly error: unknown;
  readonly onSubmit: (name: string) => void;
  readonly onClose: () => void;
};

/** Asks for a name: for creating and for renaming. */
export const NameDialog = ({ opened, title, onClose, ...rest }: Props) => (
  <Modal opened={opened} onClose={onClose} title={title} returnFocus>
    {opened && <NameForm {...rest} onClose={onClose} />}
  </Modal>
);

const NameForm = (props: Omit<Props, 'opened' | 'title'>) => {
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { name: props.initial ?? '' },
    validate: { name: (value) => (value.trim() === '' ? 'Enter a name.' : null) },
  });
  return (
    <form onSubmit={form.onSubmit(({ name }) => props.onSubmit(name.trim()))} noValidate>
      <Stack gap="md">
        <FormError error={props.error} />
        <TextInput
          key={form.key('name')}
          label={props.label}
          description={props.description}
          data-autofocus
          autoComplete="off"
          maxLength={255}
          {...form.getInputProps('name')}
        />
        <FormButtons submit={props.submit} busy={props.busy} onCancel={props.onClose} />
      </Stack>
    </form>
  );
};
