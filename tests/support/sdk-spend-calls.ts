import Anthropic, { BadRequestError, NotFoundError } from '@anthropic-ai/sdk';
import { expect } from 'vitest';
import { ADMIN_KEY } from './organisation.ts';
import type { Remit } from './remit.ts';

type Organization = Anthropic['organization'];

const TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);

/** A call of each method of the official client about spend limits, with what its types promise. */
export const sdkSpendCalls = (remit: () => Remit): Readonly<Record<string, (at: Organization) => Promise<void>>> => {
  // Setting and listing limits is in the beta namespace only.
  const limits = () => {
    const client = new Anthropic({ apiKey: ADMIN_KEY, baseURL: remit().url, maxRetries: 0 });
    return client.beta.organization.spendLimits;
  };
  const newLimit = async () => {
    const { id: user_id } = await remit().newMember();
    return { user_id, limit: await limits().set({ amount: '50000', scope: { type: 'user', user_id } }) };
  };
  return {
    'spendLimits.set': async () => {
      const { limit, user_id } = await newLimit();
      expect(limit).toMatchObject({
        id: expect.stringMatching(/^spl_/),
        type: 'spend_limit',
        scope: { type: 'user', user_id },
        amount: '50000',
        currency: 'USD',
        period: 'monthly',
        is_enabled: true,
        created_at: TIME,
        updated_at: TIME,
      });
      const { id: workspace_id } = await new Anthropic({
        apiKey: ADMIN_KEY,
        baseURL: remit().url,
      }).organization.workspaces.create({ name: `Limited ${limit.id.slice(-6)}` });
      const scope = { type: 'workspace' as const, workspace_id };
      expect(await limits().set({ amount: null, scope, period: 'daily' })).toMatchObject({ scope, amount: null });
      const nobody = limits().set({ amount: '1', scope: { type: 'user', user_id: 'user_nobody' } });
      await expect(nobody).rejects.toThrow(NotFoundError);
    },
    'spendLimits.retrieve': async () => {
      const { limit } = await newLimit();
      expect(await limits().retrieve(limit.id)).toEqual(limit);
    },
    'spendLimits.list': async () => {
      const { limit } = await newLimit();
      const listed: string[] = [];
      for await (const { id, scope } of limits().list({ scope_type: ['user'], limit: 1 })) {
        expect(scope.type).toBe('user');
        listed.push(id);
      }
      expect(listed).toContain(limit.id);
      expect(new Set(listed).size).toBe(listed.length);
    },
    'spendLimits.delete': async () => {
      const { limit } = await newLimit();
      expect(await limits().delete(limit.id)).toEqual({ id: limit.id, type: 'spend_limit_deleted' });
      await expect(limits().retrieve(limit.id)).rejects.toThrow(NotFoundError);
    },
    'spendLimits.effective.list': async (at) => {
      const { limit, user_id } = await newLimit();
      const page = await at.spendLimits.effective.list({ user_ids: [user_id], period: ['monthly'] });
      expect(page.data).toEqual([
        {
          actor: expect.objectContaining({ type: 'user_actor', user_id, deleted: false }),
          amount: '50000',
          currency: 'USD',
          period: 'monthly',
          period_to_date_spend: '0',
          scope: { type: 'user', user_id },
          source: { type: 'user', user_id },
          spend_limit_id: limit.id,
        },
      ]);
      const { next_page: stale } = await at.spendLimits.effective.list({ limit: 1 });
      if (stale !== null)
        await expect(at.spendLimits.effective.list({ page: stale, period: ['daily'] })).rejects.toThrow(
          BadRequestError,
        );
    },
  };
};
