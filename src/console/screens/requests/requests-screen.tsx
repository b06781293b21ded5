import { Outlet, useNavigate, useSearch } from '@tanstack/react-router';
import { allRequests } from '../../data/requests.ts';
import { TextLink } from '../../kit/links.tsx';
import { PageHeader } from '../../kit/page-header.tsx';
import { RequestBrowser } from '../../parts/request-browser.tsx';

/** Every request with what was asked, what was used and what was decided. */
export const RequestsScreen = () => {
  const filters = useSearch({ from: '/app/requests' });
  const navigate = useNavigate();
  return (
    <>
      <PageHeader
        title="Requests"
        guide="why-blocked"
        description="What people and service keys asked for, what they got, and why."
      />
      <RequestBrowser
        source={allRequests}
        filters={filters}
        onFilter={(search) => void navigate({ to: '/requests', search })}
        onOpen={(requestId) => void navigate({ to: '/requests/$requestId', params: { requestId }, search: filters })}
        link={(decision, children) => (
          <TextLink to="/requests/$requestId" params={{ requestId: decision.id }} search={filters} inherit>
            {children}
          </TextLink>
        )}
      />
      <Outlet />
    </>
  );
};
