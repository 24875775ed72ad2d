// The service on PostgreSQL: as one node that is killed, and as two behind a front that knows
// nothing of sessions.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';

import { start_child, wait_until_ready } from '../demo/children.mjs';
import { free_ports } from '../demo/ports.mjs';
import { start_postgresql } from '../demo/postgresql.mjs';
import { answers_200 } from '../demo/service.mjs';
import { authorization, relying_party } from './relying_party.mjs';
import { visitor } from './visitor.mjs';
import { given, world } from './world.mjs';

// Each new connection goes to `front.to`.
const front = { to: 0 };
let database;
const here = world({
  store_url: async () => {
    database = await start_postgresql();
    return database.url;
  },
  issuer: async () => {
    front.server = createServer((client) => {
      const server = connect(front.to, '127.0.0.1');
      for (const [one, other] of [[client, server], [server, client]]) {
        one.pipe(other);
        one.on('error', () => other.destroy());
      }
    });
    await new Promise((done) => front.server.listen(0, '127.0.0.1', done));
    return `https://localhost:${front.server.address().port}`;
  },
});
after(async () => {
  front.server?.close();
  await database?.stop();
});

const first_port = () => here.environment.ports.kommpass;
const person_at = () => new visitor({ issuer: here.issuer, ca: here.environment.ca });
const run = promisify(execFile);

async function signed_in(account) {
  const party = await relying_party(here, here.client('groupware-web'));
  const person = person_at();
  const request = authorization(party, { scope: 'openid offline_access' });
  const answer = await person.sign_in(request.url, account);
  return { party, person, request, answer };
}

test('on PostgreSQL people sign in, tokens are refreshed, and kill -9 loses nothing', async () => {
  front.to = first_port();
  const { party, person, request, answer } = await signed_in(here.account('lebus', 'anna.noack'));
  const tokens = await request.redeem(answer.location);
  const refreshed = await party.client.refresh(tokens.refresh_token);

  await here.environment.service.stop('SIGKILL');
  await here.environment.service.start();

  await assert.rejects(request.redeem(answer.location), { error: 'invalid_grant' });
  const silent = authorization(party, { prompt: 'none' });
  const again = await silent.redeem((await person.get(silent.url)).location);
  assert.equal(again.claims().sub, refreshed.claims().sub);
});

test('two nodes share everything: signed in at one, redeemed and refreshed at the other', async () => {
  const [port, metrics] = await free_ports(2);
  const { settings_file } = here.environment.service;
  const folder = dirname(settings_file);
  const own = readFileSync(settings_file, 'utf8')
    .replace(`port = ${first_port()}`, `port = ${port}`)
    .replace(`port = ${here.environment.ports.metrics}`, `port = ${metrics}`);
  const second_file = join(folder, 'second.toml');
  writeFileSync(second_file, own);
  const second = start_child('second', given('KOMMPASS_BINARY'), ['serve', '--config', second_file],
    { log_file: join(folder, 'second.log'), cwd: folder });
  try {
    await wait_until_ready(second, () => answers_200(`https://localhost:${port}/readyz`, here.environment.ca),
      { within_ms: 60_000 });

    front.to = first_port();
    const { party, person, request, answer } = await signed_in(here.account('cottbus', 'nowakm'));
    front.to = port;
    const tokens = await request.redeem(answer.location);
    front.to = first_port();
    await assert.rejects(request.redeem(answer.location), { error: 'invalid_grant' });

    const other = await signed_in(here.account('lebus', 'anna.noack'));
    const kept = await other.request.redeem(other.answer.location);
    front.to = port;
    const refreshed = await other.party.client.refresh(kept.refresh_token);
    assert.equal(refreshed.claims().sub, kept.claims().sub);
    const silent = authorization(party, { prompt: 'none' });
    const again = await silent.redeem((await person.get(silent.url)).location);
    assert.equal(again.claims().sub, tokens.claims().sub);
  } finally {
    await second.stop();
  }
});

test('the whole installation moves into a file and its log verifies there', async () => {
  await here.environment.service.stop();
  const folder = dirname(here.environment.service.settings_file);
  const file = join(folder, 'moved.db');
  const binary = given('KOMMPASS_BINARY');
  const before = await run(binary, ['audit', 'verify', '--config', here.environment.service.settings_file], { cwd: folder });
  const copied = await run(binary, ['store', 'copy', database.url, `sqlite:${file}`], { cwd: folder });
  assert.match(copied.stdout, /the same on both sides/);
  const moved = join(folder, 'moved.toml');
  writeFileSync(moved, readFileSync(here.environment.service.settings_file, 'utf8')
    .replace(/url = "postgresql[^"]*"/, `url = "sqlite:${file}"`));

  const verified = await run(binary, ['audit', 'verify', '--config', moved], { cwd: folder });

  assert.match(verified.stdout, /the log is whole/);
  assert.equal(verified.stdout, before.stdout);
  await here.environment.service.start();
});
