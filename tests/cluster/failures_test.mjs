// Real failures under load: three nodes, three databases, people who sign in meanwhile. `./dev cluster try` runs it, and
// prints what people saw of each failure.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';

import { answers_200 } from '../demo/service.mjs';
import { given } from '../end_to_end/world.mjs';
import { start_cluster } from './cluster.mjs';
import { longest_without, table } from './figures.mjs';
import { http_client } from './http_client.mjs';
import { start_load } from './load.mjs';

// What Patroni needs to replace a primary that says nothing (its `ttl`), and a node to let go of it.
const election_ms = 20_000;
const slack_ms = 8_000;

let cluster;
let load;
let web;
const rows = [];
const pids = () => cluster.nodes.map((node) => node.child.pid);

before(async () => {
  const folder = join(given('KOMMPASS_TEST_FOLDER'), 'environment');
  rmSync(folder, { recursive: true, force: true });
  cluster = await start_cluster({ folder, binary: given('KOMMPASS_BINARY'), slapd_root: given('KOMMPASS_SLAPD_ROOT'), free: true,
    say: (what) => console.log(`# starting ${what}`) });
  web = http_client({ issuer: cluster.issuer, ca: cluster.environment.ca });
  load = start_load(cluster);
  await works_again();
});
after(async () => {
  await load?.stop();
  web?.close();
  await cluster?.stop();
  console.log(table(rows).replace(/^/gm, '# '));
});

async function until(what, why, longest_ms = 60_000) {
  const begun = Date.now();
  while (!(await what())) {
    assert.ok(Date.now() - begun < longest_ms, why);
    await pause(100);
  }
}

const is_ready = (node) => answers_200(`https://localhost:${node.port}/readyz`, cluster.environment.ca);

// That many attempts later.
async function more_attempts(count) {
  const enough = load.attempts.length + count;
  await until(() => load.attempts.length >= enough, 'the load stands still');
}

// Every node is ready, the databases are whole, and each kind of work succeeds.
async function works_again() {
  for (const node of cluster.nodes) await until(() => is_ready(node), `${node.name} is not ready again`, 90_000);
  await cluster.databases.settled();
  const since = Date.now();
  const done = (what) => load.attempts.some((one) => one.what === what && one.ok && one.at > since);
  for (const what of ['sign-in', 'sign-out', 'refresh', 'registry change', 'discovery'])
    await until(() => done(what), `no ${what} succeeds any more`);
}

// Runs `failing` under load until everything works again, notes what people saw, and holds it against what is promised.
async function breaks(name, failing, { longest_ms = election_ms + slack_ms } = {}) {
  const [first, first_broken] = [load.attempts.length, load.broken.length];
  const earlier_pids = pids();
  let without_primary_ms = 0;
  let over = false;
  const watching = (async () => {
    for (let last = Date.now(); !over;) {
      const primary = await cluster.databases.primary();
      if (!primary) without_primary_ms += Date.now() - last;
      last = Date.now();
      await pause(100);
    }
  })();
  let special = {};
  try {
    special = { ...await failing() };
    await works_again();
  } finally {
    over = true;
    await watching;
    rows.push({ name, without_primary_ms, attempts: load.attempts.slice(first) });
    console.log(table(rows.slice(-1)).replace(/^/gm, '# '));
  }
  const { attempts } = rows.at(-1);
  assert.deepEqual(load.broken.slice(first_broken), []);
  assert.deepEqual(attempts.filter((one) => one.what === 'discovery' && !one.ok).map((one) => one.why), [], 'discovery and JWKS never stop');
  for (const what of ['sign-in', 'refresh', 'sign-out'])
    assert.ok(longest_without(attempts, what) <= (special.longest_ms ?? longest_ms), `${what}: ${longest_without(attempts, what)} ms of errors`);
  if (!special.restarts) assert.deepEqual(pids(), earlier_pids, 'no node had to be started again');
}

test('a node is killed', () => breaks('node: kill -9', async () => {
  const node = cluster.nodes[1];
  await node.stop('SIGKILL');
  await more_attempts(100);
  await node.start();
  return { restarts: true };
}, { longest_ms: slack_ms }));

test('the primary is killed', () => breaks('primary: kill -9', async () => {
  const primary = await cluster.databases.primary();
  primary.signal('SIGKILL');
  await until(async () => ![undefined, primary].includes(await cluster.databases.primary()), 'nobody is elected');
  await primary.start();
}));

test('the primary stands still, and wakes when another one has taken over', () => breaks('primary: SIGSTOP', async () => {
  const primary = await cluster.databases.primary();
  primary.signal('SIGSTOP');
  try {
    await until(async () => ![undefined, primary].includes(await cluster.databases.primary()), 'nobody is elected', 90_000);
    await more_attempts(50);
  } finally {
    primary.signal('SIGCONT');
  }
}));

test('the primary is changed on purpose', () => breaks('switchover', async () => {
  const chosen = await cluster.databases.switchover();
  await until(async () => await cluster.databases.primary() === chosen, 'the switchover does not come');
}));

