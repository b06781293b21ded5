import { ActionIcon, CopyButton, TextInput } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';

/** The one-time link of somebody's invite, ready to copy. */
export const InviteLink = ({ email, url }: { readonly email: string; readonly url: string }) => (
  <TextInput
    label={email}
    value={url}
    readOnly
    styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
    onFocus={(event) => event.currentTarget.select()}
    rightSection={
      <CopyButton value={url} timeout={2000}>
        {({ copied, copy }) => (
          <ActionIcon variant="subtle" color="gray" aria-label={`Copy the link of ${email}`} onClick={copy}>
            {copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />}
          </ActionIcon>
        )}
      </CopyButton>
    }
  />
);
