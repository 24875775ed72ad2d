// The administration from the command line, beside the running service: the same operations as in the
// console; and the emergency access, which needs no directory.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { appendFileSync, cpSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';

import { visitor } from './visitor.mjs';
import { given, world } from './world.mjs';

const here = world();
const folder = () => dirname(here.environment.service.settings_file);

const kommpass = (...words) => kommpass_with(here.environment.service.settings_file, ...words);
function kommpass_with(settings_file, ...words) {
  const settings = ['--config', settings_file];
  return new Promise((resolve) => {
    execFile(given('KOMMPASS_BINARY'), [...settings, ...words], { cwd: folder() },
      (failure, out, err) => resolve({ code: failure?.code ?? 0, out, err }));
  });
}
const call = async (...words) => {
  const said = await kommpass('admin', 'call', ...words);
  return { code: said.code, answer: JSON.parse(said.code === 0 ? said.out : said.err) };
};

test('an operation of the API is done from the command line, and the server takes it', async () => {
  const found = await call('post', '/persons', '{"member":"lebus","user_name":"anna.noack"}');
  assert.equal(found.code, 0, JSON.stringify(found.answer));
  const person = found.answer.id;
  const made = await call('post', '/grants', JSON.stringify(
    { member: 'lebus', person, role: 'autista.einsicht', reason: 'Vertretung', until: '2099-12-31' }));
  assert.equal(made.code, 0, JSON.stringify(made.answer));
  const shown = await call('get', `/persons/${person}`);
  assert.ok(shown.answer.evaluation.roles.some((one) => one.role === 'autista.einsicht'));
  const said = await kommpass('explain', '--member', 'lebus', '--user', 'anna.noack', '--app', 'autista');
  assert.match(said.out, /\+ autista\.einsicht .*direkt vergeben/);
  // A sensitive role waits for somebody else than the operator of this machine.
  const asked = await call('post', '/grants', JSON.stringify(
    { member: 'lebus', person, role: 'fed.rollenfreigabe', reason: 'Vertretung' }));
  assert.equal(asked.answer.needs_approval, true);
  const waiting = (await call('get', '/grants?member=lebus')).answer.grants.find((one) => one.id === asked.answer.id);
  const unseen = await call('post', `/grants/${asked.answer.id}/approval`, '{}');
  assert.equal(unseen.answer.code, 'missing');
  const refused = await call('post', `/grants/${asked.answer.id}/approval`, JSON.stringify({ digest: waiting.digest }));
  assert.equal(refused.code, 1);
  assert.match(JSON.stringify(refused.answer), /approved by who asked/);
  const wrong = await call('post', '/grants', JSON.stringify(
    { member: 'lebus', person, role: 'autista.einsichtt', reason: 'x' }));
  assert.equal(wrong.answer.code, 'unknown_role');

  const held = JSON.parse((await kommpass('privacy', 'export', person)).out);
  assert.equal(held.roles.grants.length, 2);
  assert.equal((await kommpass('privacy', 'erase', person, '--reason', 'Art. 17')).code, 0);
  assert.equal((await call('get', '/grants?member=lebus')).answer.grants.length, 0);
});

test('who holds what is read from the directory, and comes when it is done', async () => {
  const { answer } = await call('post', '/members/senftenberg/role-matrix');
  assert.equal(answer.state, 'finished');
  assert.ok(answer.result.holders.length > 15);
});

test('a folder is simulated over every person before it is applied; grants stay as they are', async () => {
  const draft = join(given('KOMMPASS_TEST_FOLDER'), 'draft');
  cpSync(join(here.environment.folder, 'registry'), draft, { recursive: true });
  appendFileSync(join(draft, 'mappings/lebus.toml'),
    '\n[[mapping]]\nid = "lebus-wahlen"\nmember = "lebus"\ngroup = "GG_Meldeamt"\nroles = ["meso.wahlen"]\n');
  const foretold = await kommpass('simulate', draft, '--member', 'lebus');
  assert.equal(foretold.code, 0, foretold.err);
  assert.match(foretold.out, /lebus {2}anna\.noack {2}\+meso\.wahlen@lebus/);
  assert.match(foretold.out, /\d+ persons read, 0 new conflicts/);
  const applied = await kommpass('registry', 'apply', draft, '-m', 'Wahlen');
  assert.equal(applied.code, 0, applied.err);
  const number = Number(/revision (\d+)/.exec(applied.out)[1]);
  const back = await kommpass('registry', 'rollback', String(number - 1), '-m', 'Wahl vorbei');
  assert.match(back.out, new RegExp(`revision ${number + 1} has the documents of revision ${number - 1}`));
});

