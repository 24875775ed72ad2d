// Starts a directory of 2,000 people and the service with 44 members, and measures: start, memory, rates; then the same
// rates with the store on PostgreSQL.
//   node service_bench.mjs <build folder> <slapd root>
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';

import { free_ports } from '../demo/ports.mjs';
import { start_postgresql } from '../demo/postgresql.mjs';

const [build, slapd_root] = process.argv.slice(2);
const people = 2000;
const base = 'dc=bench,dc=example';
const folder = mkdtempSync(join(build, 'service-bench-'));
const [ldap_port, port, metrics_port, ...dead_ports] = await free_ports(3 + 43);
const children = [];
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

function ssha(password) {
  const salt = randomBytes(8);
  return '{SSHA}' + Buffer.concat([createHash('sha1').update(password).update(salt).digest(), salt]).toString('base64');
}

function ldif() {
  const entries = [`dn: ${base}\nobjectClass: domain\ndc: bench`, ...['people', 'groups'].map((ou) => `dn: ou=${ou},${base}\nobjectClass: organizationalUnit\nou: ${ou}`)];
  for (let n = 0; n < people; ++n) {
    entries.push(`dn: uid=user${n},ou=people,${base}\nobjectClass: inetOrgPerson\nuid: user${n}\ncn: User ${n}\ngivenName: User\nsn: ${n}\nmail: user${n}@bench.example\nuserPassword: ${ssha(`Kennwort-${n}`)}`);
  }
  for (let group = 0; group < 20; ++group) {
    const members = Array.from({ length: people }, (_, n) => n).filter((n) => n % 20 === group);
    entries.push(`dn: cn=group${group},ou=groups,${base}\nobjectClass: groupOfNames\ncn: group${group}\n` + members.map((n) => `member: uid=user${n},ou=people,${base}`).join('\n'));
  }
  return entries.join('\n\n') + '\n';
}

async function start_slapd() {
  const data = join(folder, 'ldap');
  mkdirSync(data, { recursive: true });
  const schema = join(slapd_root, 'etc/ldap/schema');
  writeFileSync(join(folder, 'slapd.conf'), `include ${schema}/core.schema
include ${schema}/cosine.schema
include ${schema}/inetorgperson.schema
modulepath ${slapd_root}/usr/lib/ldap
moduleload back_mdb
database mdb
suffix "${base}"
directory ${data}
maxsize 268435456
index objectClass,uid,mail,member,entryUUID eq
access to attrs=userPassword by anonymous auth
access to * by * read
`);
  writeFileSync(join(folder, 'data.ldif'), ldif());
  const slapd = join(slapd_root, 'usr/sbin/slapd');
  execFileSync(slapd, ['-Tadd', '-q', '-f', join(folder, 'slapd.conf'), '-l', join(folder, 'data.ldif')], { stdio: 'inherit' });
  children.push(spawn(slapd, ['-d', '0', '-f', join(folder, 'slapd.conf'), '-h', `ldap://127.0.0.1:${ldap_port}/`], { stdio: 'ignore' }));
}

function member(slug, ldap, name) {
  return `slug = "${slug}"\nname = "${name}"\ndomains = ["${slug}.example"]\nsubscriptions = ["groupware"]\n
[directory]\nurls = ["ldap://127.0.0.1:${ldap}"]\ntransport = "plain"\nperson_base = "ou=people,${base}"\ngroup_base = "ou=groups,${base}"
search_connections = 2\nbind_connections = 8\n`;
}

