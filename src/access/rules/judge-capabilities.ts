import type { Capability } from '../../kernel/index.ts';
import { CAPABILITY_INFO } from './capabilities.ts';
import type { Finding } from './decision.ts';
import type { Entitlements } from './entitlements.ts';
import { grantsOf, holderOf, rolesOf } from './naming.ts';
import type { Wanted } from './types.ts';

const NOTHING: readonly Finding[] = [];

/** Whether somebody may use one capability, and why not. */
export const judgeCapability = ({ capabilities, principal }: Entitlements, capability: Capability): Finding => {
  const { title } = CAPABILITY_INFO[capability];
  const stoppedBy = capabilities.get(capability)?.stoppedBy;
  if (stoppedBy === null)
    return {
      rule: 'capability',
      effect: 'allow',
      reason: 'capabilities-permitted',
      because: { capabilities: [title] },
    };
  const stop = { rule: 'capability', effect: 'deny' } as const;
  if (stoppedBy === 'organisation' || stoppedBy === 'platform')
    return {
      ...stop,
      reason: 'capability-disabled-by-organisation',
      because: { capability, title, byInstallation: stoppedBy === 'platform' },
    };
  return {
    ...stop,
    reason: 'capability-not-granted-by-role',
    because: { capability, title, ...rolesOf(grantsOf(principal)), holder: holderOf(principal) },
  };
};

/**
 * Whether the product a request comes from, and everything else it shows, may be used: a finding for each capability that
 * may not, or one for all of them. A request of the API that shows nothing has no finding.
 */
export const judgeCapabilities = (
  entitlements: Entitlements,
  { product, capabilities }: Wanted,
): readonly Finding[] => {
  if (product === 'api' && capabilities.length === 0) return NOTHING;
  const shown: readonly Capability[] = product === 'api' ? capabilities : [product, ...capabilities];
  const denied = shown.map((one) => judgeCapability(entitlements, one)).filter(({ effect }) => effect === 'deny');
  if (denied.length > 0) return denied;
  const because = { capabilities: shown.map((one) => CAPABILITY_INFO[one].title) };
  return [{ rule: 'capability', effect: 'allow', reason: 'capabilities-permitted', because }];
};
