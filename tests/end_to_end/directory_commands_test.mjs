// `kommpass directory test` and `retie` beside the running service.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
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

// Lebus's server, which meanwhile hands out no more than so many entries.
async function limited_to(entries, act) {
  const directory = here.environment.directories.lebus;
  const file = join(here.environment.folder, 'lebus', 'slapd.conf');
  const whole = readFileSync(file, 'utf8');
  const restarted = async (configuration) => {
    writeFileSync(file, configuration);
    await directory.stop();
    await directory.start();
  };
  await restarted(whole.replace(/^sizelimit .*$/m, `sizelimit size.soft=${entries} size.hard=${entries} size.prtotal=${entries}`));
  await act();
  await restarted(whole);
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
  // Half an answer ties nobody anew, though the entry may be in it.
  await limited_to(5, async () => {
    for (const more of [['--dry-run'], []]) {
      const refused = await kommpass('directory', 'retie', '--member', 'lebus', '--by', 'mail', ...more);
      assert.equal(refused.code, 1, refused.out);
      assert.match(refused.err, /directory of lebus was not read: .*size limit/i);
      assert.doesNotMatch(refused.out, /matches/);
    }
  });
  const plan = await kommpass('directory', 'retie', '--member', 'lebus', '--by', 'mail', '--dry-run');
  assert.match(plan.out, /matches: 1\n.*->  gerda\.weiss/);
  const done = await kommpass('directory', 'retie', '--member', 'lebus', '--by', 'mail');
  assert.equal(done.code, 0, done.err);
  assert.equal(await sign_in(), before);
});
