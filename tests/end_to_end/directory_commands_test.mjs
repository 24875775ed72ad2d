// `kommpass directory test` and `retie` beside the running service.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { dirname } from 'node:path';
import { test } from 'node:test';

import { authorization, relying_party } from './relying_party.mjs';
import { visitor } from './visitor.mjs';
import { given, world } from './world.mjs';

const here = world();

// Gives the exit code and what was said.
function kommpass(...words) {
  const settings = ['--config', here.environment.service.settings_file];
  return new Promise((resolve) => {
    execFile(given('KOMMPASS_BINARY'), [...settings, ...words], { cwd: dirname(here.environment.service.settings_file) },
      (failure, out, err) => resolve({ code: failure?.code ?? 0, out, err }));
  });
}

test('every member of the demo is found right, in words and as JSON', async () => {
  for (const member of ['lebus', 'cottbus', 'senftenberg']) {
    const words = await kommpass('directory', 'test', member);
    assert.equal(words.code, 0, words.out + words.err);
    assert.match(words.out, /Personen gefunden: \d+/);
    const { findings, failed } = JSON.parse((await kommpass('directory', 'test', member, '--json')).out);
    assert.equal(failed, false);
    assert.ok(findings.some((one) => one.id === 'watch.push'), `${member} pushes`);
    // When the server locks accounts is found out, and the member's settings keep below it.
    assert.deepEqual(findings.filter((one) => one.id.startsWith('lockout.')).map((one) => one.id), ['lockout.counted']);
  }
});

test('a person is shown with attributes, groups and roles', async () => {
  const { out, code } = await kommpass('directory', 'test', 'lebus', '--user', 'anna.noack', '--english');
  assert.equal(code, 0, out);
  assert.match(out, /Person found: Anna Noack/);
  assert.match(out, /Group GG_Meldeamt/);
  const json = JSON.parse((await kommpass('directory', 'test', 'lebus', '--user', 'anna.noack', '--json')).out);
  assert.ok(json.roles.length > 0);
});

test('a member that does not exist, and nobody of that name, are refused', async () => {
  assert.equal((await kommpass('directory', 'test', 'atlantis')).code, 1);
  const nobody = await kommpass('directory', 'test', 'lebus', '--user', 'niemand');
  assert.equal(nobody.code, 1);
  assert.match(nobody.out, /user\.none/);
});

test('after a change of directory a person is found again by mail and keeps the subject', async () => {
  const sign_in = async () => {
    const party = await relying_party(here, here.client('groupware-web'));
    const person = new visitor({ issuer: here.issuer, ca: here.environment.ca });
    const request = authorization(party, { scope: 'openid' });
    const answer = await person.sign_in(request.url, here.account('lebus', 'gerda.weiss'));
    return (await request.redeem(answer.location)).claims().sub;
  };
  const before = await sign_in();
  assert.match((await kommpass('directory', 'retie', '--member', 'lebus', '--by', 'mail', '--dry-run')).out, /unchanged: 1/);
  await here.environment.replace_directory('lebus');
  const plan = await kommpass('directory', 'retie', '--member', 'lebus', '--by', 'mail', '--dry-run');
  assert.match(plan.out, /matches: 1\n.*->  gerda\.weiss/);
  const done = await kommpass('directory', 'retie', '--member', 'lebus', '--by', 'mail');
  assert.equal(done.code, 0, done.err);
  assert.equal(await sign_in(), before);
});
