// `kommpass audit` and `kommpass privacy` beside the running service.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';

import { authorization, relying_party } from './relying_party.mjs';
import { visitor } from './visitor.mjs';
import { given, world } from './world.mjs';

const here = world();
const folder = () => dirname(here.environment.service.settings_file);

// Gives the exit code and what was said.
function kommpass(...words) {
  const settings = ['--config', here.environment.service.settings_file];
  return new Promise((resolve) => {
    execFile(given('KOMMPASS_BINARY'), [...settings, ...words], { cwd: folder() },
      (failure, out, err) => resolve({ code: failure?.code ?? 0, out, err }));
  });
}
const lines = (text) => text.split('\n').filter((line) => line !== '').map((line) => JSON.parse(line));

async function sign_in(user_name) {
  const party = await relying_party(here, here.client('groupware-web'));
  const person = new visitor({ issuer: here.issuer, ca: here.environment.ca });
  const request = authorization(party, { scope: 'openid offline_access' });
  const answer = await person.sign_in(request.url, here.account('lebus', user_name));
  return { ...party, tokens: await request.redeem(answer.location) };
}

test('the log is whole, and is exported by member and event under pseudonyms', async () => {
  await sign_in('anna.noack');
  const verified = await kommpass('audit', 'verify');
  assert.equal(verified.code, 0, verified.out);
  assert.match(verified.out, /the log is whole/);
  const exported = lines((await kommpass('audit', 'export', '--member', 'lebus', '--event', 'sign_in')).out);
  assert.equal(exported.length, 1);
  assert.equal(exported[0].event, 'sign_in.success');
  assert.match(exported[0].person, /^[0-9a-f]{32}$/);
  const tokens = lines((await kommpass('audit', 'export', '--app', 'groupware')).out);
  assert.ok(tokens.some((one) => one.event === 'token.issued'));
  assert.equal((await kommpass('audit', 'export', '--from', '2000-01-01', '--until', '2000-02-01')).out, '');
  assert.match((await kommpass('audit', 'export', '--from', 'gestern')).err, /is no time/);
});

test('a person is shown what is held on them, and is gone after the erasure', async () => {
  const { client, tokens } = await sign_in('gerda.weiss');
  let found = null;
  for (const id of await person_ids()) {
    const held = JSON.parse((await kommpass('privacy', 'export', id)).out);
    if (JSON.stringify(held).includes('Gerda')) found = { id, held };
  }
  assert.ok(found, 'Gerda Weiß is found');
  assert.equal(found.held.member, 'lebus');
  assert.equal(found.held.sessions.length, 1);
  assert.ok(found.held.audit_log.some((one) => one.event === 'sign_in.success'));

  const erased = await kommpass('privacy', 'erase', found.id, '--reason', 'Art. 17');
  assert.equal(erased.code, 0, erased.err);
  await assert.rejects(client.refresh(tokens.refresh_token), { error: 'invalid_grant' });
  assert.equal((await kommpass('privacy', 'export', found.id)).code, 1);
  assert.equal((await kommpass('audit', 'verify')).code, 0);
  // Until then the outbox has to know whose access has ended.
  while ((await rows('SELECT count(*) FROM outbox'))[0] !== '0');
  await here.environment.service.stop();
  for (const name of ['kommpass.db', 'kommpass.log']) {
    const bytes = readFileSync(join(folder(), name)).toString('latin1');
    assert.ok(!bytes.includes(found.id), `${name} still names the person`);
  }
});

// The first column of what the store answers.
const rows = (sql) => new Promise((resolve, reject) => {
  execFile('sqlite3', ['-readonly', join(folder(), 'kommpass.db'), sql],
    (failure, out) => (failure ? reject(failure) : resolve(out.trim().split('\n'))));
});
const person_ids = () => rows('SELECT id FROM person');
