// Two nodes of the real service over one store, each request at the other one: what holds at one holds at both.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { Agent, createServer, request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';

import { authorization, relying_party } from './relying_party.mjs';
import { balancer, round_robin, second_node } from './second_node.mjs';
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
  second = await second_node(here.environment, given('KOMMPASS_BINARY'), ['--leave-grace', '2']);
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

// Until `what` is true, or the test has waited for it long enough.
async function until(what, why, longest_ms = 30_000) {
  const begun = Date.now();
  while (!(await what())) {
    assert.ok(Date.now() - begun < longest_ms, why);
    await pause(20);
  }
}

// How long until `probe` is true at every node, in milliseconds.
async function holds_everywhere(probe) {
  const begun = Date.now();
  for (const port of ports()) await until(() => probe(port), `never at ${port}`);
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

test('discovery and JWKS have the same bytes and tag at both nodes, and are not sent again unchanged', async () => {
  for (const path of ['/.well-known/openid-configuration', '/jwks']) {
    const [a, b] = await Promise.all(ports().map((port) => at(port, path)));
    assert.equal(a.body, b.body);
    assert.match(a.headers.etag, /^"[\w-]{22}"$/);
    assert.equal(a.headers.etag, b.headers.etag);
    assert.match(a.headers['cache-control'], /^public, max-age=\d+$/);
    const again = await at(ports()[1], path, { headers: { 'if-none-match': a.headers.etag } });
    assert.equal(again.status, 304);
    assert.equal(again.body, '');
    assert.equal(again.headers.etag, a.headers.etag);
    assert.equal((await at(ports()[0], path, { headers: { 'if-none-match': '"another"' } })).status, 200);
  }
});

test('a client secret that is replaced is refused at both nodes within two seconds', async () => {
  const client = here.client('groupware-web');
  const folder = join(mkdtempSync(join(tmpdir(), 'kommpass-registry-')), 'registry');
  await kommpass('registry', 'export', folder);
  const file = join(folder, 'applications/groupware.toml');
  const before_it = readFileSync(file, 'utf8');
  writeFileSync(file, before_it.replace(createHash('sha256').update(client.client_secret).digest('hex'),
    createHash('sha256').update('another secret').digest('hex')));
  const status = async (port) => (await post(port, '/introspect', client, { token: 'x' })).status;
  for (const port of ports()) assert.equal(await status(port), 200);
  await kommpass('registry', 'apply', folder, '-m', 'new secret');
  const took = await holds_everywhere(async (port) => await status(port) === 401);
  assert.ok(took < 2_000, `${took} ms`);
  writeFileSync(file, before_it);
  await kommpass('registry', 'apply', folder, '-m', 'the old one again');
  await holds_everywhere(async (port) => await status(port) === 200);
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

const log_of = (node) => readFileSync(node.log_file, 'utf8');

// One guess, each of its steps at the other node than the last guess's.
async function guess(member, name) {
  const party = await relying_party(here, here.client('groupware-web'));
  const stranger = new visitor({ issuer: here.issuer, ca: here.environment.ca });
  const answer = await stranger.sign_in(authorization(party).url, here.account(member, name), 'geraten-und-falsch');
  stranger.close();
  front.next += 1;
  if (answer.body.includes('Zu viele Versuche')) return 'held';
  assert.match(answer.body, /Benutzername oder Kennwort stimmt nicht/);
  return 'tried';
}

test('who guesses alternately at both nodes is held after what decision 66 allows', async () => {
  let tried = 0;
  const is_held = async () => {
    if (await guess('lebus', 'anna.noack') === 'held') return true;
    assert.ok(++tried <= 8, `${tried} guesses, four at each node`);
    return false;
  };
  for (let held = 0; held < 4;) if (await is_held()) ++held;
  assert.ok(tried >= 4);
  await until(async () => await is_held() && await is_held(), 'one of the nodes goes on trying');
});

test('a revision holds at both nodes within two seconds, and the directory never sees more guesses than it allows', async () => {
  const folder = join(mkdtempSync(join(tmpdir(), 'kommpass-registry-')), 'registry');
  await kommpass('registry', 'export', folder);
  const file = join(folder, 'members/cottbus.toml');
  const before_it = readFileSync(file, 'utf8');
  const lower = before_it.replace(/^lockout_threshold = .*$/m, 'lockout_threshold = 5');
  assert.notEqual(lower, before_it);
  writeFileSync(file, lower);
  const taken = () => [here.environment.service, second]
    .map((node) => [...log_of(node).matchAll(/registry\.taken/g)].length);
  const earlier = taken();
  await kommpass('registry', 'apply', folder, '-m', 'lower threshold');
  await until(() => taken().every((count, i) => count > earlier[i]), 'a revision was not taken', 2_500);
  // Of five, four are ours, and three of those a stranger's.
  let tried = 0;
  for (let i = 0; i < 12; ++i) if (await guess('cottbus', 'nowakm') === 'tried') ++tried;
  assert.ok(tried <= 3, `${tried} guesses reached the directory`);
  assert.ok(tried >= 2);
});

test('a node leaves and joins under load, and no request breaks off', async () => {
  const client = here.client('groupware-web');
  const tokens = [];
  for (let i = 0; i < 4; ++i) {
    const { asked, answer, person } = await signed_in('senftenberg', 'j.schuster');
    tokens.push(await asked.redeem(answer.location));
    person.close();
  }
  const balance = balancer({ environment: here.environment, ports: ports() });
  await balance.look();
  assert.equal(balance.ready.size, 2);
  const broken = [];
  let over = false;
  let count = 0;
  const load = tokens.map(async ({ refresh_token, access_token }) => {
    while (!over) {
      const all = [
        await balance.ask('/.well-known/openid-configuration'),
        await balance.ask('/token', { method: 'POST', headers: basic(client),
          form: { grant_type: 'refresh_token', refresh_token } }),
        await balance.ask('/introspect', { method: 'POST', headers: basic(client), form: { token: access_token } })];
      refresh_token = JSON.parse(all[1].body ?? '{}').refresh_token ?? refresh_token;
      count += all.length;
      broken.push(...all.filter((one) => one.status !== 200));
    }
  });
  const more_requests = (at_least, counted) => {
    const enough = counted() + at_least;
    return until(() => counted() >= enough, 'the load stands still');
  };
  const at_second = () => balance.seen.get(second.port) ?? 0;
  try {
    for (let round = 0; round < 3; ++round) {
      await more_requests(20, at_second);
      await second.stop();  // SIGTERM
      assert.ok(!balance.ready.has(second.port));
      await more_requests(60, () => count);
      await second.start();
      await until(() => balance.ready.has(second.port), 'the node that came back gets nobody');
      await more_requests(20, at_second);
    }
  } finally {
    over = true;
  }
  await Promise.all(load);
  balance.close();
  assert.deepEqual(broken, []);
  assert.ok(count > 300, `${count} requests`);
  assert.ok(balance.seen.get(second.port) > 50);
  assert.match(log_of(second), /service\.leaving/);
});

test('what a node did for all of them another one does at once when it has left', async () => {
  const taken = () => [...log_of(second).matchAll(/task\.taken task=(\S+)/g)].map((one) => one[1]);
  assert.deepEqual(taken(), [], 'the first node has every lease');
  await here.environment.service.stop();
  await until(() => ['outbox', 'leavers', 'sweep'].every((task) => taken().includes(task)), 'not all were taken', 15_000);
  await here.environment.service.start();
});

test('a node that is stopped in the middle of a delivery and woken later does not deliver it twice', async () => {
  const fence = (node) => Math.max(0, ...[...log_of(node).matchAll(/task\.taken .*outbox .*fence=(\d+)/g)].map((one) => +one[1]));
  const nodes = [here.environment.service, second];
  let holder;
  const { certificate_file, key_file } = here.environment.tls;
  const posts = [];
  const receiver = createServer({ cert: readFileSync(certificate_file), key: readFileSync(key_file) }, (asked, answer) => {
    posts.push(asked.url);
    asked.resume();
    answer.end();
  });
  // Before anything is sent: whoever connects first waits for our side of the handshake.
  receiver.once('connection', () => process.kill(holder.child.pid, 'SIGSTOP'));
  await new Promise((done) => receiver.listen(0, '127.0.0.1', done));
  const folder = join(mkdtempSync(join(tmpdir(), 'kommpass-registry-')), 'registry');
  await kommpass('registry', 'export', folder);
  const file = join(folder, 'applications/groupware.toml');
  const before_it = readFileSync(file, 'utf8');
  writeFileSync(file, before_it.replace(/^backchannel_logout_uri = .*$/m,
    `backchannel_logout_uri = "https://localhost:${receiver.address().port}/logout"`));
  const revision = /registry\.taken[^\n]*/g;
  const seen = nodes.map((node) => log_of(node).match(revision)?.length ?? 0);
  await kommpass('registry', 'apply', folder, '-m', 'a receiver of the test');
  for (const [i, node] of nodes.entries())
    await until(() => (log_of(node).match(revision)?.length ?? 0) > seen[i], 'a revision was not taken');

  // Now, not before: on a slow machine a lease may have run out meanwhile.
  const [has_the_lease, other] = [...nodes].sort((a, b) => fence(b) - fence(a));
  holder = has_the_lease;
  front.ports = [other === second ? second.port : here.environment.ports.kommpass];
  const sign_out = async () => {
    const { party, person, asked, answer } = await signed_in('senftenberg', 'j.schuster');
    const tokens = await asked.redeem(answer.location);
    const page = await person.get(party.client.endSessionUrl({ id_token_hint: tokens.id_token }));
    if (/value="sign-out"/.test(page.body)) await person.press(page, 'sign-out');
    person.close();
  };
  try {
    await sign_out();
    const begun = Date.now();
    await until(() => posts.length > 0, 'the other node never took over', 100_000);
    assert.ok(Date.now() - begun > 10_000, 'the node that has the lease was stopped');
  } finally {
    process.kill(holder.child.pid, 'SIGCONT');
  }
  await until(() => /task\.lost .*outbox/.test(log_of(holder)), 'the woken node never noticed');
  // What is told afterwards comes alone: the woken node has sent nothing behind its back.
  await sign_out();
  await until(() => posts.length > 1, 'the second sign-out is not told');
  assert.deepEqual(posts, ['/logout', '/logout']);
  front.ports = ports();
  receiver.closeAllConnections?.();
  receiver.close();
});
