import { NativeSelect, Stack, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type RolePermissions, setRolePermissions } from '../../../directory/contract.ts';
import {
  PERMISSION_AREAS,
  PERMISSION_LEVELS,
  type PermissionArea,
  type PermissionLevel,
} from '../../../kernel/index.ts';
import { call } from '../../data/client.ts';
import { rolePermissionsQuery } from '../../data/role-rights.ts';
import { usePermission } from '../../data/session.ts';
import { Loadable } from '../../kit/loadable.tsx';
import { SectionCard } from '../../kit/section-card.tsx';
import { useEdits } from '../../parts/role-rights/edits.ts';
import { AREAS, LEVEL_NAMES } from '../../parts/role-rights/permission-words.ts';
import classes from '../../parts/role-rights/role-rights.module.css';
import { SaveBar } from '../../parts/role-rights/save-bar.tsx';

const isLevel = (value: string): value is PermissionLevel => PERMISSION_LEVELS.some((one) => one === value);

/** A role's Permissions tab: a level in each area of administration. */
export const RolePermissionsTab = ({ roleId }: { readonly roleId: string }) => {
  const query = useQuery(rolePermissionsQuery(roleId));
  return (
    <Loadable query={query} framed lines={8}>
      {(saved) => <PermissionsTab saved={saved} />}
    </Loadable>
  );
};

const PermissionsTab = ({ saved }: { readonly saved: RolePermissions }) => {
  const client = useQueryClient();
  const edits = useEdits<PermissionLevel>();
  const { queryKey } = rolePermissionsQuery(saved.role_id);
  return (
    <>
      <SectionCard
        title="Administration"
        description="What members with this role may look at and change in the console and the Admin API. Making owners and admins, other people’s keys and the organisation’s capabilities are never part of a role."
        flush
      >
        <ul className={classes.list}>
          {PERMISSION_AREAS.map((area) => (
            <Area
              key={area}
              area={area}
              level={edits.all.get(area) ?? saved.permissions[area]}
              isChanged={edits.all.has(area)}
              onChange={(level) => edits.set(area, level, saved.permissions[area])}
            />
          ))}
        </ul>
      </SectionCard>
      <SaveBar
        count={edits.all.size}
        about="to the permissions of this role"
        save={() =>
          call(setRolePermissions, {
            params: { role_id: saved.role_id },
            body: { permissions: Object.fromEntries(edits.all), if_version: saved.version },
          })
        }
        queryKey={queryKey}
        onDiscard={edits.discard}
        onSaved={(reply) => {
          client.setQueryData(queryKey, reply);
          edits.discard();
        }}
      />
    </>
  );
};

type AreaProps = {
  readonly area: PermissionArea;
  readonly level: PermissionLevel;
  readonly isChanged: boolean;
  readonly onChange: (level: PermissionLevel) => void;
};

const Area = ({ area, level, isChanged, onChange }: AreaProps) => {
  const manage = usePermission('identity:manage');
  const { name, covers, warning } = AREAS[area];
  return (
    <li className={`${classes.row} ${isChanged ? classes.changed : ''}`}>
      <Stack gap={2} className={classes.words}>
        <Text size="sm" fw={500}>
          {name}
        </Text>
        <Text size="sm" c="dimmed">
          {covers}
        </Text>
        {level === 'manage' && warning !== undefined && (
          <Text size="sm" role="note">
            {warning}
          </Text>
        )}
      </Stack>
      <NativeSelect
        aria-label={name}
        w={160}
        disabled={!manage.held}
        value={level}
        data={PERMISSION_LEVELS.map((value) => ({ value, label: LEVEL_NAMES[value] }))}
        onChange={(event) => {
          const chosen = event.currentTarget.value;
          if (isLevel(chosen)) onChange(chosen);
        }}
      />
    </li>
  );
};
