import type { Workspace } from '../../../directory/contract.ts';
import { usePermission } from '../../data/session.ts';

const ARCHIVED = 'An archived workspace stays as it is.';

/** Why a workspace may not be changed; null when it may. */
export const useWorkspaceReason = ({ archived_at }: Workspace): string | null => {
  const { reason } = usePermission('owner');
  return archived_at === null ? reason : ARCHIVED;
};
