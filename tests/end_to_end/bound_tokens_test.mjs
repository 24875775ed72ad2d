// Tokens that are bound to a key, with a stock client: DPoP with the server's nonces, client certificates at a port of
// their own, and a client of the profile fapi2.
import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';

import { free_ports } from '../demo/ports.mjs';
import { start_resource_server } from './resource_server.mjs';
import { code_flow, configuration, fetch_with, stock } from './openid_client_6.mjs';
import { visitor } from './visitor.mjs';
import { given, world } from './world.mjs';

const run = promisify(execFile);
let mtls_port;

const here = world({
  more_settings: async () => {
    [mtls_port] = await free_ports(1);
    const ca_file = join(given('KOMMPASS_TEST_FOLDER'), 'environment/tls/ca.pem');
    return `
[mtls]
public_address = "https://localhost:${mtls_port}"
port = ${mtls_port}
ca_file = "${ca_file}"

[dpop]
require_nonce = true
`;
  },
});

const redirect_uri = 'https://localhost:9/callback';
let fapi_keys;

// A certificate that the demo's authority signed for an application.
function client_certificate(name) {
  const folder = join(given('KOMMPASS_TEST_FOLDER'), 'environment/tls');
  const at = (file) => join(folder, file);
  execFileSync('openssl', ['req', '-new', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes',
    '-subj', `/O=Kommpass-Demo/CN=${name}`, '-keyout', at(`${name}.key`), '-out', at(`${name}.csr`)], { stdio: 'ignore' });
  writeFileSync(at(`${name}.cnf`), 'extendedKeyUsage = clientAuth\n');
  execFileSync('openssl', ['x509', '-req', '-in', at(`${name}.csr`), '-CA', at('ca.pem'), '-CAkey', at('ca.key'),
    '-CAcreateserial', '-days', '7', '-extfile', at(`${name}.cnf`), '-out', at(`${name}.pem`)], { stdio: 'ignore' });
  return { cert: readFileSync(at(`${name}.pem`)), key: readFileSync(at(`${name}.key`)) };
}

const trusted = () => ({ ca: here.environment.ca });
const kommpass = (...words) => run(given('KOMMPASS_BINARY'), [...words, '--config', here.environment.service.settings_file]);

test('the applications are registered', async () => {
  const folder = join(given('KOMMPASS_TEST_FOLDER'), 'environment/registry');
  fapi_keys = await stock.randomDPoPKeyPair('PS256', { extractable: true });
  const jwk = { ...await crypto.subtle.exportKey('jwk', fapi_keys.publicKey), kid: 'k1', alg: 'PS256', use: 'sig' };
  delete jwk.key_ops;
  delete jwk.ext;
  const common = `redirect_uris = ["${redirect_uri}"]
grant_types = ["authorization_code", "refresh_token"]
scopes = ["openid", "profile", "email", "offline_access"]
`;
  appendFileSync(join(folder, 'applications/groupware.toml'), `
[[client]]
id = "kasse-web"
profile = "fapi2"
authentication = "private_key_jwt"
jwks = '''${JSON.stringify({ keys: [jwk] })}'''
dpop_bound_access_tokens = true
${common}
[[client]]
id = "kasse-native"
authentication = "none"
${common}
[[client]]
id = "archiv-web"
authentication = "tls_client_auth"
tls_client_auth_subject_dn = "CN=archiv-web,O=Kommpass-Demo"
tls_client_certificate_bound_access_tokens = true
${common}`);
  await kommpass('registry', 'apply', folder, '-m', 'Clients mit Schlüsseln');
  await here.environment.service.stop();
  await here.environment.service.start();
});

async function signed_in(config, parameters, options, build) {
  const person = new visitor({ issuer: here.issuer, ca: here.environment.ca });
  const request = await code_flow(config, redirect_uri, parameters, build);
  const answer = await person.sign_in(request.url.href, here.account('lebus', 'anna.noack'));
  assert.ok(answer.location, answer.body);
  return request.redeem(answer.location, options);
}

