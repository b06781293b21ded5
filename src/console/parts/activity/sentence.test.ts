import { describe, expect, it } from 'vitest';
import { ACTIVITY_TITLES, type Activity } from '../../../activity/contract.ts';
import { partsOf, referencesOf, sentenceOf } from './sentence.ts';
import { AREAS, SENTENCES, typesIn, typesOf } from './vocabulary.ts';

const ADA = { type: 'user_actor', user_id: 'user_ada', email_address: 'ada@example.com' };
const NAMES: Readonly<Record<string, string>> = {
  user_ada: 'Ada',
  user_grace: 'Grace',
  user_alan: 'Alan',
  rbac_group_p: 'Platform',
  rbac_role_d: 'Deep work',
  'claude-opus-5': 'Claude Opus 5',
  apikey_1: 'laptop',
  mcpsrv_1: 'GitHub',
};

const activity = (type: string, fields: Readonly<Record<string, unknown>> = {}, actor = ADA): Activity => ({
  id: 'activity_1',
  type,
  created_at: '2026-11-02T00:00:00.000Z',
  organization_id: null,
  organization_uuid: null,
  actor,
  ...fields,
});

const say = (...given: Parameters<typeof activity>): string =>
  sentenceOf(activity(...given), ({ id, hint }) => NAMES[id] ?? hint ?? id);

const update = (type: string, previous_value: unknown, current_value: unknown) => ({
  type,
  previous_value,
  current_value,
});

describe('what happened is a sentence with the names people know', () => {
  it.each<[sentence: string, ...Parameters<typeof activity>]>([
    ['Ada added Grace to Platform', 'group_member_added', { group_id: 'rbac_group_p', member_ids: ['user_grace'] }],
    [
      'Ada took Grace, Alan and Ada out of Platform',
      'group_member_removed',
      { group_id: 'rbac_group_p', member_ids: ['user_grace', 'user_alan', 'user_ada'] },
    ],
    [
      'Ada gave the role Deep work to the group Platform',
      'rbac_role_assigned',
      { role_id: 'rbac_role_d', principal_type: 'rbac_group', principal_id: 'rbac_group_p' },
    ],
    [
      'Ada took the role Deep work from Grace',
      'rbac_role_unassigned',
      { role_id: 'rbac_role_d', principal_type: 'user', principal_id: 'user_grace' },
    ],
    [
      'Ada changed the organisation role of Grace from User to Custom',
      'claude_user_role_updated',
      { user_id: 'user_grace', user_email: 'g@example.com', previous_role: 'user', current_role: 'managed' },
    ],
    [
      'Ada changed Claude Opus 5 for the role Deep work: switched on, highest effort from no cap to high',
      'remit_model_access_updated',
      {
        principal_type: 'rbac_role',
        principal_id: 'rbac_role_d',
        model: 'claude-opus-5',
        updates: [update('enabled', false, true), update('max_effort', null, 'high')],
      },
    ],
    [
      'Ada made Claude Opus 5 the default model for the organisation',
      'org_model_default_updated',
      { principal_type: 'org', principal_id: 'org_1', default_model: 'claude-opus-5' },
    ],
    [
      'Ada changed the key laptop: status from active to revoked',
      'platform_api_key_updated',
      { api_key_id: 'apikey_1', updates: [update('status', 'active', 'archived')] },
    ],
    [
      'Ada created the service key nightly for the group Platform',
      'service_key_created',
      { key_name: 'nightly', service_name: 'rbac_group_p', service_key_id: 'apikey_2' },
    ],
    [
      'Ada removed gone@example.com from the organisation',
      'org_user_deleted',
      { deleted_user_email: 'gone@example.com' },
    ],
    [
      'eve@example.com could not sign in: wrong password',
      'remit_login_failed',
      { reason: 'wrong password' },
      { type: 'unauthenticated_user_actor', unauthenticated_email_address: 'eve@example.com' } as never,
    ],
    ['Remit (jobs) signed out', 'user_logged_out', {}, { type: 'system_actor', service: 'jobs' } as never],
    [
      'Ada added the capability web search to the role Deep work',
      'rbac_role_permission_added',
      {
        role_id: 'rbac_role_d',
        action: 'capability_access_web_search',
        resource_type: 'organization',
        resource_id: 'org_1',
      },
    ],
    [
      'Ada took the permission “User management (view)” from the role Deep work',
      'rbac_role_permission_removed',
      { role_id: 'rbac_role_d', action: 'permission_users_view', resource_type: 'organization', resource_id: 'org_1' },
    ],
    [
      'Ada added use after approval of the tool issues/list of the connector GitHub to the role Deep work',
      'rbac_role_permission_added',
      {
        role_id: 'rbac_role_d',
        action: 'use_with_approval',
        resource_type: 'connector_tool',
        resource_id: 'mcpsrv_1/issues/list',
      },
    ],
    ['Ada: a_type_of_next_year', 'a_type_of_next_year'],
  ])('%s', (sentence, ...given) => expect(say(...given)).toBe(sentence));
});

it('refers to everything that has a page, so that it can be named and linked', () => {
  const given = activity('group_member_added', { group_id: 'rbac_group_p', member_ids: ['user_grace'] });
  expect(referencesOf(given).map(({ kind, id }) => `${kind} ${id}`)).toEqual([
    'member user_ada',
    'member user_grace',
    'group rbac_group_p',
  ]);
});

it('a record without the fields of its type is still told, not thrown over', () => {
  for (const type of Object.keys(ACTIVITY_TITLES))
    expect(partsOf(activity(type, {}, { type: 'a_new_kind_of_actor' } as never)).length).toBeGreaterThan(0);
});

describe('choosing what to see', () => {
  it('every type belongs to an area, and no area but those still to be built is empty', () => {
    const all = Object.keys(AREAS).flatMap((area) => typesIn(area as keyof typeof AREAS));
    expect(all.toSorted()).toEqual(Object.keys(SENTENCES).toSorted());
  });

  it('an area stands for its types, a type for itself, and nothing for everything', () => {
    expect(typesOf('groups')).toContain('group_member_added');
    expect(typesOf('group_created')).toEqual(['group_created']);
    expect(typesOf(undefined)).toEqual([]);
  });
});
