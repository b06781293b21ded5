import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { allRequests } from '../../data/requests.ts';
import { RequestDrawer } from '../../parts/request-drawer.tsx';

/** The drawer over the table, at an address of its own. */
export const RequestRoute = () => {
  const { requestId } = useParams({ from: '/app/requests/$requestId' });
  const search = useSearch({ from: '/app/requests' });
  const navigate = useNavigate();
  return (
    <RequestDrawer
      source={allRequests}
      requestId={requestId}
      onClose={() => void navigate({ to: '/requests', search })}
    />
  );
};
