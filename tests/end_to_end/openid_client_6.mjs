// Applications that use the stock client `openid-client` 6. Its HTTP is the platform's fetch, to which a certificate
// authority and a client certificate are given here.
import { request } from 'node:https';

import * as stock from 'openid-client-6';

export { stock };

// fetch() over node:https: `tls` has ca, cert and key.
export function fetch_with(tls) {
  return (url, { method = 'GET', headers = {}, body } = {}) => new Promise((resolve, reject) => {
    const asked = request(url, { ...tls, method, headers: Object.fromEntries(new Headers(headers)), timeout: 15_000 },
      (answer) => {
        const parts = [];
        answer.on('data', (part) => parts.push(part));
        answer.on('error', reject);
        answer.on('end', () => resolve(new Response(parts.length > 0 ? Buffer.concat(parts) : null,
          { status: answer.statusCode, headers: answer.headers })));
      });
    asked.on('timeout', () => asked.destroy(new Error(`no answer from ${url}`)));
    asked.on('error', reject);
    asked.end(body === undefined || body === null ? undefined : String(body));
  });
}

// What discovery tells a client of this id, with its own way of proving itself.
export function configuration({ issuer, tls, client_id, metadata = {}, authentication }) {
  return stock.discovery(new URL(issuer), client_id, { id_token_signed_response_alg: 'ES256', ...metadata },
    authentication, { [stock.customFetch]: fetch_with(tls) });
}

// One authorization request, and how to redeem what comes back. `build`: how it goes to the server.
export async function code_flow(config, redirect_uri, parameters = {}, build = stock.buildAuthorizationUrl) {
  const pkceCodeVerifier = stock.randomPKCECodeVerifier();
  const expectedState = stock.randomState();
  const url = await build(config, {
    redirect_uri, scope: 'openid profile offline_access', state: expectedState, code_challenge_method: 'S256',
    code_challenge: await stock.calculatePKCECodeChallenge(pkceCodeVerifier), ...parameters,
  });
  const redeem = (location, options) => stock.authorizationCodeGrant(
    config, new URL(location), { pkceCodeVerifier, expectedState, idTokenExpected: true }, undefined, options);
  return { url, redeem };
}