test('a member file under another name refuses the folder; without it the member goes only by name', async () => {
  const draft = join(given('KOMMPASS_TEST_FOLDER'), 'renamed');
  cpSync(join(here.environment.folder, 'registry'), draft, { recursive: true });
  const file = (name) => join(draft, 'members', name);
  const before = (await kommpass('registry', 'history')).out;

  renameSync(file('cottbus.toml'), file('cottbus.TOML'));
  const renamed = await kommpass('registry', 'apply', draft, '-m', 'Umzug');
  assert.equal(renamed.code, 1);
  assert.match(renamed.err, /members\/cottbus\.TOML.*rename it/);

  rmSync(file('cottbus.TOML'));
  rmSync(join(draft, 'mappings/cottbus.toml'));
  const shown = await kommpass('registry', 'diff', draft);
  assert.match(shown.out, /--remove-member: cottbus/);
  const gone = await kommpass('registry', 'apply', draft, '-m', 'Umzug');
  assert.equal(gone.code, 1);
  assert.match(gone.err, /members_would_go[\s\S]*cottbus/);
  assert.equal((await kommpass('registry', 'history')).out, before);
});

test('what serve opens is checked, and each thing that is not there is named', async () => {
  const right = await kommpass('check');
  assert.equal(right.code, 0, right.err);
  assert.match(right.out, /everything is right/);
  assert.match(right.out, /\[listen\] .* is taken: by the service/);
  const broken = join(given('KOMMPASS_TEST_FOLDER'), 'broken.toml');
  cpSync(here.environment.service.settings_file, broken);
  appendFileSync(broken, '\n[mail]\nurl = "smtps://mail.example"\nfrom = "kommpass@mail.example"\nuser = "k"\npassword_file = "/nowhere/secret"\n');
  const said = await kommpass_with(broken, 'check');
  assert.equal(said.code, 1);
  assert.match(said.err, /\/nowhere\/secret/);
});

// A member with a directory of its own (another's, for the test), and a rule for it, in one folder.
const with_new_member = (name, roles) => {
  const draft = join(given('KOMMPASS_TEST_FOLDER'), name);
  cpSync(join(here.environment.folder, 'registry'), draft, { recursive: true });
  const like = readFileSync(join(draft, 'members/lebus.toml'), 'utf8');
  writeFileSync(join(draft, 'members/neustadt.toml'), like
    .replace(/^slug = .*$/m, 'slug = "neustadt"').replace(/^name = .*$/m, 'name = "Neustadt"')
    .replace(/^domains = .*$/m, 'domains = ["neustadt.example"]')
    .replace(/^subscriptions = .*$/m, 'subscriptions = ["meso", "prodoppik"]'));
  writeFileSync(join(draft, 'mappings/neustadt.toml'),
    `[[mapping]]\nid = "neustadt-meldeamt"\nmember = "neustadt"\ngroup = "GG_Meldeamt"\nroles = ${JSON.stringify(roles)}\n`);
  return draft;
};

