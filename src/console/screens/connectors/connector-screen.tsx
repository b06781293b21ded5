import { SimpleGrid, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import type { Connector } from '../../../access/contract.ts';
import { connectorQuery } from '../../data/connectors.ts';
import { usePermission } from '../../data/session.ts';
import { isNotFound } from '../../kit/error-words.ts';
import { Loadable } from '../../kit/loadable.tsx';
import { PageHeader } from '../../kit/page-header.tsx';
import { SectionCard } from '../../kit/section-card.tsx';
import { Nothing } from '../../kit/states.tsx';
import { RecentActivity } from '../../parts/activity/recent-activity.tsx';
import { ConnectorLine } from '../../parts/connector-line.tsx';
import { McpCalls } from '../../parts/mcp-calls.tsx';
import { ConnectorActions } from './connector-actions.tsx';
import { ConnectorGrants } from './connector-grants.tsx';
import { ConnectorServer } from './connector-server.tsx';
import { ConnectorTools } from './connector-tools.tsx';

const BACK = { to: '/connectors', label: 'Connectors' };

/** One connector: its tools and who may use them, how it is reached, and who called what. */
export const ConnectorScreen = () => {
  const { connectorId } = useParams({ from: '/app/connectors/$connectorId' });
  const connector = useQuery(connectorQuery(connectorId));
  if (isNotFound(connector.error))
    return (
      <>
        <PageHeader title="Connector" back={BACK} />
        <div className="card">
          <Nothing title="There is no such connector">It may have been deleted.</Nothing>
        </div>
      </>
    );
  return (
    <>
      {connector.data === undefined && <PageHeader title="Connector" back={BACK} />}
      <Loadable query={connector} framed>
        {(data) => <ConnectorPage connector={data} />}
      </Loadable>
    </>
  );
};

const ConnectorPage = ({ connector }: { readonly connector: Connector }) => {
  const analytics = usePermission('analytics:view');
  return (
    <>
      <PageHeader
        title={connector.name}
        guide="mcp"
        description={`Members reach it at ${window.location.origin}/mcp/${connector.slug}`}
        back={BACK}
        actions={<ConnectorActions connector={connector} />}
      />
      <Stack gap="lg">
        <ConnectorTools connector={connector} />
        <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="lg">
          <ConnectorServer connector={connector} />
          <SectionCard
            title="For members"
            description="The same lines stand under “My access”, with what each member may use."
          >
            <ConnectorLine slug={connector.slug} url={`${window.location.origin}/mcp/${connector.slug}`} />
          </SectionCard>
        </SimpleGrid>
        <ConnectorGrants connectorId={connector.id} />
        {analytics.held && <McpCalls of="organisation" connectorId={connector.id} />}
        <RecentActivity subject={connector.id} noun="connector" />
      </Stack>
    </>
  );
};
