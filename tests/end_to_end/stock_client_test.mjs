// A stock client (openid-client) with nothing but discovery.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { authorization, relying_party } from './relying_party.mjs';
import { visitor } from './visitor.mjs';
import { world } from './world.mjs';

const here = world();
const scope = 'openid profile email offline_access';
const newcomer = () => new visitor({ issuer: here.issuer, ca: here.environment.ca });

async function signed_in(more = { scope }) {
  const registered = here.client('groupware-web');
  const party = await relying_party(here, registered);
  const person = newcomer();
  const request = authorization(party, more);
  const answer = await person.sign_in(request.url, here.account('lebus', 'anna.noack'));
  assert.ok(answer.location, answer.body);
  return { ...party, person, registered, tokens: await request.redeem(answer.location) };
}

const payload = (jwt) => JSON.parse(Buffer.from(jwt.split('.')[1], 'base64url').toString());

test('code flow with PKCE gives an ID token, an access token and userinfo about the same person', async () => {
  const { client, tokens } = await signed_in();
  const told = await client.userinfo(tokens);
  const claims = tokens.claims();
  assert.equal(claims.iss, here.issuer);
  assert.equal(told.sub, claims.sub);
  assert.equal(told.name, 'Anna Noack');
  assert.equal(told.email, 'anna.noack@amt-lebus.example');
  assert.ok(tokens.refresh_token);
  assert.equal(payload(tokens.access_token).member, 'lebus');
});

test('a second request in the same browser needs no page at all', async () => {
  const { person, client, redirect_uri } = await signed_in();
  const silent = authorization({ client, redirect_uri }, { prompt: 'none' });
  const answer = await person.get(silent.url);
  const tokens = await silent.redeem(answer.location);
  assert.ok(tokens.id_token);
});

test('without a session prompt=none answers login_required', async () => {
  const party = await relying_party(here, here.client('groupware-web'));
  const request = authorization(party, { prompt: 'none' });
  const answer = await newcomer().get(request.url);
  await assert.rejects(request.redeem(answer.location), { error: 'login_required' });
});

test('a refresh token works once; used again it ends its family', async () => {
  const { client, tokens } = await signed_in();
  const second = await client.refresh(tokens.refresh_token);
  assert.notEqual(second.refresh_token, tokens.refresh_token);
  assert.equal(second.claims().sub, tokens.claims().sub);
  await assert.rejects(client.refresh(tokens.refresh_token), { error: 'invalid_grant' });
  await assert.rejects(client.refresh(second.refresh_token), { error: 'invalid_grant' });
});

test('a code works once, and its replay revokes what it gave', async () => {
  const party = await relying_party(here, here.client('groupware-web'));
  const request = authorization(party, { scope });
  const answer = await newcomer().sign_in(request.url, here.account('lebus', 'anna.noack'));
  const tokens = await request.redeem(answer.location);
  await assert.rejects(request.redeem(answer.location), { error: 'invalid_grant' });
  await assert.rejects(party.client.refresh(tokens.refresh_token), { error: 'invalid_grant' });
  assert.equal((await party.client.introspect(tokens.access_token)).active, false);
});

test('introspection tells the client about its token, and a stranger nothing', async () => {
  const { client, tokens } = await signed_in();
  const stranger = await relying_party(here, here.client('dms-web'));
  const own = await client.introspect(tokens.access_token);
  const foreign = await stranger.client.introspect(tokens.access_token);
  assert.equal(own.active, true);
  assert.equal(own.username, 'anna.noack@amt-lebus.example');
  assert.equal(own.email, 'anna.noack@amt-lebus.example');
  assert.deepEqual(foreign, { active: false });
});

test('a revoked token is dead', async () => {
  const { client, tokens } = await signed_in();
  await client.revoke(tokens.refresh_token);
  await assert.rejects(client.refresh(tokens.refresh_token), { error: 'invalid_grant' });
});

test('signing out at the provider ends the session and returns with the state', async () => {
  const { client, person, registered, tokens, redirect_uri } = await signed_in();
  const back = registered.post_logout_redirect_uris[0];
  const url = client.endSessionUrl({
    id_token_hint: tokens.id_token, post_logout_redirect_uri: back, state: 'abc-123' });
  const answer = await person.get(url);
  assert.equal(answer.location, `${back}?state=abc-123`, answer.body);
  const silent = authorization({ client, redirect_uri }, { prompt: 'none' });
  const after = await person.get(silent.url);
  await assert.rejects(silent.redeem(after.location), { error: 'login_required' });
});

test('a wrong secret and a wrong verifier are refused by their names', async () => {
  const registered = here.client('groupware-web');
  const impostor = await relying_party(here, { ...registered, client_secret: 'geraten' });
  const request = authorization(impostor);
  const answer = await newcomer().sign_in(request.url, here.account('lebus', 'anna.noack'));
  await assert.rejects(request.redeem(answer.location), { error: 'invalid_client' });

  const party = await relying_party(here, registered);
  const other = authorization(party);
  const second = await newcomer().sign_in(other.url, here.account('lebus', 'anna.noack'));
  await assert.rejects(
    party.client.callback(party.redirect_uri, party.client.callbackParams(second.location),
      { state: other.state, nonce: other.nonce, code_verifier: 'a'.repeat(43), response_type: 'code' }),
    { error: 'invalid_grant' });
});

test('a redirect URI that is not registered leads to a page, never away', async () => {
  const party = await relying_party(here, here.client('groupware-web'));
  for (const uri of ['https://boese.example/', `${party.redirect_uri}/`, `${party.redirect_uri}?a=b`,
    party.redirect_uri.replace('localhost', 'LOCALHOST'), `${party.redirect_uri}#x`]) {
    const answer = await newcomer().get(authorization(party, { redirect_uri: uri }).url);
    assert.equal(answer.location, undefined, uri);
    assert.equal(answer.status, 400, uri);
  }
});

test('two clients of one person see different subjects', async () => {
  const first = await signed_in();
  const dms = await relying_party(here, here.client('dms-web'));
  const request = authorization(dms);
  const tokens = await request.redeem((await first.person.get(request.url)).location);
  assert.notEqual(tokens.claims().sub, first.tokens.claims().sub);
});
