// One member's OpenLDAP server in a folder of its own, from Debian's slapd unpacked below `build`.
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { connect as connect_tls } from 'node:tls';
import { promisify } from 'node:util';

import { start_child, wait_until_ready } from './children.mjs';
import { directory_ldif, layouts, service_account } from './ldif.mjs';

const run = promisify(execFile);
// LDAPMessage 1, bindRequest of version 3, no name, no password (RFC 4511, 4.2).
const anonymous_bind = Buffer.from('300c020101600702010304008000', 'hex');

// Builds the database from nothing. Returns the directory, not yet started; `start` and `stop` may
// be called again and again.
export async function make_directory(member, { folder, slapd_root, tls, port, service_password, generation }) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'data'), { recursive: true });
  const layout = layouts[member.slug];
  const at = (name) => join(folder, name);
  writeFileSync(at('people.ldif'), directory_ldif(member, service_password, generation), { mode: 0o600 });
  writeFileSync(at('slapd.conf'), configuration(member, layout, { folder, slapd_root, tls, service_password }), { mode: 0o600 });
  const tool = (name) => join(slapd_root, 'usr/sbin', name);
  await run(tool('slapadd'), ['-q', '-f', at('slapd.conf'), '-l', at('people.ldif')]);

  const scheme = layout.transport === 'ldaps' ? 'ldaps' : 'ldap';
  // Not "localhost": libldap would ask the certificate for this machine's own name instead.
  const url = `${scheme}://127.0.0.1:${port}`;
  const directory = { member, port, url, transport: layout.transport };
  directory.start = async () => {
    const child = start_child(
      `slapd of ${member.slug}`, tool('slapd'),
      ['-f', at('slapd.conf'), '-h', `${scheme}://127.0.0.1:${port}/`, '-d', 'stats'],
      { log_file: at('slapd.log') });
    directory.child = child;
    directory.stop = () => child.stop();
    await wait_until_ready(child, () => answers_bind(scheme, port, tls.ca_file));
  };
  directory.stop = async () => {};
  // An administrator of the town hall changes something: LDIF with changetypes.
  directory.change = (ldif) => new Promise((resolve, reject) => {
    const change = execFile('ldapmodify', ['-x', '-ZZ', '-H', url, '-D', `cn=admin,${member.base}`, '-w', service_password]
      .filter((word) => word !== '-ZZ' || scheme === 'ldap'),
    { env: { ...process.env, LDAPTLS_CACERT: tls.ca_file } },
    (failure, _, said) => (failure ? reject(new Error(said)) : resolve()));
    change.stdin.end(ldif);
  });
  return directory;
}

function configuration(member, layout, { folder, slapd_root, tls, service_password }) {
  const schema = (name) => `include "${join(slapd_root, 'etc/ldap/schema', `${name}.schema`)}"`;
  return `# Written by the demo.
${['core', 'cosine', 'nis', 'inetorgperson'].map(schema).join('\n')}
modulepath "${join(slapd_root, 'usr/lib/ldap')}"
moduleload back_mdb
moduleload ppolicy
moduleload memberof
moduleload syncprov
pidfile "${join(folder, 'slapd.pid')}"
argsfile "${join(folder, 'slapd.args')}"
TLSCACertificateFile "${tls.ca_file}"
TLSCertificateFile "${tls.certificate_file}"
TLSCertificateKeyFile "${tls.key_file}"
TLSProtocolMin 3.3
security simple_bind=128
sizelimit size.soft=500 size.hard=1000

database mdb
suffix "${member.base}"
rootdn "cn=admin,${member.base}"
rootpw ${service_password}
directory "${join(folder, 'data')}"
maxsize 67108864
index objectClass,entryUUID eq
index uid,mail eq
index member,uniqueMember,memberUid eq
index cn,sn,departmentNumber eq

access to attrs=userPassword by self write by anonymous auth by * none
access to * by dn.exact="${service_account(member)}" read by self read by * none

overlay ppolicy
ppolicy_default "cn=standard,ou=policies,${member.base}"
ppolicy_use_lockout
overlay syncprov
${layout.member_of ? `
overlay memberof
memberof-group-oc ${layout.group_class}
memberof-member-ad member
memberof-memberof-ad memberOf
memberof-refint TRUE
` : ''}`;
}

// True when the server answers a bind, whatever it answers.
function answers_bind(scheme, port, ca_file) {
  return new Promise((resolve) => {
    const to = { host: '127.0.0.1', port, servername: 'localhost' };
    const socket = scheme === 'ldaps'
      ? connect_tls({ ...to, ca: readFileSync(ca_file) }, () => socket.write(anonymous_bind))
      : connect(to, () => socket.write(anonymous_bind));
    const done = (answer) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(2000, () => done(false));
    socket.once('data', () => done(true));
    socket.once('error', () => done(false));
    socket.once('close', () => done(false));
  });
}
