import { Alert, Button, CopyButton, Group, Stack, Text, TextInput } from '@mantine/core';
import { IconCheck, IconCopy, IconEyeOff } from '@tabler/icons-react';

type Props = {
  readonly label: string;
  readonly secret: string;
  /** Why it must be copied now. */
  readonly warning: string;
};

/** A secret that is shown this one time, ready to copy. */
export const CopyOnce = ({ label, secret, warning }: Props) => (
  <Stack gap="sm">
    <Alert color="yellow" icon={<IconEyeOff size={18} aria-hidden />} p="sm">
      <Text size="sm">{warning}</Text>
    </Alert>
    <Group align="flex-end" gap="xs" wrap="nowrap">
      <TextInput
        label={label}
        value={secret}
        readOnly
        flex={1}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
        onFocus={(event) => event.currentTarget.select()}
      />
      <CopyButton value={secret} timeout={2000}>
        {({ copied, copy }) => (
          <Button
            variant={copied ? 'light' : 'filled'}
            leftSection={copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />}
            onClick={copy}
          >
            {copied ? 'Copied' : 'Copy'}
          </Button>
        )}
      </CopyButton>
    </Group>
  </Stack>
);
