import { Alert, Button, CopyButton, Group, List, Stack, Text } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import type { createInvites } from '../../../directory/contract.ts';
import type { ReplyOf } from '../../../platform/contract.ts';
import { plural } from '../../kit/format.ts';
import { InviteLink } from './invite-link.tsx';

type Results = ReplyOf<typeof createInvites>['data'];

const LINKS_SHOWN_MAX = 50;

/** What became of each address: the links of those who are invited, and why others are not. */
export const InviteResults = ({ results, onDone }: { readonly results: Results; readonly onDone: () => void }) => {
  const sent = results.flatMap((result) => (result.type === 'invited' ? [result.invite] : []));
  const refused = results.flatMap((result) => (result.type === 'refused' ? [result] : []));
  return (
    <Stack gap="md">
      {refused.length > 0 && (
        <Alert color="red" title={`${plural(refused.length, 'address', 'addresses')} not invited`}>
          <List size="sm" spacing={4}>
            {refused.map(({ email, message }) => (
              <List.Item key={email}>{message.includes(email) ? message : `${email}: ${message}`}</List.Item>
            ))}
          </List>
        </Alert>
      )}
      {sent.length > 0 && (
        <>
          <Text size="sm">
            {plural(sent.length, 'person', 'people')} invited.{' '}
            {sent.every(({ is_emailed }) => is_emailed)
              ? 'Each gets their link by e-mail, and here it is to copy.'
              : 'Send each their link.'}{' '}
            Whoever has it can become a member with this address. The links are not shown again, but you can make new
            ones.
          </Text>
          {sent.slice(0, LINKS_SHOWN_MAX).map(({ id, email, url }) => (
            <InviteLink key={id} email={email} url={url} />
          ))}
          {sent.length > LINKS_SHOWN_MAX && (
            <Text size="sm" c="dimmed">
              And {plural(sent.length - LINKS_SHOWN_MAX, 'more', 'more')}; copy all of them below.
            </Text>
          )}
        </>
      )}
      <Group justify="flex-end" gap="xs">
        {sent.length > 1 && (
          <CopyButton value={sent.map(({ email, url }) => `${email}\t${url}`).join('\n')} timeout={2000}>
            {({ copied, copy }) => (
              <Button
                variant="default"
                leftSection={copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />}
                onClick={copy}
              >
                {copied ? 'Copied' : 'Copy all as a table'}
              </Button>
            )}
          </CopyButton>
        )}
        <Button onClick={onDone}>Done</Button>
      </Group>
    </Stack>
  );
};
