// Two nodes of the real service over one store, each request at the other one: what holds at one holds at both.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { after, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';

import { authorization, relying_party } from './relying_party.mjs';
import { round_robin, second_node } from './second_node.mjs';
import { visitor } from './visitor.mjs';
import { given, world } from './world.mjs';
import { free_ports } from '../demo/ports.mjs';

let front_port;
const here = world({
  issuer: async () => {
    [front_port] = await free_ports(1);
    return `https://localhost:${front_port}`;
  },
});
let front;
let second;
const ports = () => [here.environment.ports.kommpass, second.port];

test('a second node begins', async () => {
  second = await second_node(here.environment, given('KOMMPASS_BINARY'));
  await second.start();
  front = await round_robin({ environment: here.environment, port: front_port, ports: ports() });
});
after(async () => {
  front?.close();
  await second?.stop();
});

// A request at one node, past the front.
function at(port, path, { method = 'GET', form, headers = {} } = {}) {
  return new Promise((resolve, reject) => {
    const body = form && new URLSearchParams(form).toString();
    const asked = request({ host: 'localhost', port, path, method, ca: here.environment.ca,
      agent: new Agent({ keepAlive: false }),
      headers: { ...(form ? { 'content-type': 'application/x-www-form-urlencoded' } : {}), ...headers } }, (answer) => {
      const parts = [];
      answer.on('data', (part) => parts.push(part));
      answer.on('end', () => resolve({ status: answer.statusCode, headers: answer.headers,
        body: Buffer.concat(parts).toString('utf8') }));
    });
    asked.on('error', reject);
    asked.end(body);
  });
}
const basic = (client) => ({
  authorization: `Basic ${Buffer.from(`${client.client_id}:${client.client_secret}`).toString('base64')}` });
const post = (port, path, client, form) => at(port, path, { method: 'POST', form, headers: basic(client) });
const introspect = async (port, client, token) =>
  JSON.parse((await post(port, '/introspect', client, { token })).body);

function kommpass(...words) {
  return new Promise((resolve, reject) => {
    execFile(given('KOMMPASS_BINARY'), ['--config', here.environment.service.settings_file, ...words],
      (failure, out, err) => (failure ? reject(new Error(`${err}\n${out}`)) : resolve(out)));
  });
}

// How long until `probe` is true at every node, in milliseconds.
async function holds_everywhere(probe) {
  const begun = Date.now();
  for (const port of ports()) {
    while (!(await probe(port))) {
      assert.ok(Date.now() - begun < 30_000, `never at ${port}`);
      await pause(20);
    }
  }
  return Date.now() - begun;
}

async function signed_in(member = 'lebus', name = 'anna.noack', more = { scope: 'openid offline_access' }) {
  const client = here.client('groupware-web');
  const party = await relying_party(here, client);
  const person = new visitor({ issuer: here.issuer, ca: here.environment.ca });
  const asked = authorization(party, more);
  const answer = await person.sign_in(asked.url, here.account(member, name));
  return { client, party, person, asked, answer };
}

test('every step of a sign-in at another node, without affinity', async () => {
  for (const [member, name] of [['lebus', 'anna.noack'], ['cottbus', 'nowakm']]) {
    front.next += 1;  // each step meets the other node the second time
    const { party, person, asked, answer } = await signed_in(member, name);
    const tokens = await asked.redeem(answer.location);
    const refreshed = await party.client.refresh(tokens.refresh_token);
    assert.equal(refreshed.claims().sub, tokens.claims().sub);
    await party.client.userinfo(refreshed);
    const silent = authorization(party, { prompt: 'none' });
    assert.ok(await silent.redeem((await person.get(silent.url)).location));
    person.close();
  }
  for (const port of ports()) assert.ok(front.seen.get(port) > 5, `requests at ${port}`);
});

test('a code that is redeemed at both nodes at once gives tokens once', async () => {
  for (let round = 0; round < 10; ++round) {
    const { client, party, asked, answer, person } = await signed_in();
    const { code } = party.client.callbackParams(answer.location);
    const form = { grant_type: 'authorization_code', code, redirect_uri: party.redirect_uri,
      code_verifier: asked.code_verifier };
    const all = await Promise.all([0, 1, 0, 1].map((i) => post(ports()[i], '/token', client, form)));
    assert.deepEqual(all.map((one) => one.status).sort(), [200, 400, 400, 400]);
    person.close();
  }
});

