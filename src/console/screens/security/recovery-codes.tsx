import { Alert, Button, Code, CopyButton, Group, Modal, SimpleGrid, Stack, Text } from '@mantine/core';
import { IconCheck, IconCopy, IconDownload } from '@tabler/icons-react';
import { saveFile } from '../../kit/save-file.ts';

type Props = { readonly codes: readonly string[]; readonly onKept: () => void };

/** Recovery codes, shown this once, to be kept. */
export const RecoveryCodes = ({ codes, onKept }: Props) => {
  const text = `${codes.join('\n')}\n`;
  return (
    <Stack gap="md">
      <Alert color="yellow" p="sm">
        <Text size="sm">
          Keep these where you will find them without your phone. Each signs you in once in place of the code. They are
          not shown again.
        </Text>
      </Alert>
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing={6} role="list" aria-label="Recovery codes">
        {codes.map((code) => (
          <Code key={code} role="listitem" ta="center">
            {code}
          </Code>
        ))}
      </SimpleGrid>
      <Stack gap="xs">
        <Group gap="xs" grow>
          <CopyButton value={text} timeout={2000}>
            {({ copied, copy }) => (
              <Button
                variant="default"
                leftSection={copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />}
                onClick={copy}
              >
                {copied ? 'Copied' : 'Copy'}
              </Button>
            )}
          </CopyButton>
          <Button
            variant="default"
            leftSection={<IconDownload size={16} aria-hidden />}
            onClick={() => saveFile('remit-recovery-codes.txt', 'text/plain', [text])}
          >
            Download
          </Button>
        </Group>
        <Button onClick={onKept} fullWidth>
          I have kept them
        </Button>
      </Stack>
    </Stack>
  );
};

type DialogProps = { readonly codes: readonly string[] | null; readonly onClose: () => void };

/** {@link RecoveryCodes} on top of the page; it closes by its own button only. */
export const RecoveryCodesDialog = ({ codes, onClose }: DialogProps) => (
  <Modal
    opened={codes !== null}
    onClose={onClose}
    title="Your recovery codes"
    closeOnClickOutside={false}
    closeOnEscape={false}
    withCloseButton={false}
    returnFocus
  >
    {codes !== null && <RecoveryCodes codes={codes} onKept={onClose} />}
  </Modal>
);
