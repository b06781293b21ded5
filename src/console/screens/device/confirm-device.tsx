import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { approveDeviceSignIn, type DeviceSignIn, denyDeviceSignIn } from '../../../claude-code/contract.ts';
import { call } from '../../data/client.ts';
import { useAction } from '../../data/use-action.ts';
import { FormError } from '../../kit/form-parts.tsx';
import { RelativeTime } from '../../kit/relative-time.tsx';
import type { Decision } from './decided.tsx';

type Props = { readonly device: DeviceSignIn; readonly onDecided: (decision: Decision) => void };

/** The device that waits, what to compare, and the two answers. */
export const ConfirmDevice = ({ device, onDecided }: Props) => {
  const body = { user_code: device.user_code };
  const approve = useAction({
    run: () => call(approveDeviceSignIn, { body }),
    touches: ['my-devices'],
    errors: 'inline',
    onDone: () => onDecided('approved'),
  });
  const deny = useAction({
    run: () => call(denyDeviceSignIn, { body }),
    touches: [],
    errors: 'inline',
    onDone: () => onDecided('denied'),
  });
  const isBusy = approve.isPending || deny.isPending;
  return (
    <Stack gap="md">
      <FormError error={approve.error ?? deny.error} />
      <Stack gap={4} align="center" py="xs">
        <Text size="sm">Does this match the code on your device?</Text>
        <Text ff="monospace" fz={30} fw={600} lts={2}>
          {device.user_code}
        </Text>
      </Stack>
      <Text size="sm" c="dimmed">
        {device.device_name}, from {device.ip_address ?? 'an unknown address'}, asked{' '}
        <RelativeTime at={device.requested_at} />. Confirm only if you have just started this yourself: whoever holds
        the device works as you from then on.
      </Text>
      {device.login_notice !== null && (
        <Alert color="blue" title="Notice from your administrators">
          {device.login_notice}
        </Alert>
      )}
      {device.problem !== null && (
        <Alert color="orange" title="Claude Code will not work yet">
          {device.problem}
        </Alert>
      )}
      <Group grow>
        <Button variant="default" loading={deny.isPending} disabled={isBusy} onClick={() => deny.mutate(undefined)}>
          No, deny it
        </Button>
        <Button loading={approve.isPending} disabled={isBusy} onClick={() => approve.mutate(undefined)}>
          Yes, sign it in
        </Button>
      </Group>
    </Stack>
  );
};
