// Who has something to do, or asked for something, hears of it by mail: from a real service to a
// real mail server.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';

import { decoded, post_office } from './post_office.mjs';
import { visitor } from './visitor.mjs';
import { given, world } from './world.mjs';

const office = post_office();
const here = world({ more_settings: office.open });

const kommpass = (...words) => promisify(execFile)(given('KOMMPASS_BINARY'),
  [...words, '--config', here.environment.service.settings_file]);

async function person(member, user_name) {
  const one = new visitor({ issuer: here.issuer, ca: here.environment.ca });
  await one.sign_in('/account', here.account(member, user_name));
  return one;
}

test('the operator sees whether letters arrive, and why not', async () => {
  const { stdout } = await kommpass('mail', 'test', 'servicestelle@dikom.example');
  assert.match(stdout, /took the letter to servicestelle@dikom.example/);
  const letter = await office.letter(({ to }) => to[0] === 'servicestelle@dikom.example');
  assert.equal(letter.from, 'kommpass@dikom.example');
  assert.equal(decoded(letter.headers.subject), 'Kommpass: Probe');
  assert.match(letter.text, new RegExp(here.issuer));
  await assert.rejects(kommpass('mail', 'test', 'no address'), /is no mail address/);
  office.closed = true;
  await assert.rejects(kommpass('mail', 'test', 'servicestelle@dikom.example'), /smtp:\/\/localhost/);
  office.closed = false;
});

test('a request is told to who releases it, the decision to who asked, and each once', async () => {
  // One of the two who could approve has no mailbox: the other hears of it all the same.
  office.unknown = here.account('lebus', 'joerg.krueger').mail;
  const registrar = await person('lebus', 'baerbel.groessler');
  const until = new Date(Date.now() + 10 * 86_400_000).toLocaleDateString('sv-SE');
  const asked = await registrar.press(await registrar.get('/account/role'), 'deputy', {
    role: 'autista.standesbeamter', deputy: 'guenter.foerster', until, reason: 'Urlaub über Weihnachten' });
  assert.match(asked.body, /Ihr Antrag ist gestellt/);
  const request = await office.letter(({ text }) => /Ein Antrag wartet/.test(text));
  assert.equal(decoded(request.headers.subject), 'Kommpass: etwas wartet auf Sie');
  assert.equal(request.headers['auto-submitted'], 'auto-generated');
  assert.match(request.text, /Ein Antrag wartet auf Ihre Freigabe: autista\.standesbeamter/);
  assert.match(request.text, /A request waits for your approval/);
  assert.ok(request.text.includes(`${here.issuer}/console/approvals`));
  // Letters name nobody.
  assert.doesNotMatch(request.text, /Förster|Größler|Urlaub/);
  assert.deepEqual(request.to, [here.account('lebus', 'ralf.huebner').mail]);
  office.unknown = undefined;

  const head = await person('lebus', 'ralf.huebner');
  await head.get('/console');
  await head.press(await head.get('/console/approvals'), 'approve', { why: 'Vertretungsplan' });
  const decision = await office.letter(({ text }) => /Ihr Antrag ist freigegeben/.test(text));
  assert.deepEqual(decision.to, [here.account('lebus', 'baerbel.groessler').mail]);
  assert.ok(decision.text.includes(`${here.issuer}/account/role`));
  // It ends within two weeks, which those who give roles hear at once.
  const ending = await office.letter(({ text }) => /Eine Vergabe endet bald: autista\.standesbeamter/.test(text));
  assert.deepEqual(ending.to, [here.account('lebus', 'joerg.krueger').mail]);
  const to_head = office.letters.filter(({ to, text }) => to[0] === here.account('lebus', 'ralf.huebner').mail && /Ein Antrag wartet/.test(text));
  assert.equal(to_head.length, 1);
});
