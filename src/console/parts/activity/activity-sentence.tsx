import { Text } from '@mantine/core';
import type { Activity } from '../../../activity/contract.ts';
import { TextLink } from '../../kit/links.tsx';
import { partsOf, type Reference } from './sentence.ts';
import type { ActivityNames } from './use-activity-names.ts';

type Props = { readonly activity: Activity; readonly names: ActivityNames };

/** What happened, in a sentence whose names lead to their pages. */
export const ActivitySentence = ({ activity, names }: Props) => (
  <Text size="sm" span style={{ overflowWrap: 'anywhere' }}>
    {partsOf(activity).map((part, at) =>
      typeof part === 'string' ? (
        part
      ) : (
        // biome-ignore lint/suspicious/noArrayIndexKey: a sentence's parts never move.
        <Name key={at} reference={part} names={names} />
      ),
    )}
  </Text>
);

const Name = ({ reference, names }: { readonly reference: Reference; readonly names: ActivityNames }) => {
  const { kind, id } = reference;
  const name = names.nameOf(reference);
  if (names.isThere(reference))
    switch (kind) {
      case 'member':
        return (
          <TextLink to="/members/$userId" params={{ userId: id }} inherit underline="always">
            {name}
          </TextLink>
        );
      case 'group':
        return (
          <TextLink to="/groups/$groupId" params={{ groupId: id }} inherit underline="always">
            {name}
          </TextLink>
        );
      case 'role':
        return (
          <TextLink to="/roles/$roleId" params={{ roleId: id }} inherit underline="always">
            {name}
          </TextLink>
        );
      case 'workspace':
        return (
          <TextLink to="/workspaces/$workspaceId" params={{ workspaceId: id }} inherit underline="always">
            {name}
          </TextLink>
        );
      case 'key':
      case 'model':
      case 'server':
        break;
      default: {
        const unexpected: never = kind;
        return unexpected;
      }
    }
  return (
    <Text span inherit fw={500} title={id}>
      {name}
    </Text>
  );
};
