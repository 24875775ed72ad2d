// PostgreSQL is set back to a moment, as an operator does after a mistake: what was before it is there, what came after
// it is gone, and the service goes on from there.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';

import { start_postgresql } from '../demo/postgresql.mjs';
import { authorization, relying_party } from './relying_party.mjs';
import { visitor } from './visitor.mjs';
import { given, world } from './world.mjs';

let database;
const here = world({
  store_url: async () => {
    database = await start_postgresql({ archived: true });
    return database.url;
  },
});
after(() => database?.stop());

const kommpass = async (...words) => (await promisify(execFile)(given('KOMMPASS_BINARY'),
  ['--config', here.environment.service.settings_file, ...words])).stdout;

async function signed_in(member, name) {
  const party = await relying_party(here, here.client('groupware-web'));
  const person = new visitor({ issuer: here.issuer, ca: here.environment.ca });
  const asked = authorization(party, { scope: 'openid offline_access' });
  const answer = await person.sign_in(asked.url, here.account(member, name));
  return { party, person, tokens: await asked.redeem(answer.location) };
}

async function rename_groupware(name) {
  const folder = join(given('KOMMPASS_TEST_FOLDER'), `registry-${Date.now()}`, 'registry');
  await kommpass('registry', 'export', folder);
  const file = join(folder, 'applications/groupware.toml');
  writeFileSync(file, readFileSync(file, 'utf8').replace(/^name = .*$/m, `name = "${name}"`));
  await kommpass('registry', 'apply', folder, '-m', name);
}

async function is_signed_in({ party, person }) {
  const silent = authorization(party, { prompt: 'none' });
  return /[?&]code=/.test((await person.get(silent.url)).location);
}

test('what was before the moment is there, what came after it is gone', async () => {
  const early = await signed_in('lebus', 'anna.noack');
  database.base_backup();
  const between = await signed_in('senftenberg', 'j.schuster');
  await rename_groupware('Groupware vorher');
  const moment = database.sql('select clock_timestamp()');
  const late = await signed_in('cottbus', 'nowakm');
  const refreshed = await early.party.client.refresh(early.tokens.refresh_token);
  await rename_groupware('Groupware nachher');

  await here.environment.service.stop();
  await database.restore_to(moment);
  await here.environment.service.start();

  const history = await kommpass('registry', 'history');
  assert.match(history, /Groupware vorher/);
  assert.doesNotMatch(history, /Groupware nachher/);
  assert.match(await kommpass('audit', 'verify'), /the log is whole/);
  assert.equal(await is_signed_in(early), true);
  assert.equal(await is_signed_in(between), true);
  assert.equal(await is_signed_in(late), false);
  // The token from before the moment is the current one again; the one that took its place never was.
  await assert.rejects(early.party.client.refresh(refreshed.refresh_token), { error: 'invalid_grant' });
  const again = await between.party.client.refresh(between.tokens.refresh_token);
  assert.equal(again.claims().sub, between.tokens.claims().sub);
  // Who came after it is the same person when they come again.
  const returned = await signed_in('cottbus', 'nowakm');
  assert.equal(returned.tokens.claims().sub, late.tokens.claims().sub);
  for (const one of [early, between, late, returned]) one.person.close();
});
