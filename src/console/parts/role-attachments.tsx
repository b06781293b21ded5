import { Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { rolesQuery } from '../data/directory.ts';
import { usePermission } from '../data/session.ts';
import { useAction } from '../data/use-action.ts';
import { TextLink } from '../kit/links.tsx';
import { PickAndAdd } from '../kit/pick-and-add.tsx';
import { RemovableList } from '../kit/removable-list.tsx';
import { ListFault } from '../kit/states.tsx';

type Props = {
  readonly roleIds: readonly string[];
  readonly empty: string;
  /** What to know before attaching a role; null when there is nothing. */
  readonly hint: string | null;
  readonly attach: (roleId: string) => Promise<unknown>;
  readonly detach: (roleId: string) => Promise<unknown>;
};

/** The custom roles on a member or group: attach and detach. */
export const RoleAttachments = ({ roleIds, empty, hint, attach, detach }: Props) => {
  const manage = usePermission('identity:manage');
  const query = useQuery(rolesQuery);
  const roles = query.data ?? [];
  const nameOf = (id: string) => roles.find((role) => role.id === id)?.display_name ?? id;
  const touches = ['users', 'groups', 'access', 'matrix'];
  const adding = useAction({ run: attach, touches });
  const removing = useAction({ run: detach, touches });
  return (
    <Stack gap="sm">
      <RemovableList
        label="Custom roles"
        empty={empty}
        reason={manage.reason}
        items={roleIds.map((id) => ({
          id,
          content: (
            <TextLink to="/roles/$roleId" params={{ roleId: id }} inherit>
              {nameOf(id)}
            </TextLink>
          ),
          removeLabel: `Detach the role ${nameOf(id)}`,
        }))}
        onRemove={(id) => removing.mutate(id)}
      />
      <PickAndAdd
        label="Custom role to attach"
        placeholder="Choose a role"
        action="Attach"
        reason={manage.reason}
        busy={adding.isPending}
        options={roles
          .filter((role) => !roleIds.includes(role.id))
          .map((role) => ({ value: role.id, label: role.display_name }))}
        onAdd={(id) => adding.mutate(id)}
      />
      <ListFault of="Custom roles" query={query} />
      {hint !== null && (
        <Text size="xs" c="dimmed">
          {hint}
        </Text>
      )}
    </Stack>
  );
};
