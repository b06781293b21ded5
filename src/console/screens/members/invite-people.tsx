import { Modal, MultiSelect, NativeSelect, Stack, Text, Textarea } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { BULK_INVITES_MAX, createInvites } from '../../../directory/contract.ts';
import type { ReplyOf } from '../../../platform/contract.ts';
import { call } from '../../data/client.ts';
import { ownGroupsQuery } from '../../data/directory.ts';
import { ASSIGNABLE_ROLES, isAssignableRole } from '../../data/organisation-roles.ts';
import { usePermission, useSession } from '../../data/session.ts';
import { useAction } from '../../data/use-action.ts';
import { FormButtons, FormError } from '../../kit/form-parts.tsx';
import { plural } from '../../kit/format.ts';
import { ListFault } from '../../kit/states.tsx';
import { InviteResults } from './invite-results.tsx';

type Props = { readonly opened: boolean; readonly onClose: () => void };

/** Invites people by their addresses and shows the link of each, to be sent to them. */
export const InvitePeople = ({ opened, onClose }: Props) => {
  const [results, setResults] = useState<ReplyOf<typeof createInvites>['data'] | null>(null);
  const close = () => {
    setResults(null);
    onClose();
  };
  return (
    <Modal opened={opened} onClose={close} title="Invite people" size="lg" returnFocus>
      {opened && results === null && <InviteForm onClose={close} onSent={setResults} />}
      {results !== null && <InviteResults results={results} onDone={close} />}
    </Modal>
  );
};

/** What stands between commas, spaces, semicolons and ends of lines; the same address twice is once. */
const addressesIn = (text: string): readonly string[] => [
  ...new Set(text.split(/[\s,;]+/).filter((one) => one !== '')),
];

type FormProps = {
  readonly onClose: () => void;
  readonly onSent: (results: ReplyOf<typeof createInvites>['data']) => void;
};

const InviteForm = ({ onClose, onSent }: FormProps) => {
  const [text, setText] = useState('');
  const [role, setRole] = useState('user');
  const [groups, setGroups] = useState<string[]>([]);
  const addresses = addressesIn(text);
  const send = useAction({
    run: () => {
      const one = { role: isAssignableRole(role) ? role : ('user' as const), rbac_group_ids: groups };
      return call(createInvites, { body: { invites: addresses.map((email) => ({ email, ...one })) } });
    },
    touches: ['invites'],
    errors: 'inline',
    onDone: ({ data }) => onSent(data),
  });
  const tooMany = addresses.length > BULK_INVITES_MAX;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (addresses.length > 0 && !tooMany) send.mutate(undefined);
      }}
    >
      <Stack gap="md">
        <FormError error={send.error} />
        <Textarea
          label="E-mail addresses"
          description="One per line, or separated by commas."
          error={tooMany ? `At most ${BULK_INVITES_MAX} at once.` : undefined}
          autosize
          minRows={4}
          maxRows={12}
          data-autofocus
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <RoleChoice role={role} onChange={setRole} />
        <GroupChoice groups={groups} onChange={setGroups} />
        <Text size="sm" c="dimmed">
          Each person gets a link of their own that works once and for 21 days. You see the links next.
        </Text>
        <FormButtons
          submit={addresses.length === 0 ? 'Invite' : `Invite ${plural(addresses.length, 'person', 'people')}`}
          busy={send.isPending}
          onCancel={onClose}
        />
      </Stack>
    </form>
  );
};

const RoleChoice = ({ role, onChange }: { readonly role: string; readonly onChange: (role: string) => void }) => {
  const mayMakeOwners = ['primary_owner', 'owner'].includes(useSession().user?.role ?? '');
  const offered = ASSIGNABLE_ROLES.filter(({ value }) => mayMakeOwners || value === 'user' || value === 'managed');
  return (
    <NativeSelect
      label="Organisation role"
      description={offered.find(({ value }) => value === role)?.meaning}
      data={offered.map(({ value, label }) => ({ value, label }))}
      value={role}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
};

type GroupProps = { readonly groups: string[]; readonly onChange: (groups: string[]) => void };

const GroupChoice = ({ groups, onChange }: GroupProps) => {
  const { held } = usePermission('identity:manage');
  const query = useQuery({ ...ownGroupsQuery, enabled: held });
  const own = query.data ?? [];
  if (!held) return null;
  if (own.length === 0) return <ListFault of="Groups" query={query} />;
  return (
    <MultiSelect
      label="Groups"
      description="Optional; they join these when they accept."
      data={own.map(({ id, name }) => ({ value: id, label: name }))}
      value={groups}
      onChange={onChange}
      searchable
    />
  );
};