test('a token that is revoked at one node is not active at the other', async () => {
  const { client, asked, answer } = await signed_in();
  const tokens = await asked.redeem(answer.location);
  for (const port of ports()) assert.equal((await introspect(port, client, tokens.access_token)).active, true);
  await post(ports()[0], '/revoke', client, { token: tokens.refresh_token });
  assert.equal((await introspect(ports()[1], client, tokens.access_token)).active, false);
  const again = await post(ports()[1], '/token', client, { grant_type: 'refresh_token', refresh_token: tokens.refresh_token });
  assert.equal(JSON.parse(again.body).error, 'invalid_grant');
});

test('a refresh token that is used at both nodes leaves one family without a fork', async () => {
  const { client, asked, answer } = await signed_in();
  const tokens = await asked.redeem(answer.location);
  const form = { grant_type: 'refresh_token', refresh_token: tokens.refresh_token };
  const all = await Promise.all([0, 1, 0, 1, 0, 1].map((i) => post(ports()[i], '/token', client, form)));
  const given_out = all.filter((one) => one.status === 200).map((one) => JSON.parse(one.body));
  assert.ok(given_out.length <= 1, `${given_out.length} successors`);
});

test('a session that ends at one node is over at the other', async () => {
  const { party, person, asked, answer } = await signed_in();
  const tokens = await asked.redeem(answer.location);
  let page = await person.get(party.client.endSessionUrl({ id_token_hint: tokens.id_token }));
  if (/value="sign-out"/.test(page.body)) page = await person.press(page, 'sign-out');
  for (let i = 0; i < 2; ++i) {
    front.next += 1;
    const silent = authorization(party, { prompt: 'none' });
    assert.match((await person.get(silent.url)).location, /error=login_required/);
  }
  person.close();
});

test('rotated keys are the same at every node within two seconds, byte for byte', async () => {
  const before_it = (await at(ports()[0], '/jwks')).body;
  assert.equal((await at(ports()[1], '/jwks')).body, before_it);
  await kommpass('keys', 'rotate', '--algorithm', 'ES256');
  const took = await holds_everywhere(async (port) => (await at(port, '/jwks')).body !== before_it);
  assert.ok(took < 2_500, `${took} ms`);
  const [a, b] = await Promise.all(ports().map((port) => at(port, '/jwks')));
  assert.equal(a.body, b.body);
});

test('a key that is withdrawn is gone at every node, with the tokens that it signed', async () => {
  const { client, asked, answer } = await signed_in();
  const tokens = await asked.redeem(answer.location);
  const { kid } = JSON.parse(Buffer.from(tokens.access_token.split('.')[0], 'base64url'));
  await kommpass('keys', 'withdraw', '--', kid);  // one may begin with "-"
  const took = await holds_everywhere(async (port) => !(await at(port, '/jwks')).body.includes(kid));
  assert.ok(took < 2_500, `${took} ms`);
  for (const port of ports()) assert.equal((await introspect(port, client, tokens.access_token)).active, false);
});

test('the keys move into the store under both running nodes, and nothing changes for anybody', async () => {
  const { client, asked, answer } = await signed_in();
  const tokens = await asked.redeem(answer.location);
  const jwks = (await at(ports()[0], '/jwks')).body;
  await kommpass('keys', 'move-to-store');
  await second.stop();
  await second.start();
  for (const port of ports()) {
    assert.equal((await at(port, '/jwks')).body, jwks);
    assert.equal((await introspect(port, client, tokens.access_token)).active, true);
  }
  await kommpass('keys', 'rotate');
  const took = await holds_everywhere(async (port) => (await at(port, '/jwks')).body !== jwks);
  assert.ok(took < 2_500, `${took} ms`);
  assert.equal((await at(ports()[0], '/jwks')).body, (await at(ports()[1], '/jwks')).body);
  assert.match(await kommpass('audit', 'verify'), /the log is whole/);
});
