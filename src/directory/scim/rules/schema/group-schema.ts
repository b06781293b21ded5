import { attribute, list, type Schema } from './attribute.ts';

export const GROUP_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:Group';

/** What of RFC 7643 §4.2 is stored, answered and searched. Members are people; groups in groups are not followed. */
export const groupSchema: Schema = {
  id: GROUP_SCHEMA,
  name: 'Group',
  description: 'A group of people',
  attributes: [
    attribute('displayName', 'The name of the group', { required: true, uniqueness: 'server' }),
    list('members', 'The people in the group', [
      attribute('value', 'The id of the person', { mutability: 'immutable', caseExact: true }),
      attribute('$ref', 'The address of the person', {
        type: 'reference',
        referenceTypes: ['User'],
        mutability: 'readOnly',
        caseExact: true,
      }),
      attribute('display', 'The name of the person', { mutability: 'readOnly' }),
      attribute('type', 'User', { mutability: 'readOnly', canonicalValues: ['User'] }),
    ]),
  ],
};
