import { NativeSelect, Stack, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type RoleCapabilities, setRoleCapabilities } from '../../../access/contract.ts';
import { CAPABILITY_ACCESS, type CapabilityAccess } from '../../../kernel/index.ts';
import { call } from '../../data/client.ts';
import { roleCapabilitiesQuery } from '../../data/role-rights.ts';
import { usePermission } from '../../data/session.ts';
import { Loadable } from '../../kit/loadable.tsx';
import { SectionCard } from '../../kit/section-card.tsx';
import { CapabilityList, type CapabilityRow } from '../../parts/role-rights/capability-list.tsx';
import { type Edits, useEdits } from '../../parts/role-rights/edits.ts';
import { SaveBar } from '../../parts/role-rights/save-bar.tsx';

const ACCESS = 'access';

const ACCESS_NAMES: Readonly<Record<CapabilityAccess, string>> = {
  selected: 'Only those selected',
  generally_available: 'All that are generally available',
  all: 'All, previews included',
};

const isAccess = (value: unknown): value is CapabilityAccess => CAPABILITY_ACCESS.some((one) => one === value);

const LOCKS = {
  organization: 'Switched off for the organisation: the role’s own word waits without effect.',
  installation: 'Forced off by the configuration of this installation.',
} as const;

type Tab = { readonly saved: RoleCapabilities; readonly edits: Edits<string | boolean> };

const accessIn = ({ saved, edits }: Tab): CapabilityAccess => {
  const chosen = edits.all.get(ACCESS);
  return isAccess(chosen) ? chosen : saved.access;
};

/** The rows as they would be with the choices; what the access includes cannot be taken out one by one. */
const rowsOf = (tab: Tab, reason: string | null): readonly CapabilityRow[] => {
  const access = accessIn(tab);
  return tab.saved.capabilities.map((one) => {
    const isIncluded = access === 'all' || (access === 'generally_available' && one.stage === 'generally_available');
    const chosen = tab.edits.all.get(one.id);
    return {
      ...one,
      isOn: isIncluded || (typeof chosen === 'boolean' ? chosen : one.selected),
      isChanged: chosen !== undefined,
      reason:
        reason ??
        (isIncluded
          ? `Included by “${ACCESS_NAMES[access]}”. Choose “${ACCESS_NAMES.selected}” to decide it here.`
          : null),
      lock: one.locked_by === null ? null : LOCKS[one.locked_by],
    };
  });
};

/** A role's Capabilities tab. */
export const RoleCapabilitiesTab = ({ roleId }: { readonly roleId: string }) => {
  const query = useQuery(roleCapabilitiesQuery(roleId));
  return (
    <Loadable query={query} framed lines={10}>
      {(saved) => <CapabilitiesTab saved={saved} />}
    </Loadable>
  );
};

const CapabilitiesTab = ({ saved }: { readonly saved: RoleCapabilities }) => {
  const client = useQueryClient();
  const edits = useEdits<string | boolean>();
  const manage = usePermission('identity:manage');
  const tab = { saved, edits };
  const { queryKey } = roleCapabilitiesQuery(saved.role_id);
  const save = () =>
    call(setRoleCapabilities, {
      params: { role_id: saved.role_id },
      body: {
        access: accessIn(tab),
        capabilities: Object.fromEntries([...edits.all].filter(([key]) => key !== ACCESS)),
        if_version: saved.version,
      },
    });
  return (
    <>
      <CapabilityList
        rows={rowsOf(tab, manage.reason)}
        onSwitch={(id, isOn) => edits.set(id, isOn, saved.capabilities.find((one) => one.id === id)?.selected ?? false)}
      >
        <SectionCard
          title="Capability access"
          description="Several roles add up: one that grants a capability is enough. Models and administration are never included here."
        >
          <Stack gap={4} maw={360}>
            <NativeSelect
              label="This role grants"
              disabled={!manage.held}
              value={accessIn(tab)}
              data={CAPABILITY_ACCESS.map((value) => ({ value, label: ACCESS_NAMES[value] }))}
              onChange={(event) => edits.set(ACCESS, event.currentTarget.value, saved.access)}
            />
            {accessIn(tab) !== 'selected' && (
              <Text size="xs" c="dimmed">
                Capabilities that are still to come are included as well.
              </Text>
            )}
          </Stack>
        </SectionCard>
      </CapabilityList>
      <SaveBar
        count={edits.all.size}
        about="to the capabilities of this role"
        save={save}
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