test('a member that arrives with its rule is looked at in its own directory, by apply and by roll-back', async () => {
  const incompatible = with_new_member('new-conflict', ['prodoppik.anordnung', 'prodoppik.kasse']);
  const refused = await kommpass('registry', 'apply', incompatible, '-m', 'Neustadt');
  assert.equal(refused.code, 1);
  assert.match(refused.err, /incompatible_roles[\s\S]*\(neustadt\)/);
  const applied = await kommpass('registry', 'apply', with_new_member('new-member', ['meso.auskunft']), '-m', 'Neustadt');
  assert.equal(applied.code, 0, applied.err);
  assert.doesNotMatch(applied.err, /did not answer/);
  const number = Number(/revision (\d+)/.exec(applied.out)[1]);
  const without = await kommpass('registry', 'rollback', String(number - 1), '-m', 'doch nicht', '--remove-member', 'neustadt');
  assert.equal(without.code, 0, without.err);
  const back = await kommpass('registry', 'rollback', String(number), '-m', 'doch');
  assert.equal(back.code, 0, back.err);
  assert.doesNotMatch(back.err, /did not answer/);
  // The running service does it as well, by the API's operation.
  const gone = await call('post', `/revisions/${number - 1}/rollback`, '{"why":"Probe","remove_members":["neustadt"]}');
  assert.equal(gone.code, 0, JSON.stringify(gone.answer));
  const again = await call('post', `/revisions/${number}/rollback`, '{"why":"Probe"}');
  assert.equal(again.code, 0, JSON.stringify(again.answer));
  assert.deepEqual(again.answer.unsearched, []);
  await call('post', `/revisions/${number - 1}/rollback`, '{"why":"Probe vorbei","remove_members":["neustadt"]}');
});

const with_auditing_administrators = (name) => {
  const draft = join(given('KOMMPASS_TEST_FOLDER'), name);
  cpSync(join(here.environment.folder, 'registry'), draft, { recursive: true });
  appendFileSync(join(draft, 'mappings/dikom.toml'),
    '\n[[mapping]]\nid = "dikom-beides"\nmember = "dikom"\ngroup = "cn=GG_Kommpass_Zentrale,ou=groups,dc=dikom,dc=example"\nroles = ["fed.pruefung"]\n');
  return draft;
};

test('a folder that would bring incompatible roles together is refused whole, by name', async () => {
  const before = (await kommpass('registry', 'history')).out;
  const applied = await kommpass('registry', 'apply', with_auditing_administrators('conflict'), '-m', 'Beides');
  assert.equal(applied.code, 1);
  assert.match(applied.err, /incompatible_roles[\s\S]*Martina Schwarz \(dikom\)/);
  assert.equal((await kommpass('registry', 'history')).out, before);
});

test('usage is reported without names', async () => {
  const month = new Date().toISOString().slice(0, 7);
  const csv = await kommpass('report', 'usage', '--month', month);
  assert.match(csv.out, /^member,application,active_persons\r\n/);
  const json = JSON.parse((await kommpass('report', 'usage', '--month', month, '--json')).out);
  assert.equal(json.month, month);
  assert.equal((await kommpass('report', 'usage', '--month', 'Oktober')).code, 1);
});

test('the emergency link opens the console once, with every directory down, and is recorded', async () => {
  const said = await kommpass('admin', 'break-glass');
  const link = /https:\S+/.exec(said.out)[0];
  for (const directory of Object.values(here.environment.directories)) await directory.stop();
  // What may be needed just now is done, and says what it could not look at.
  const applied = await kommpass('registry', 'apply', with_auditing_administrators('blind'), '-m', 'ohne Verzeichnis');
  assert.equal(applied.code, 0, applied.err);
  assert.match(applied.err, /directory of dikom did not answer/);
  const operator = new visitor({ issuer: here.issuer, ca: here.environment.ca });
  const page = await operator.get(link);
  assert.equal(page.status, 200);
  assert.match(page.body, /Nur für den Notfall/);
  const code = new URL(link).searchParams.get('code');
  const opened = await operator.post(`${here.issuer}/break-glass`, { code });
  assert.equal(opened.status, 200);
  assert.match(opened.body, /Sie arbeiten mit dem Notfallzugang/);
  const again = new visitor({ issuer: here.issuer, ca: here.environment.ca });
  assert.equal((await again.post(`${here.issuer}/break-glass`, { code })).status, 400);
  const records = (await kommpass('audit', 'export', '--event', 'break_glass')).out;
  for (const event of ['break_glass.issued', 'break_glass.used']) assert.match(records, new RegExp(event));
  assert.match(records, /used_before/);
  assert.match(readFileSync(here.environment.service.log_file, 'utf8'), /event=break_glass\.used/);
  assert.equal((await kommpass('audit', 'verify')).code, 0);
});
