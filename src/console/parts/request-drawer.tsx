import { Drawer } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { RequestSource } from '../data/requests.ts';
import { isNotFound } from '../kit/error-words.ts';
import { Loadable } from '../kit/loadable.tsx';
import { Nothing } from '../kit/states.tsx';
import { RequestFacts } from './request-facts.tsx';

const REFRESH_MS = 2000;

type Props = { readonly source: RequestSource; readonly requestId: string; readonly onClose: () => void };

/** One request, explained: what was decided and why, what it used, and the ids to find it elsewhere. */
export const RequestDrawer = ({ source, requestId, onClose }: Props) => {
  const query = useQuery({
    queryKey: ['request', source.key, requestId],
    queryFn: () => source.read(requestId),
    refetchInterval: ({ state }) => (state.data?.outcome === 'open' ? REFRESH_MS : false),
  });
  // Opened only once it is there, and left only once it is closed: so focus returns to the row it came from.
  const [opened, setOpened] = useState(false);
  useEffect(() => setOpened(true), []);
  return (
    <Drawer
      opened={opened}
      onClose={() => setOpened(false)}
      onExitTransitionEnd={onClose}
      size={560}
      title="Request"
      returnFocus
    >
      {isNotFound(query.error) ? (
        <Nothing title="No such request">The id may be mistyped, or the request is older than what is kept.</Nothing>
      ) : (
        <Loadable query={query}>{(request) => <RequestFacts request={request} />}</Loadable>
      )}
    </Drawer>
  );
};
