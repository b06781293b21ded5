import { Button, Group, NativeSelect, Stack, Text, TextInput } from '@mantine/core';
import { IconPlugConnected } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { type RoleConnectors, setRoleConnectors } from '../../../access/contract.ts';
import { call } from '../../data/client.ts';
import { roleConnectorsQuery } from '../../data/role-rights.ts';
import { usePermission } from '../../data/session.ts';
import { plural } from '../../kit/format.ts';
import { Loadable } from '../../kit/loadable.tsx';
import { SectionCard } from '../../kit/section-card.tsx';
import { NothingHere } from '../../kit/states.tsx';
import {
  ALL,
  type ConnectorEdits,
  connectorKey,
  levelIn,
  toBody,
  toolKey,
  toolsIn,
} from '../../parts/role-rights/connector-edits.ts';
import { useEdits } from '../../parts/role-rights/edits.ts';
import { LEVEL_CHOICES, TOOL_LEVEL_NAMES } from '../../parts/role-rights/level-words.ts';
import { LockNote } from '../../parts/role-rights/lock-note.tsx';
import classes from '../../parts/role-rights/role-rights.module.css';
import { SaveBar } from '../../parts/role-rights/save-bar.tsx';

type Connector = RoleConnectors['connectors'][number];
type Tab = { readonly saved: RoleConnectors; readonly edits: ConnectorEdits; readonly disabled: boolean };

/** A role's Connectors tab: a level for all connectors, or for each and for single tools. */
export const RoleConnectorsTab = ({ roleId }: { readonly roleId: string }) => {
  const query = useQuery(roleConnectorsQuery(roleId));
  return (
    <Loadable query={query} framed lines={6}>
      {(saved) => <ConnectorsTab saved={saved} />}
    </Loadable>
  );
};

