import Anthropic, { BadRequestError, NotFoundError } from '@anthropic-ai/sdk';
import { expect } from 'vitest';
import { createClient } from '../../src/platform/contract.ts';
import { ADMIN_KEY, spend } from './organisation.ts';
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
  const newRequest = async () => {
    const { id: user_id, key } = await remit().newMember();
    await limits().set({ amount: '100', scope: { type: 'user', user_id } });
    const ask = createClient({ baseUrl: remit().url, headers: { 'x-api-key': key } });
    return { user_id, id: (await ask(spend.askForIncrease, { body: {} })).requests[0]?.id ?? '' };
  };
  const request = (user_id: string, status: string) => ({
    id: expect.stringMatching(/^slir_/),
    type: 'spend_limit_increase_request',
    actor: expect.objectContaining({ type: 'user_actor', user_id, deleted: false }),
    period: 'monthly',
    status,
    created_at: TIME,
    resolved_at: status === 'pending' ? null : TIME,
    resolved_by: status === 'pending' ? null : { type: 'scoped_api_key_actor', scoped_api_key_id: expect.any(String) },
    spend_summary: status === 'pending' ? expect.objectContaining({ amount: '100', period_to_date_spend: '0' }) : null,
  });
  return {
    'spendLimits.increaseRequests.retrieve': async (at) => {
      const { id, user_id } = await newRequest();
      expect(await at.spendLimits.increaseRequests.retrieve(id)).toEqual(request(user_id, 'pending'));
      await expect(at.spendLimits.increaseRequests.retrieve('slir_none')).rejects.toThrow(NotFoundError);
    },
    'spendLimits.increaseRequests.list': async (at) => {
      const [one, two] = [await newRequest(), await newRequest()];
      const query = { actor_ids: [one.user_id, two.user_id], status: ['pending' as const], limit: 1 };
      const listed: string[] = [];
      for await (const { id } of at.spendLimits.increaseRequests.list(query)) listed.push(id);
      expect(listed).toEqual([two.id, one.id]);
    },
    'spendLimits.increaseRequests.approve': async (at) => {
      const { id, user_id } = await newRequest();
      const approved = await at.spendLimits.increaseRequests.approve(id, {
        amount: '900',
        suppress_notification: true,
      });
      expect(approved).toEqual({
        ...request(user_id, 'approved'),
        spend_limit: expect.objectContaining({ amount: '900', period: 'monthly', scope: { type: 'user', user_id } }),
      });
      await expect(at.spendLimits.increaseRequests.deny(id, {})).rejects.toThrow(BadRequestError);
    },
    'spendLimits.increaseRequests.deny': async (at) => {
      const { id, user_id } = await newRequest();
      const denied = await at.spendLimits.increaseRequests.deny(id, {});
      expect(denied).toEqual(request(user_id, 'denied'));
      expect(await at.spendLimits.increaseRequests.deny(id, {})).toEqual(denied);
      await expect(at.spendLimits.increaseRequests.approve(id, { amount: '1' })).rejects.toThrow(BadRequestError);
    },
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
