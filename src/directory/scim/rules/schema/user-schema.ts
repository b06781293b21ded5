import { attribute, complex, list, type Schema, typeAndPrimary } from './attribute.ts';

export const USER_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:User';
export const ENTERPRISE_SCHEMA = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

/**
 * What of RFC 7643 §4.1 is stored, answered and searched. Whatever is published here works in every operation; identity
 * providers test themselves against this list, so it holds nothing that does not.
 */
export const userSchema: Schema = {
  id: USER_SCHEMA,
  name: 'User',
  description: 'A person of the organisation',
  attributes: [
    attribute('userName', 'The name the identity provider knows the person by', {
      required: true,
      uniqueness: 'server',
    }),
    complex('name', "The parts of the person's name", [
      attribute('formatted', 'The whole name as it is shown'),
      attribute('familyName', 'Family name'),
      attribute('givenName', 'Given name'),
      attribute('middleName', 'Middle names'),
      attribute('honorificPrefix', 'Title before the name'),
      attribute('honorificSuffix', 'Suffix after the name'),
    ]),
    attribute('displayName', 'The name shown to others'),
    attribute('nickName', 'The name used in conversation'),
    attribute('profileUrl', 'A page about the person', { type: 'reference', referenceTypes: ['external'] }),
    attribute('title', 'Job title'),
    attribute('userType', 'The relation to the organisation, such as Employee or Contractor'),
    attribute('preferredLanguage', 'Preferred language, as in Accept-Language'),
    attribute('locale', 'Locale, such as en-GB'),
    attribute('timezone', 'Time zone, such as Europe/London'),
    attribute('active', 'Whether the person has access; false ends keys, sessions and running requests', {
      type: 'boolean',
    }),
    list('emails', 'E-mail addresses; the primary one, else the first of type work, is the address of the member', [
      attribute('value', 'The address'),
      ...typeAndPrimary(['work', 'home', 'other']),
    ]),
    list('phoneNumbers', 'Telephone numbers', [
      attribute('value', 'The number'),
      ...typeAndPrimary(['work', 'home', 'mobile', 'fax', 'pager', 'other']),
    ]),
    list('addresses', 'Postal addresses', [
      attribute('formatted', 'The whole address as it is written'),
      attribute('streetAddress', 'Street and number'),
      attribute('locality', 'City'),
      attribute('region', 'State or region'),
      attribute('postalCode', 'Postal code'),
      attribute('country', 'Country'),
      ...typeAndPrimary(['work', 'home', 'other']),
    ]),
    list('roles', 'Roles by the identity provider’s names; kept and answered, they grant nothing', [
      attribute('value', 'The role'),
      attribute('display', 'The role as it is shown'),
      ...typeAndPrimary([]),
    ]),
    list(
      'groups',
      'The groups the person is in; changed through the groups',
      [
        attribute('value', 'The id of the group', { mutability: 'readOnly', caseExact: true }),
        attribute('$ref', 'The address of the group', {
          type: 'reference',
          referenceTypes: ['Group'],
          mutability: 'readOnly',
          caseExact: true,
        }),
        attribute('display', 'The name of the group', { mutability: 'readOnly' }),
      ],
      { mutability: 'readOnly' },
    ),
  ],
};

/** What of RFC 7643 §4.3 is stored, answered and searched. */
export const enterpriseSchema: Schema = {
  id: ENTERPRISE_SCHEMA,
  name: 'EnterpriseUser',
  description: 'What a company knows of a person',
  attributes: [
    attribute('employeeNumber', 'Number or code within the company'),
    attribute('costCenter', 'Cost centre'),
    attribute('organization', 'Organisation'),
    attribute('division', 'Division'),
    attribute('department', 'Department'),
    complex('manager', "The person's manager", [
      attribute('value', 'The id of the manager', { caseExact: true }),
      attribute('displayName', "The manager's name as the identity provider gives it"),
    ]),
  ],
};
