// SIGHUP: what the operator has changed on the machine is taken at once and nobody loses a request; what is broken is
// said, and not taken.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { connect } from 'node:tls';

import { service_account } from '../demo/ldif.mjs';
import { visitor } from './visitor.mjs';
import { given, world } from './world.mjs';

const here = world();
const service = () => here.environment.service;
const log = () => readFileSync(service().log_file, 'utf8');

let agent;
after(() => agent?.destroy());

// Rejects if the keys are not answered with 200.
const ask = () => new Promise((resolve, reject) => {
  agent ??= new Agent({ keepAlive: true, maxSockets: 4, rejectUnauthorized: false });
  request(new URL('/jwks', here.issuer), { agent, timeout: 20_000 }, (answer) => {
    answer.resume();
    answer.once('end', () => (answer.statusCode === 200 ? resolve() : reject(new Error(`status ${answer.statusCode}`))));
  }).once('error', reject).end();
});

// Sends SIGHUP, and asks on, on connections that are kept, until the log has said `words` since. Gives what it has said.
async function reloaded(words) {
  const from = log().length;
  process.kill(service().child.pid, 'SIGHUP');
  const give_up_at = Date.now() + 60_000;
  while (!words.test(log().slice(from))) {
    assert.ok(Date.now() < give_up_at, `nothing came of it in a minute:\n${log().slice(from)}`);
    await Promise.all([ask(), ask(), ask(), ask()]);
  }
  return log().slice(from);
}

// What a new connection is shown.
const shown_certificate = () => new Promise((resolve, reject) => {
  const { port } = new URL(here.issuer);
  const line = connect({ host: '127.0.0.1', port, servername: 'localhost', rejectUnauthorized: false }, () => {
    resolve(line.getPeerCertificate().fingerprint256);
    line.destroy();
  }).once('error', reject);
});

// Issues the service a certificate of the demo's authority, under the names of `extensions`.
function issue(days, extensions = readFileSync(join(folder(), 'server.cnf'), 'utf8')) {
  const { certificate_file, key_file, ca_file } = here.environment.tls;
  writeFileSync(join(folder(), 'names.cnf'), extensions);
  const openssl = (...words) => execFileSync('openssl', words, { cwd: folder(), stdio: 'pipe' });
  openssl('req', '-new', '-key', key_file, '-config', 'names.cnf', '-out', 'next.csr');
  openssl('x509', '-req', '-in', 'next.csr', '-CA', ca_file, '-CAkey', 'ca.key', '-CAcreateserial', '-days', days,
    '-extfile', 'names.cnf', '-extensions', 'extensions', '-out', certificate_file);
}
const folder = () => join(here.environment.tls.certificate_file, '..');

test('a new certificate is shown to new connections; what is none is said, and the old one stays', async () => {
  const before_it = await shown_certificate();
  issue('30');
  await reloaded(/event=certificate\.taken/);
  const renewed = await shown_certificate();
  assert.notEqual(renewed, before_it);

  const { certificate_file } = here.environment.tls;
  copyFileSync(certificate_file, join(folder(), 'good.pem'));
  writeFileSync(certificate_file, 'no certificate\n');
  assert.match(await reloaded(/event=certificate\.not_taken/), /event=certificate\.not_taken reason=/);
  assert.equal(await shown_certificate(), renewed);
  copyFileSync(join(folder(), 'good.pem'), certificate_file);
});

test('a certificate that browsers will refuse is named in log, metric and check', async () => {
  const names = readFileSync(join(folder(), 'server.cnf'), 'utf8');
  for (const [fault, said, days, extensions] of [
    ['expired', /expired on/, '-1', names],
    ['expires_soon', /expires on/, '3', names],
    ['other_host', /is not for localhost/, '30',
      names.replaceAll('localhost', 'anderswo.example').replaceAll('127.0.0.1', '192.0.2.1')],
  ]) {
    issue(days, extensions);
    await reloaded(new RegExp(`event=certificate\\.own fault=${fault}`));
    const check = spawnSync(given('KOMMPASS_BINARY'), ['check', '--config', service().settings_file],
      { cwd: join(service().settings_file, '..'), encoding: 'utf8' });
    assert.match(check.stdout + check.stderr, said, fault);
    const metrics = await (await fetch(here.metrics)).text();
    assert.match(metrics, /^kommpass_certificate_faults 1$/m, fault);
  }
  issue('300', names);
  await reloaded(/event=certificate\.taken/);
});

test('a service account with a new password signs people in again at once', async () => {
  const directory = here.environment.directories.lebus;
  const anna = here.account('lebus', 'anna.noack');
  const enters = async () => {
    const person = new visitor({ issuer: here.issuer, ca: here.environment.ca });
    const page = await person.sign_in('/account', anna);
    person.close();
    return /Anna Noack/.test(page.body);
  };
  assert.ok(await enters());
  await directory.change(`dn: ${service_account(directory.member)}
changetype: modify
replace: userPassword
userPassword: Neues-Kennwort-1
`);
  // Ends the connections that are bound already.
  await directory.stop();
  await directory.start();
  assert.equal(await enters(), false);
  writeFileSync(join(service().settings_file, '..', 'lebus.bind-password'), 'Neues-Kennwort-1\n', { mode: 0o600 });
  await reloaded(/event=service\.reload/);
  assert.ok(await enters());
});
