import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { FormError } from './form-parts.tsx';

type Props = {
  readonly opened: boolean;
  readonly title: string;
  /** What will happen, in whole sentences. */
  readonly children: ReactNode;
  readonly confirm: string;
  readonly cancel?: string;
  readonly busy?: boolean;
  readonly error?: unknown;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
};

/** Asks before something that cannot be taken back, saying what it does. */
export const ConfirmDialog = ({ opened, title, children, busy = false, error = null, ...rest }: Props) => (
  <Modal opened={opened} onClose={rest.onClose} title={title} returnFocus>
    <Stack gap="md">
      <Text size="sm" component="div">
        {children}
      </Text>
      <FormError error={error} />
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={rest.onClose} data-autofocus>
          {rest.cancel ?? 'Cancel'}
        </Button>
        <Button color="red.8" loading={busy} onClick={rest.onConfirm}>
          {rest.confirm}
        </Button>
      </Group>
    </Stack>
  </Modal>
);
