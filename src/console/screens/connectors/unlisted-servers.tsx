import { NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getConnectorSettings, setConnectorSettings } from '../../../access/contract.ts';
import type { BodyOf } from '../../../platform/contract.ts';
import { call } from '../../data/client.ts';
import { usePermission } from '../../data/session.ts';
import { useAction } from '../../data/use-action.ts';
import { DisabledReason } from '../../kit/disabled-reason.tsx';
import { Loadable } from '../../kit/loadable.tsx';
import { SectionCard } from '../../kit/section-card.tsx';

type Unlisted = BodyOf<typeof setConnectorSettings>['unlisted_servers'];

const CHOICES: readonly { readonly value: Unlisted; readonly label: string }[] = [
  { value: 'refuse', label: 'Nobody may use them' },
  { value: 'refuse_for_custom', label: 'Everybody but Custom members and service keys' },
  { value: 'allow', label: 'Everybody may use them' },
];

/** Who may have the provider reach MCP servers that are not registered (`mcp_servers` of a request). */
export const UnlistedServers = () => {
  const settings = useQuery({ queryKey: ['connectors', 'settings'], queryFn: () => call(getConnectorSettings) });
  const manage = usePermission('libraries:manage');
  const change = useAction({
    run: (unlisted_servers: Unlisted) => call(setConnectorSettings, { body: { unlisted_servers } }),
    touches: ['connectors'],
    done: () => 'The rule for unregistered servers is saved.',
  });
  return (
    <SectionCard
      title="Servers that are not registered"
      description="Programs can name MCP servers in a request to a model, for the provider to reach. This decides about those that are no connector."
    >
      <Loadable query={settings} lines={1}>
        {({ unlisted_servers }) => (
          <DisabledReason reason={manage.reason}>
            <NativeSelect
              aria-label="Servers that are not registered"
              w={440}
              maw="100%"
              disabled={change.isPending}
              value={unlisted_servers}
              data={[...CHOICES]}
              onChange={(event) => {
                const chosen = CHOICES.find(({ value }) => value === event.currentTarget.value);
                if (chosen !== undefined) change.mutate(chosen.value);
              }}
            />
          </DisabledReason>
        )}
      </Loadable>
    </SectionCard>
  );
};