test('a client of the profile fapi2 works with DPoP and nonces, and its token is of use to nobody else', async () => {
  const config = await configuration({ issuer: here.issuer, tls: trusted(), client_id: 'kasse-web',
    authentication: stock.PrivateKeyJwt({ key: fapi_keys.privateKey, kid: 'k1' }) });
  const DPoP = stock.getDPoPHandle(config, await stock.randomDPoPKeyPair('ES256'));
  const dpop_jkt = await DPoP.calculateThumbprint();
  await assert.rejects(signed_in(config, { dpop_jkt }, { DPoP }), { error: 'invalid_request' });  // not pushed
  const tokens = await signed_in(config, { dpop_jkt }, { DPoP }, stock.buildAuthorizationUrlWithPAR);
  assert.equal(tokens.token_type, 'dpop');
  const person = await stock.fetchUserInfo(config, tokens.access_token, tokens.claims().sub, { DPoP });
  assert.equal(person.name, 'Anna Noack');

  const refreshed = await stock.refreshTokenGrant(config, tokens.refresh_token, undefined, { DPoP });
  assert.equal(refreshed.refresh_token, tokens.refresh_token);

  const thief = stock.getDPoPHandle(config, await stock.randomDPoPKeyPair('ES256'));
  await assert.rejects(stock.fetchUserInfo(config, refreshed.access_token, stock.skipSubjectCheck, { DPoP: thief }));
  const stolen = await fetch_with(trusted())(`${here.issuer}/userinfo`,
    { headers: { authorization: `Bearer ${refreshed.access_token}` } });
  assert.equal(stolen.status, 401);
  assert.match(stolen.headers.get('www-authenticate'), /^DPoP /);
  await assert.rejects(stock.refreshTokenGrant(config, tokens.refresh_token), { error: 'invalid_dpop_proof' });

  // A proof at the push binds the code to its key.
  const pushed = (by) => (to, parameters) => stock.buildAuthorizationUrlWithPAR(to, parameters, { DPoP: by });
  assert.equal((await signed_in(config, {}, { DPoP }, pushed(DPoP))).token_type, 'dpop');
  await assert.rejects(signed_in(config, {}, { DPoP: thief }, pushed(DPoP)), { error: 'invalid_dpop_proof' });
});

test('a native application refreshes with its own key only', async () => {
  const config = await configuration({ issuer: here.issuer, tls: trusted(), client_id: 'kasse-native',
    authentication: stock.None() });
  const DPoP = stock.getDPoPHandle(config, await stock.randomDPoPKeyPair('ES256'));
  const tokens = await signed_in(config, {}, { DPoP });
  const thief = stock.getDPoPHandle(config, await stock.randomDPoPKeyPair('ES256'));
  await assert.rejects(stock.refreshTokenGrant(config, tokens.refresh_token, undefined, { DPoP: thief }),
    { error: 'invalid_dpop_proof' });
  const refreshed = await stock.refreshTokenGrant(config, tokens.refresh_token, undefined, { DPoP });
  assert.notEqual(refreshed.refresh_token, tokens.refresh_token);
});

