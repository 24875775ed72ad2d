// An application that uses the stock client `openid-client` and knows nothing but the issuer, its
// id and its secret.
import { custom, generators, Issuer } from 'openid-client';

export async function relying_party({ issuer, environment }, registered, metadata = {}) {
  custom.setHttpOptionsDefaults({ ca: environment.ca, timeout: 15_000 });
  const provider = await Issuer.discover(issuer);
  const client = new provider.Client({
    client_id: registered.client_id,
    client_secret: registered.client_secret,
    redirect_uris: registered.redirect_uris,
    post_logout_redirect_uris: registered.post_logout_redirect_uris,
    response_types: ['code'],
    id_token_signed_response_alg: 'ES256',
    ...metadata,
  });
  return { provider, client, redirect_uri: registered.redirect_uris[0] };
}

// One authorization request: where to send the browser, and how to redeem what comes back.
export function authorization({ client, redirect_uri }, more = {}) {
  const kept = { state: generators.state(), nonce: generators.nonce(), code_verifier: generators.codeVerifier() };
  const url = client.authorizationUrl({
    scope: 'openid profile email', redirect_uri, state: kept.state, nonce: kept.nonce,
    code_challenge: generators.codeChallenge(kept.code_verifier), code_challenge_method: 'S256', ...more,
  });
  const redeem = (location) => client.callback(
    redirect_uri, client.callbackParams(location), { ...kept, response_type: 'code' });
  return { url, redeem, ...kept };
}
