import { Outlet, useNavigate, useSearch } from '@tanstack/react-router';
import { myRequests } from '../../data/requests.ts';
import { TextLink } from '../../kit/links.tsx';
import { RequestBrowser } from '../../parts/request-browser.tsx';

/** My own requests, in the same table as everybody's. */
export const MyRequests = () => {
  const filters = useSearch({ from: '/app/me/requests' });
  const navigate = useNavigate();
  return (
    <>
      <RequestBrowser
        source={myRequests}
        filters={filters}
        onFilter={(search) => void navigate({ to: '/me/requests', search })}
        onOpen={(requestId) => void navigate({ to: '/me/requests/$requestId', params: { requestId }, search: filters })}
        link={(decision, children) => (
          <TextLink to="/me/requests/$requestId" params={{ requestId: decision.id }} search={filters} inherit>
            {children}
          </TextLink>
        )}
      />
      <Outlet />
    </>
  );
};
