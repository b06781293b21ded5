import { type TopAttribute, USER } from '../rules/schema/resource-type.ts';
import { type Complex, fold, isComplex, isList, type Resource, type Simple } from '../rules/value.ts';

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

/**
 * Where each attribute of a person that is no list is found in SQL, by its key and, for a part, a slash and the part. This
 * is the whole of what filters and sorting may touch.
 */
export const USER_COLUMNS = {
  userName: 'user_name',
  externalId: 'external_id',
  displayName: 'display_name',
  nickName: 'nick_name',
  profileUrl: 'profile_url',
  title: 'title',
  userType: 'user_type',
  preferredLanguage: 'preferred_language',
  locale: 'locale',
  timezone: 'timezone',
  active: 'active',
  'name/formatted': 'name_formatted',
  'name/familyName': 'family_name',
  'name/givenName': 'given_name',
  'name/middleName': 'middle_name',
  'name/honorificPrefix': 'honorific_prefix',
  'name/honorificSuffix': 'honorific_suffix',
  [`${ENTERPRISE}:employeeNumber`]: 'employee_number',
  [`${ENTERPRISE}:costCenter`]: 'cost_center',
  [`${ENTERPRISE}:organization`]: 'organization',
  [`${ENTERPRISE}:division`]: 'division',
  [`${ENTERPRISE}:department`]: 'department',
  [`${ENTERPRISE}:manager/value`]: 'manager_id',
  [`${ENTERPRISE}:manager/displayName`]: 'manager_name',
} as const;

/** The columns of a list's elements, by the name of the part. */
export const VALUE_COLUMNS = {
  value: 'value',
  display: 'display',
  type: 'type',
  primary: 'is_primary',
  formatted: 'formatted',
  streetAddress: 'street_address',
  locality: 'locality',
  region: 'region',
  postalCode: 'postal_code',
  country: 'country',
} as const;

/** A person's columns: texts folded as they compare, absent and empty ones null. */
export type UserColumns = {
  user_name: string;
  external_id: string | null;
  display_name: string | null;
  nick_name: string | null;
  profile_url: string | null;
  title: string | null;
  user_type: string | null;
  preferred_language: string | null;
  locale: string | null;
  timezone: string | null;
  active: number;
  name_formatted: string | null;
  family_name: string | null;
  given_name: string | null;
  middle_name: string | null;
  honorific_prefix: string | null;
  honorific_suffix: string | null;
  employee_number: string | null;
  cost_center: string | null;
  organization: string | null;
  division: string | null;
  department: string | null;
  manager_id: string | null;
  manager_name: string | null;
};

/** A row of `scim_user_values` without its person. */
export type ValueRow = { readonly attribute: string; readonly position: number } & {
  readonly [Column in (typeof VALUE_COLUMNS)[keyof typeof VALUE_COLUMNS]]: string | number | null;
};

type Column = string | number | null;

const stored = (value: Simple | undefined, isCaseExact: boolean): Column => {
  if (value === undefined || value === '') return null;
  return typeof value === 'boolean' ? Number(value) : fold(value, isCaseExact);
};

const columnsOfTop = (top: TopAttribute, resource: Resource): readonly (readonly [string, Column])[] => {
  const { key, attribute } = top;
  const names: Readonly<Record<string, string>> = USER_COLUMNS;
  const value = resource.get(key);
  if (attribute.type !== 'complex') {
    const name = names[key];
    const simple = isComplex(value) || isList(value) ? undefined : value;
    return name === undefined ? [] : [[name, stored(simple, attribute.caseExact)]];
  }
  return (attribute.subAttributes ?? []).flatMap((part): readonly (readonly [string, Column])[] => {
    const name = names[`${key}/${part.name}`];
    return name === undefined
      ? []
      : [[name, stored(isComplex(value) ? value.get(part.name) : undefined, part.caseExact)]];
  });
};

/** The columns of a person. */
export const columnsOf = (resource: Resource): UserColumns =>
  Object.fromEntries(USER.attributes.flatMap((top) => columnsOfTop(top, resource))) as UserColumns;

const valueRow = (top: TopAttribute, element: Complex, position: number): ValueRow =>
  ({
    attribute: top.key,
    position,
    ...Object.fromEntries(
      Object.entries(VALUE_COLUMNS).map(([part, column]) => [
        column,
        stored(element.get(part), top.parts.get(part.toLowerCase())?.caseExact ?? false),
      ]),
    ),
  }) as ValueRow;

/** The rows of a person's lists. */
export const valueRowsOf = (resource: Resource): readonly ValueRow[] =>
  USER.attributes.flatMap((top) => {
    const list = resource.get(top.key);
    return isList(list) ? list.map((element, position) => valueRow(top, element, position)) : [];
  });