function write_service(secret, store_url, name) {
  const registry = join(folder, 'registry');
  for (const part of ['members', 'applications', 'mappings']) mkdirSync(join(registry, part), { recursive: true });
  writeFileSync(join(registry, 'members/bench.toml'), member('bench', ldap_port, 'Bench'));
  dead_ports.forEach((dead, i) => writeFileSync(join(registry, `members/dead${i}.toml`), member(`dead${i}`, dead, `Unerreichbar ${i}`)));
  writeFileSync(join(registry, 'applications/groupware.toml'), `key = "groupware"\nname = "Groupware"
[[role]]\nname = "groupware.postfach"\ntitle = "Postfach"
[[client]]\nid = "bench-web"\nsecret_sha256 = ["${createHash('sha256').update(secret).digest('hex')}"]
redirect_uris = ["https://bench.example/callback"]\ngrant_types = ["authorization_code", "refresh_token", "client_credentials"]
scopes = ["openid", "profile", "email", "offline_access"]\n`);
  const rules = Array.from({ length: 20 }, (_, i) => `[[mapping]]\nid = "group-${i}"\ngroup = "group${i}"\nroles = ["groupware.postfach"]\n`);
  writeFileSync(join(registry, 'mappings/all.toml'), rules.join('\n'));
  const settings = join(folder, `${name}.toml`);
  writeFileSync(settings, `issuer = "https://localhost:${port}"
[listen]\nport = ${port}\ntls = false
[metrics]\nport = ${metrics_port}
[store]\nurl = "${store_url}"
[keys]\nfile = "${name}-keys.json"
[registry]\nfolder = "registry"
[log]\nlevel = "warning"\n`);
  return settings;
}

const answers = () => new Promise((resolve) => {
  const asked = request({ host: '127.0.0.1', port, path: '/readyz' }, (answer) => { answer.resume(); resolve(answer.statusCode === 200); });
  asked.on('error', () => resolve(false));
  asked.end();
});

async function start_service(settings) {
  const began = process.hrtime.bigint();
  const child = spawn(join(build, 'idp/kommpass'), ['serve', '--config', settings], { stdio: ['ignore', 'inherit', 'inherit'] });
  children.push(child);
  while (!await answers()) {
    if (child.exitCode !== null) throw new Error('the service did not start');
  }
  return { child, seconds: Number(process.hrtime.bigint() - began) / 1e9 };
}

const resident = (child) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))[1]) / 1024;
const stopped = (child) => new Promise((resolve) => { child.once('exit', resolve); child.kill('SIGTERM'); });

await start_slapd();
const secret = randomBytes(24).toString('base64url');
const settings = write_service(secret, 'sqlite:bench.db', 'sqlite');
await stopped((await start_service(settings)).child);  // makes keys and the first revision
const { child, seconds } = await start_service(settings);
console.log(`ready after ${seconds.toFixed(3)} s with 44 members, 43 of them unreachable (to stay under: 0.1)`);
console.log(`resident when idle: ${resident(child).toFixed(1)} MB (to stay under: 25)`);

// Runs the load; gives what it says of each rate.
function measure(child, ...more) {
  const bench = spawnSync(join(build, 'tests/bench/bench_service'), [String(port), secret, `ldap://127.0.0.1:${ldap_port}`, base, String(people), String(child.pid), ...more],
    { stdio: ['ignore', 'pipe', 'inherit'], encoding: 'utf8' });
  process.stdout.write(bench.stdout);
  if (bench.status !== 0) process.exit(bench.status ?? 1);
  return new Map([...bench.stdout.matchAll(/^(.{24}) +(\d+)\/s/gm)].map(([, what, rate]) => [what.trim(), Number(rate)]));
}

const on_sqlite = measure(child);
console.log(`resident after all of that: ${resident(child).toFixed(1)} MB (to stay under: 50)`);
await stopped(child);

console.log('-- the same node with its store on PostgreSQL, on the same machine and disk');
const database = await start_postgresql({ durable: true });
const on_postgresql = await start_service(write_service(secret, database.url, 'postgresql'));
for (const [what, rate] of measure(on_postgresql.child, 'rates')) {
  console.log(`${what}: PostgreSQL beside SQLite, ratio ${(rate / on_sqlite.get(what)).toFixed(2)} (to reach: 0.50)`);
}
await stopped(on_postgresql.child);
await database.stop();
process.exit(0);
