import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { myRequests } from '../../data/requests.ts';
import { RequestDrawer } from '../../parts/request-drawer.tsx';

/** One of my requests over the table, at an address of its own. */
export const MyRequestRoute = () => {
  const { requestId } = useParams({ from: '/app/me/requests/$requestId' });
  const search = useSearch({ from: '/app/me/requests' });
  const navigate = useNavigate();
  return (
    <RequestDrawer
      source={myRequests}
      requestId={requestId}
      onClose={() => void navigate({ to: '/me/requests', search })}
    />
  );
};
