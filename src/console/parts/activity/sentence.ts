import type { Activity } from '../../../activity/contract.ts';
import { ACTIVITY_TITLES } from '../../../activity/contract.ts';
import { ORGANISATION_ROLES } from '../../../kernel/index.ts';
import { roleName } from '../../data/organisation-roles.ts';
import { grantedOf } from './granted.ts';
import { limitAmount, limitedBy } from './limit-words.ts';
import { updatesInWords } from './updates.ts';
import { sentenceFor } from './vocabulary.ts';

/** What a part of a sentence can lead to. */
export type Kind = 'member' | 'group' | 'role' | 'key' | 'model' | 'server' | 'workspace';

/** Something a sentence names by its id; `hint` is what the record itself calls it, if it does. */
export type Reference = { readonly kind: Kind; readonly id: string; readonly hint: string | null };

/** A piece of a sentence: words, or something that has a name and a page. */
export type Part = string | Reference;

/** The name of what a reference stands for, where it is known. */
export type NameOf = (reference: Reference) => string;

const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

const refer = (kind: Kind, id: unknown, hint: unknown = null): readonly Part[] => {
  const known = text(id);
  return known === null ? [text(hint) ?? 'somebody or something unknown'] : [{ kind, id: known, hint: text(hint) }];
};

/** Several parts as people list them: `a, b and c`. */
const listed = (parts: readonly Part[]): readonly Part[] =>
  parts.flatMap((part, at) => (at === 0 ? [part] : [at === parts.length - 1 ? ' and ' : ', ', part]));

/** Who did something, as it is recorded with the activity. */
export const actorParts = ({ actor }: Pick<Activity, 'actor'>): readonly Part[] => {
  switch (actor.type) {
    case 'user_actor':
      return refer('member', actor.user_id, actor.email_address);
    case 'admin_api_key_actor':
      return ['The admin key ', ...refer('key', actor.admin_api_key_id)];
    case 'api_actor':
      return ['The service key ', ...refer('key', actor.api_key_id)];
    case 'scim_directory_sync_actor':
      return [`The identity provider${actor.idp_connection_type === null ? '' : ` (${actor.idp_connection_type})`}`];
    case 'system_actor':
      return [`Remit (${text(actor.service) ?? 'system'})`];
    default:
      return [text(actor.unauthenticated_email_address) ?? 'Somebody who was not signed in'];
  }
};

const organisationRole = (value: unknown): string => {
  const known = ORGANISATION_ROLES.find((role) => role === value);
  return known === undefined ? (text(value) ?? 'none') : roleName(known);
};

type Fields = Readonly<Record<string, unknown>>;

const memberList = (ids: unknown): readonly Part[] =>
  Array.isArray(ids) && ids.length > 0 ? listed(ids.flatMap((id) => refer('member', id))) : ['members'];

const heldBy = ({ principal_type, principal_id }: Fields): readonly Part[] =>
  principal_type === 'user' ? refer('member', principal_id) : ['the group ', ...refer('group', principal_id)];

const levelOf = ({ principal_type, principal_id }: Fields): readonly Part[] =>
  principal_type === 'rbac_role' ? ['the role ', ...refer('role', principal_id)] : ['the organisation'];

const serviceOf = ({ service_name: name }: Fields): readonly Part[] =>
  text(name)?.startsWith('rbac_group_') === true ? ['the group ', ...refer('group', name)] : [String(name)];

const defaultOf = ({ default_model: model }: Fields): readonly Part[] =>
  model === null ? ['cleared the default model'] : ['made ', ...refer('model', model), ' the default model'];

const keyOf = (fields: Fields): readonly Part[] =>
  refer('key', fields.api_key_id ?? fields.admin_api_key_id ?? fields.service_key_id, fields.key_name);

const TOOL_WORDS: Readonly<Record<string, string>> = {
  always: 'always allowed',
  ask: 'needs approval',
  null: 'what holds for the connector',
};

const grantedParts = (fields: Fields): readonly Part[] => {
  const { words, connector, tool } = grantedOf(fields);
  if (connector === null) return [words];
  return [`${words} the ${tool === null ? '' : `tool ${tool} of the `}connector `, ...refer('server', connector)];
};

