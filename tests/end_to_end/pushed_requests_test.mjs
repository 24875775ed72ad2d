// Authorization requests that are pushed, signed, and answered signed, by a stock client (openid-client 6).
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';

import { configuration, stock } from './openid_client_6.mjs';
import { visitor } from './visitor.mjs';
import { given, world } from './world.mjs';

const run = promisify(execFile);
const here = world();
const redirect_uri = 'https://localhost:9/callback';
let keys;

// Hooks of the runner do not wait for each other, so the first test that needs the client registers it.
let registered;
const client_that_signs = () => (registered ??= register_client());

async function register_client() {
  const folder = join(given('KOMMPASS_TEST_FOLDER'), 'environment/registry');
  keys = await stock.randomDPoPKeyPair('PS256', { extractable: true });
  const jwk = { ...await crypto.subtle.exportKey('jwk', keys.publicKey), kid: 'r1', alg: 'PS256', use: 'sig' };
  delete jwk.key_ops;
  delete jwk.ext;
  appendFileSync(join(folder, 'applications/groupware.toml'), `
[[client]]
id = "kasse-signed"
authentication = "private_key_jwt"
jwks = '''${JSON.stringify({ keys: [jwk] })}'''
request_object_alg = "PS256"
require_signed_request_object = true
require_pushed_authorization_requests = true
authorization_response_alg = "PS256"
redirect_uris = ["${redirect_uri}"]
grant_types = ["authorization_code"]
scopes = ["openid", "profile"]
`);
  await run(given('KOMMPASS_BINARY'), ['registry', 'apply', folder, '-m', 'Ein Client, der signiert',
    '--config', here.environment.service.settings_file]);
  await here.environment.service.stop();
  await here.environment.service.start();
}

const connect = (client_id, authentication, metadata = {}) => configuration({
  issuer: here.issuer, tls: { ca: here.environment.ca }, client_id, authentication, metadata });
const groupware = () => {
  const registered = here.client('groupware-web');
  return connect(registered.client_id, stock.ClientSecretBasic(registered.client_secret));
};
const kasse = (metadata) => connect('kasse-signed', stock.PrivateKeyJwt({ key: keys.privateKey, kid: 'r1' }),
  { authorization_signed_response_alg: 'PS256', ...metadata });

async function asked(uri = redirect_uri, more = {}) {
  const pkceCodeVerifier = stock.randomPKCECodeVerifier();
  const expectedState = stock.randomState();
  const parameters = { redirect_uri: uri, scope: 'openid profile', state: expectedState, code_challenge_method: 'S256',
    code_challenge: await stock.calculatePKCECodeChallenge(pkceCodeVerifier), ...more };
  return { parameters, checks: { pkceCodeVerifier, expectedState, idTokenExpected: true } };
}

async function sign_in(url) {
  const person = new visitor({ issuer: here.issuer, ca: here.environment.ca });
  const answer = await person.sign_in(url.href, here.account('lebus', 'anna.noack'));
  assert.ok(answer.location, answer.body);
  return { person, location: new URL(answer.location) };
}

test('a pushed request leads to tokens, once', async () => {
  const config = await groupware();
  const { parameters, checks } = await asked(here.client('groupware-web').redirect_uris[0]);
  const url = await stock.buildAuthorizationUrlWithPAR(config, parameters);
  assert.deepEqual([...url.searchParams.keys()].sort(), ['client_id', 'request_uri']);
  const { person, location } = await sign_in(url);
  const tokens = await stock.authorizationCodeGrant(config, location, checks);
  assert.equal(tokens.claims().iss, here.issuer);
  const again = await person.get(url.href);
  assert.equal(again.location, undefined);
  assert.equal(again.status, 400);
});

test('a push that is wrong is refused by its name', async () => {
  const config = await groupware();
  const { parameters } = await asked('https://boese.example/');
  await assert.rejects(stock.buildAuthorizationUrlWithPAR(config, parameters), { error: 'invalid_request' });
});

test('a signed request, pushed, is answered signed', async () => {
  await client_that_signs();
  const config = await kasse();
  stock.useJwtResponseMode(config);
  const { parameters, checks } = await asked();
  const signed = await stock.buildAuthorizationUrlWithJAR(config, parameters, { key: keys.privateKey, kid: 'r1' });
  const url = await stock.buildAuthorizationUrlWithPAR(config, signed.searchParams);
  const { location } = await sign_in(url);
  assert.deepEqual([...location.searchParams.keys()], ['response']);
  const tokens = await stock.authorizationCodeGrant(config, location, checks);
  assert.equal(tokens.claims().aud, 'kasse-signed');
});

test('a client that has to sign and to push is refused for either', async () => {
  await client_that_signs();
  const config = await kasse();
  const { parameters } = await asked();
  await assert.rejects(stock.buildAuthorizationUrlWithPAR(config, parameters), { error: 'invalid_request' });
  const signed = await stock.buildAuthorizationUrlWithJAR(config, parameters, { key: keys.privateKey, kid: 'r1' });
  const answer = await new visitor({ issuer: here.issuer, ca: here.environment.ca }).get(signed.href);
  assert.equal(new URL(answer.location).searchParams.get('error'), 'invalid_request');
});
