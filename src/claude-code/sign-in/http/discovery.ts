const DEVICE_CODE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code';

/** The version of the gateway protocol that is spoken here. */
const PROTOCOL_VERSION = 1;

/** What clients read of the authorization server (RFC 8414); `base` is where people reach this installation. */
export const discovery = (base: string) => ({
  issuer: base,
  device_authorization_endpoint: `${base}/oauth/device_authorization`,
  token_endpoint: `${base}/oauth/token`,
  revocation_endpoint: `${base}/oauth/revoke`,
  grant_types_supported: [DEVICE_CODE_GRANT, 'refresh_token'],
  response_types_supported: [],
  token_endpoint_auth_methods_supported: ['none'],
  revocation_endpoint_auth_methods_supported: ['none'],
  gateway_protocol_version: PROTOCOL_VERSION,
});