const ConnectorsTab = ({ saved }: { readonly saved: RoleConnectors }) => {
  const client = useQueryClient();
  const edits = useEdits<string>();
  const manage = usePermission('identity:manage');
  const { queryKey } = roleConnectorsQuery(saved.role_id);
  const tab = { saved, edits, disabled: !manage.held };
  const all = edits.all.get(ALL) ?? saved.all_connectors;
  return (
    <>
      <SectionCard
        title="Connectors"
        description="How freely tools of MCP servers may be used. The freest of several roles counts, below what the organisation allows. Where approval is needed, the client asks before each call."
        flush
      >
        <AllConnectors tab={tab} all={all} />
        {saved.connectors.length === 0 ? (
          <NothingHere>No connector is registered yet.</NothingHere>
        ) : (
          <ul className={classes.list}>
            {saved.connectors.map((connector) => (
              <ConnectorRow key={connector.connector_id} tab={tab} connector={connector} />
            ))}
          </ul>
        )}
      </SectionCard>
      <SaveBar
        count={edits.all.size}
        about="to the connectors of this role"
        save={() => call(setRoleConnectors, { params: { role_id: saved.role_id }, body: toBody(saved, edits.all) })}
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

const AllConnectors = ({ tab: { saved, edits, disabled }, all }: { readonly tab: Tab; readonly all: string }) => (
  <div className={`${classes.row} ${edits.all.has(ALL) ? classes.changed : ''}`}>
    <Stack gap={2} className={classes.words}>
      <Text size="sm" fw={500}>
        All connectors
      </Text>
      <Text size="sm" c="dimmed">
        {all === 'custom'
          ? 'Each connector has a level of its own; one that is registered later is blocked until you open it here.'
          : 'Holds for connectors that are registered later as well.'}
      </Text>
    </Stack>
    <NativeSelect
      aria-label="All connectors"
      w={180}
      disabled={disabled}
      value={all}
      data={[...LEVEL_CHOICES, { value: 'custom', label: 'Custom' }]}
      onChange={(event) => {
        // One level for all ends what was chosen for single ones.
        const chosen = event.currentTarget.value;
        if (chosen !== 'custom') edits.discard();
        edits.set(ALL, chosen, saved.all_connectors);
      }}
    />
  </div>
);

const ConnectorRow = ({ tab, connector }: { readonly tab: Tab; readonly connector: Connector }) => {
  const [isOpen, setOpen] = useState(false);
  const { saved, edits, disabled } = tab;
  const tools = toolsIn(connector, edits.all);
  const key = connectorKey(connector.connector_id);
  return (
    <>
      <li className={`${classes.row} ${edits.all.has(key) ? classes.changed : ''}`}>
        <Stack gap={2} className={classes.words}>
          <Group gap="xs">
            <IconPlugConnected size={16} stroke={1.6} aria-hidden />
            <Text size="sm" fw={500}>
              {connector.name}
            </Text>
          </Group>
          {connector.organization_level !== 'always' && (
            <LockNote>The organisation’s word: {TOOL_LEVEL_NAMES[connector.organization_level]}.</LockNote>
          )}
          <Button
            variant="subtle"
            size="compact-xs"
            w="fit-content"
            aria-expanded={isOpen}
            onClick={() => setOpen(!isOpen)}
          >
            {isOpen ? 'Hide single tools' : tools.length === 0 ? 'Single tools' : plural(tools.length, 'tool')}
          </Button>
        </Stack>
        <NativeSelect
          aria-label={`Tools of ${connector.name}`}
          w={180}
          disabled={disabled}
          value={levelIn(saved, connector, edits.all)}
          data={LEVEL_CHOICES}
          onChange={(event) => edits.set(key, event.currentTarget.value, connector.level)}
        />
      </li>
      {isOpen && <Tools tab={tab} connector={connector} tools={tools} />}
    </>
  );
};

const AS_OTHERS = '';

type ToolsProps = { readonly tab: Tab; readonly connector: Connector; readonly tools: readonly string[] };

const Tools = ({ tab, connector, tools }: ToolsProps) => (
  <>
    {tools.map((name) => (
      <Tool key={name} tab={tab} connector={connector} name={name} />
    ))}
    <AddTool tab={tab} connector={connector} />
  </>
);

type ToolProps = { readonly tab: Tab; readonly connector: Connector; readonly name: string };

const Tool = ({ tab: { edits, disabled }, connector, name }: ToolProps) => {
  const key = toolKey(connector.connector_id, name);
  const saved = connector.tools.find((tool) => tool.name === name)?.level ?? AS_OTHERS;
  const ofOrganisation = connector.organization_tools.find((tool) => tool.name === name)?.level;
  return (
    <li className={`${classes.row} ${classes.nested} ${edits.all.has(key) ? classes.changed : ''}`}>
      <Stack gap={2} className={classes.words}>
        <Text size="sm" ff="monospace">
          {name}
        </Text>
        {ofOrganisation !== undefined && ofOrganisation !== 'always' && (
          <LockNote>The organisation’s word: {TOOL_LEVEL_NAMES[ofOrganisation]}.</LockNote>
        )}
      </Stack>
      <NativeSelect
        aria-label={`${name} of ${connector.name}`}
        w={180}
        disabled={disabled}
        value={edits.all.get(key) ?? saved}
        data={[{ value: AS_OTHERS, label: 'As the other tools' }, ...LEVEL_CHOICES]}
        onChange={(event) => edits.set(key, event.currentTarget.value, saved)}
      />
    </li>
  );
};

const AddTool = ({ tab: { edits, disabled }, connector }: Pick<ToolsProps, 'tab' | 'connector'>) => {
  const [name, setName] = useState('');
  return (
    <li className={`${classes.row} ${classes.nested}`}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim() !== '') edits.set(toolKey(connector.connector_id, name.trim()), 'blocked', AS_OTHERS);
          setName('');
        }}
      >
        <Group gap="xs" align="flex-end">
          <TextInput
            label={`A tool of ${connector.name} by its name`}
            size="xs"
            disabled={disabled}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Button type="submit" variant="default" size="xs" disabled={disabled || name.trim() === ''}>
            Set a level for it
          </Button>
        </Group>
      </form>
    </li>
  );
};