test('a node loses its databases, without a word', () => breaks('node and database: cut', async () => {
  const [node] = cluster.nodes;
  node.lines.forEach((line) => line.cut());
  try {
    await until(async () => !(await is_ready(node)), 'the node says that it is ready');
    await more_attempts(50);
  } finally {
    node.lines.forEach((line) => line.mend());
  }
}));

test('a synchronous standby stands still', () => breaks('standby: SIGSTOP', async () => {
  const standby = await cluster.databases.synchronous();
  standby.signal('SIGSTOP');
  try {
    await until(async () => ![undefined, standby].includes(await cluster.databases.synchronous()), 'no other standby is chosen', 90_000);
    await more_attempts(50);
  } finally {
    standby.signal('SIGCONT');
  }
}));

// Patroni leaves a primary with a full disk where it is, as long as it answers: until somebody makes room, nothing can be
// written. What is promised is that it is said, that what needs no writing goes on, and that room is enough.
test('the disk of the primary is full, until somebody makes room', () => breaks('primary: disk full', async () => {
  const primary = await cluster.databases.primary();
  const begun = Date.now();
  primary.limit_files('1');
  try {
    for (const node of cluster.nodes) await until(async () => !(await is_ready(node)), `${node.name} says that it is ready`);
    await more_attempts(50);
  } finally {
    primary.limit_files('unlimited');
  }
  // Where it fell over and another one was elected, that comes on top.
  return { longest_ms: Date.now() - begun + election_ms + slack_ms };
}));

test('a directory answers nobody any more, and the others go on', () => breaks('directory: SIGSTOP', async () => {
  const { child } = cluster.environment.directories.lebus;
  process.kill(child.pid, 'SIGSTOP');
  try {
    const since = Date.now();
    const done = (what) => load.attempts.filter((one) => one.what === what && one.ok && one.at > since).length;
    await until(() => load.attempts.some((one) => !one.ok && one.at > since), 'nobody notices that the directory is silent');
    await until(() => done('refresh') > 20 && done('sign-in') > 20, 'the directory of one member stops the others');
  } finally {
    process.kill(child.pid, 'SIGCONT');
  }
}));

test('a node whose clock is a minute off takes nobody', () => breaks('clock: 60 s off', async () => {
  const node = cluster.nodes[2];
  const [library] = readdirSync('/usr/lib').map((name) => `/usr/lib/${name}/faketime/libfaketimeMT.so.1`).filter((file) => existsSync(file));
  for (const offset of ['+60s', '-60s']) {
    await node.stop();
    const env = { ...process.env, LD_PRELOAD: library, FAKETIME: offset, FAKETIME_DONT_FAKE_MONOTONIC: '1' };
    await node.start({ env, until: '/healthz' });
    await until(async () => /clock/.test((await web.ask('/readyz', { at: node.port })).body), `${node.name} does not say that its clock is off`);
    await more_attempts(20);
  }
  await node.stop();
  await node.start();
  return { restarts: true };
}));

test('what was acknowledged is there, and nothing works twice', async () => {
  await load.stop();
  assert.deepEqual(load.broken, []);
  const { acknowledged } = load;
  const client = cluster.environment.description.clients.find((one) => one.client_id === 'groupware-web');
  const refresh = (refresh_token) => web.post('/token', client, { grant_type: 'refresh_token', refresh_token });
  const tried = [];
  for (const { refresh_token } of acknowledged.families) tried.push((await refresh(refresh_token)).status);
  assert.deepEqual(tried.filter((status) => status !== 200), [], `of ${tried.length} refresh tokens some are lost`);
  // Once the time is over in which a repetition gets the same token again.
  const { refresh_token: last } = acknowledged.families.pop();
  await until(async () => (await refresh(last)).status === 400, 'the last refresh token works again and again');
  const again = [];
  for (const { refresh_token } of acknowledged.families) again.push((await refresh(refresh_token)).status);
  assert.deepEqual(again.filter((status) => status !== 400), [], 'a refresh token works twice');
  for (const still_in of acknowledged.ended) assert.equal(await still_in(), false, 'a session that was ended signs in');
  const history = await cluster.kommpass('registry', 'history', '--limit', '10000');
  for (const title of acknowledged.titles) assert.ok(history.includes(title), `the revision "${title}" is lost`);
  console.log(`# ${acknowledged.sign_ins} sign-ins, ${tried.length} families, ${acknowledged.ended.length} ended sessions, ${acknowledged.titles.length} revisions: all there`);
});

test('every chain verifies, and each sign-in that was acknowledged stands in the log', async () => {
  assert.match(await cluster.kommpass('audit', 'verify'), /the log is whole/);
  const records = (await cluster.kommpass('audit', 'export')).trimEnd().split('\n').map((line) => JSON.parse(line));
  const sign_ins = records.filter((one) => one.event === 'sign_in.success').length;
  assert.ok(sign_ins >= load.acknowledged.sign_ins, `${sign_ins} sign-ins in the log, ${load.acknowledged.sign_ins} were acknowledged`);
});
