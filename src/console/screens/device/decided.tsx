import { Text } from '@mantine/core';
import { TextLink } from '../../kit/links.tsx';
import { VisitorPage } from '../../parts/visitor-page.tsx';

/** What somebody said of a device. */
export type Decision = 'approved' | 'denied';

/** The last word about a device. */
export const Decided = ({ decision }: { readonly decision: Decision }) =>
  decision === 'approved' ? (
    <VisitorPage title="The device is signed in">
      <Text size="sm">
        Go back to your terminal: Claude Code goes on within a few seconds. You can close this page. Your devices, and
        how to sign them out, are under{' '}
        <TextLink to="/me/security" underline="always">
          My access, Security
        </TextLink>
        .
      </Text>
    </VisitorPage>
  ) : (
    <VisitorPage title="The device was turned away">
      <Text size="sm">
        It has not been signed in. If you did not start this yourself, somebody may have sent you the link: tell your
        administrators. To begin again, type /login in Claude Code.
      </Text>
    </VisitorPage>
  );