test('a client with a certificate works at the addresses for it, and its token with that certificate alone', async () => {
  const own = { ...trusted(), ...client_certificate('archiv-web') };
  const metadata = { use_mtls_endpoint_aliases: true };
  const config = await configuration({ issuer: here.issuer, tls: own, client_id: 'archiv-web', metadata,
    authentication: stock.TlsClientAuth() });
  const tokens = await signed_in(config);
  const person = await stock.fetchUserInfo(config, tokens.access_token, tokens.claims().sub);
  assert.equal(person.name, 'Anna Noack');
  const refreshed = await stock.refreshTokenGrant(config, tokens.refresh_token);
  assert.equal(refreshed.refresh_token, tokens.refresh_token);
  const pushed = await signed_in(config, {}, undefined, stock.buildAuthorizationUrlWithPAR);
  assert.equal(pushed.claims().sub, tokens.claims().sub);

  const userinfo = `https://localhost:${mtls_port}/userinfo`;
  const headers = { authorization: `Bearer ${refreshed.access_token}` };
  assert.equal((await fetch_with(own)(userinfo, { headers })).status, 200);
  assert.equal((await fetch_with(trusted())(userinfo, { headers })).status, 401);
  const other = { ...trusted(), ...client_certificate('fremd-web') };
  assert.equal((await fetch_with(other)(userinfo, { headers })).status, 401);
  assert.equal((await fetch_with(own)(`${here.issuer}/userinfo`, { headers })).status, 401);

  // Another's certificate, none, and the address of everybody prove nothing.
  for (const tls of [other, trusted()]) {
    const wrong = await configuration({ issuer: here.issuer, tls, client_id: 'archiv-web', metadata,
      authentication: stock.TlsClientAuth() });
    await assert.rejects(stock.refreshTokenGrant(wrong, tokens.refresh_token), /challenge/);  // 401
  }
});

test('a resource server that is none of ours takes bound tokens with their key, and without it none', async () => {
  const [port] = await free_ports(1);
  const resources = await start_resource_server({ folder: join(given('KOMMPASS_TEST_FOLDER'), 'resources'), port,
    issuer: here.issuer, tls: here.environment.tls, ca: here.environment.ca });
  try {
    const by_dpop = await configuration({ issuer: here.issuer, tls: trusted(), client_id: 'kasse-native',
      authentication: stock.None() });
    const DPoP = stock.getDPoPHandle(by_dpop, await stock.randomDPoPKeyPair('ES256'));
    const thief = stock.getDPoPHandle(by_dpop, await stock.randomDPoPKeyPair('ES256'));
    const bound = await signed_in(by_dpop, {}, { DPoP });
    const ask = (handle) => stock.fetchProtectedResource(by_dpop, bound.access_token, new URL(`${resources.uri}/dpop/akte.html`),
      'GET', undefined, undefined, { DPoP: handle });
    assert.equal(await (await ask(DPoP)).text(), 'Akte 4711');
    await assert.rejects(async () => assert.ok((await ask(thief)).ok));
    const as_bearer = await fetch_with(trusted())(`${resources.uri}/dpop/akte.html`,
      { headers: { authorization: `Bearer ${bound.access_token}` } });
    assert.equal(as_bearer.status, 401);

    const own = { ...trusted(), ...client_certificate('archiv-web') };
    const by_certificate = await configuration({ issuer: here.issuer, tls: own, client_id: 'archiv-web',
      metadata: { use_mtls_endpoint_aliases: true }, authentication: stock.TlsClientAuth() });
    const { access_token } = await signed_in(by_certificate);
    const headers = { authorization: `Bearer ${access_token}` };
    const answers = await Promise.all([own, trusted(), { ...trusted(), ...client_certificate('fremd-web') }]
      .map((tls) => fetch_with(tls)(`${resources.uri}/mtls/akte.html`, { headers })));
    assert.deepEqual(answers.map((one) => one.status), [200, 401, 401]);
  } finally {
    await resources.stop();
  }
});

test('the port for certificates shows no page', async () => {
  for (const path of ['/', '/authorize', '/sign-in', '/account', '/console', '/api/v1/openapi.json']) {
    const answer = await fetch_with(trusted())(`https://localhost:${mtls_port}${path}`);
    assert.equal(answer.status, 404, path);
  }
  for (const path of ['/par', '/device-authorization']) {
    const answer = await fetch_with(trusted())(`https://localhost:${mtls_port}${path}`, { method: 'POST' });
    assert.notEqual(answer.status, 404, path);
  }
});

test('client test says what a client needs', async () => {
  const { stdout } = await kommpass('client', 'test', 'kasse-web');
  assert.match(stdout, /OK +profile fapi2: every demand is kept/);
  assert.match(stdout, /OK +keys: jwks can be read/);
  await assert.rejects(kommpass('client', 'test', 'nobody'), /there is no client "nobody"/);
});