const LIMIT_PARTS: Readonly<Record<string, (fields: Fields) => readonly Part[]>> = {
  limited: (fields) => {
    const { words, kind } = limitedBy(fields);
    return kind === null ? [words] : [words, ...refer(kind, fields.scope_id ?? fields.user_id)];
  },
  limit_period: ({ period }) => [text(period) === null ? '' : `${period} `],
  limit_amount: ({ amount, is_enabled }) => [limitAmount(amount), is_enabled === false ? ' (switched off)' : ''],
  limiter: ({ limiter_type }) => [String(limiter_type).replaceAll('_', ' ')],
  rate_value: ({ value }) => [typeof value === 'number' ? value.toLocaleString('en-US') : 'an unknown number of'],
  order_words: ({ order_kind }) => [String(order_kind).replace('_', '-')],
  limit_before: ({ previous_amount }) => [limitAmount(previous_amount)],
};

/** The words in braces that say more than the field of that name. */
const PARTS: Readonly<Record<string, (fields: Fields) => readonly Part[]>> = {
  member: (fields) =>
    refer('member', fields.user_id ?? fields.deleted_user_id, fields.user_email ?? fields.deleted_user_email),
  members: ({ member_ids }) => memberList(member_ids),
  group: ({ group_id, group_name }) => refer('group', group_id, group_name),
  role: ({ role_id, role_name }) => refer('role', role_id, role_name),
  server: ({ mcp_server_id, mcp_server_name }) => refer('server', mcp_server_id, mcp_server_name),
  new_owner: ({ new_owner_id }) => refer('member', new_owner_id),
  permission: ({ max_permission }) => [TOOL_WORDS[String(max_permission)] ?? String(max_permission)],
  granted: (fields) => grantedParts(fields),
  workspace: ({ workspace_id }) => refer('workspace', workspace_id),
  model: ({ model }) => refer('model', model),
  key: keyOf,
  holder: heldBy,
  level: levelOf,
  service: serviceOf,
  default_changed: defaultOf,
  seat_before: ({ previous_seat_tier }) => [text(previous_seat_tier) ?? 'none'],
  seat_after: ({ current_seat_tier }) => [text(current_seat_tier) ?? 'none'],
  requester: ({ requester_user_id }) => refer('member', requester_user_id),
  ...LIMIT_PARTS,
  alert_emails_now: ({ alert_emails: emails }) => [Array.isArray(emails) ? emails.join(', ') || 'nobody' : 'nobody'],
  updates: ({ updates }) => [updatesInWords(updates)],
  role_invited: ({ invited_role }) => [organisationRole(invited_role)],
  role_given: ({ role }) => [organisationRole(role)],
  role_before: ({ previous_role }) => [organisationRole(previous_role)],
  role_after: ({ current_role }) => [organisationRole(current_role)],
};

const fill = (word: string, activity: Activity): readonly Part[] => {
  if (word === 'actor') return actorParts(activity);
  return PARTS[word]?.(activity) ?? [String(activity[word] ?? 'unknown')];
};

/** The title of a type; the type itself where this console does not know it. */
export const titleOf = (type: string): string =>
  Object.hasOwn(ACTIVITY_TITLES, type) ? ACTIVITY_TITLES[type as keyof typeof ACTIVITY_TITLES] : type;

/** What happened as a sentence. A type without one, from a server that is newer, is told by its name. */
export const partsOf = (activity: Activity): readonly Part[] => {
  const known = sentenceFor(activity.type);
  if (known === undefined) return [...actorParts(activity), `: ${titleOf(activity.type)}`];
  return known.sentence
    .split(/\{(\w+)\}/)
    .flatMap((piece, at) => (at % 2 === 1 ? fill(piece, activity) : piece === '' ? [] : [piece]));
};

/** Everything a record refers to. */
export const referencesOf = (activity: Activity): readonly Reference[] =>
  partsOf(activity).filter((part) => typeof part !== 'string');

/** The sentence as plain text. */
export const sentenceOf = (activity: Activity, nameOf: NameOf): string =>
  partsOf(activity)
    .map((part) => (typeof part === 'string' ? part : nameOf(part)))
    .join('');
