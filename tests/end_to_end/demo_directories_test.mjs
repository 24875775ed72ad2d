// The demo's directories answer as their layouts promise, asked with OpenLDAP's own tools.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { expectation } from '../demo/expectations.mjs';
import { service_account } from '../demo/ldif.mjs';
import { demo_member, demo_slugs } from '../demo/people.mjs';
import { free_ports } from '../demo/ports.mjs';
import { make_directory } from '../demo/slapd.mjs';
import { make_certificates } from '../demo/tls.mjs';
import { given } from './world.mjs';

const service_password = 'nur-zum-Lesen';
const directories = [];
let tls;

before(async () => {
  const folder = join(given('KOMMPASS_TEST_FOLDER'), 'directories');
  mkdirSync(folder, { recursive: true });
  tls = await make_certificates(join(folder, 'tls'));
  const ports = await free_ports(demo_slugs.length);
  for (const [i, slug] of demo_slugs.entries()) {
    const directory = await make_directory(demo_member(slug), {
      folder: join(folder, slug), slapd_root: given('KOMMPASS_SLAPD_ROOT'), tls, port: ports[i],
      service_password });
    directories.push(directory);
    await directory.start();
  }
});
after(() => Promise.all(directories.map((directory) => directory.stop())));

function ldap(tool, directory, dn, password, args = [], { encrypted = true } = {}) {
  const url = encrypted ? directory.url : directory.url.replace('ldaps:', 'ldap:');
  const starttls = encrypted && directory.transport === 'starttls' ? ['-ZZ'] : [];
  return spawnSync(tool, ['-x', ...starttls, '-H', url, '-D', dn, '-w', password, ...args],
    { encoding: 'utf8', env: { PATH: process.env.PATH, LDAPTLS_CACERT: tls.ca_file } });
}

const words = {
  signed_in: /^$/,
  password_expired: /Password expired/,
  password_must_change: /Password must be changed/,
  wrong_credentials: /Invalid credentials \(49\)/,
};

test('each account binds, or is refused, as the demo says', () => {
  for (const directory of directories) {
    for (const person of directory.member.people) {
      const answer = ldap('ldapwhoami', directory, person.dn, person.password, ['-e', 'ppolicy']);
      const { outcome } = expectation(directory.member, person);
      assert.match(answer.stderr, words[outcome], person.dn);
    }
  }
});

test('a password in plain text is refused', () => {
  for (const directory of directories) {
    const [person] = directory.member.people;
    const answer = ldap('ldapwhoami', directory, person.dn, person.password, [], { encrypted: false });
    assert.notEqual(answer.status, 0, directory.url);
    assert.doesNotMatch(answer.stdout, /dn:/);
  }
});

test('the service account reads people and never their passwords, and cannot write', () => {
  for (const directory of directories) {
    const { member } = directory;
    const dn = service_account(member);
    const found = ldap('ldapsearch', directory, dn, service_password,
      ['-LLL', '-b', member.base, '(objectClass=inetOrgPerson)', 'uid', 'userPassword']);
    assert.equal(found.stdout.match(/^uid: /gm).length, member.people.length);
    assert.doesNotMatch(found.stdout, /userPassword/);
    const written = ldap('ldapdelete', directory, dn, service_password, [member.people[0].dn]);
    assert.match(written.stderr, /Insufficient access/);
  }
});

test('the three layouts differ: memberOf, nested unique names, and numbers', () => {
  const search = (slug, filter, attribute) => {
    const directory = directories.find((one) => one.member.slug === slug);
    return ldap('ldapsearch', directory, service_account(directory.member), service_password,
      ['-LLL', '-o', 'ldif-wrap=no', '-b', directory.member.base, filter, attribute]).stdout;
  };
  assert.match(search('lebus', '(uid=anna.noack)', 'memberOf'), /memberOf: cn=GG_Meldeamt,/);
  assert.doesNotMatch(search('cottbus', '(uid=nowakm)', 'memberOf'), /memberOf:/);
  assert.match(search('cottbus', '(cn=GG_Alle)', 'uniqueMember'), /uniqueMember: cn=GG_Buergerservice,/);
  const number = /gidNumber: (\d+)/.exec(search('senftenberg', '(cn=GG_Meldeamt)', 'gidNumber'))[1];
  assert.match(search('senftenberg', '(uid=j.schuster)', 'gidNumber'), new RegExp(`gidNumber: ${number}`));
});
