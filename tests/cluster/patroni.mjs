// Three PostgreSQL servers of Debian's under Patroni, one of them the primary, one standby synchronous. Patroni refuses
// to run PostgreSQL as root: as root, this becomes the user postgres.
import { execFile, execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { get, request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { start_child, wait_until_ready } from '../demo/children.mjs';
import { free_ports } from '../demo/ports.mjs';

const programs = '/usr/lib/postgresql/15/bin';

// `folder`: of the database's owner. `etcd`: its endpoint. Gives `members` (name, port, child), `passwords`, and:
// `primary()`, the member that says it is; `switchover()`; `members[i].signal(name)`, to Patroni and its PostgreSQL;
// `members[i].limit_files(size)`.
export async function start_patroni({ folder, as, etcd }) {
  const secret = () => randomBytes(18).toString('base64url');
  const passwords = { superuser: secret(), replication: secret(), kommpass: secret() };
  const ports = await free_ports(6);
  const members = ['db1', 'db2', 'db3'].map((name, i) => ({ name, port: ports[i], rest: ports[i + 3] }));
  for (const member of members) await start_member(member, { folder, as, etcd, passwords });
  const cluster = { members, passwords };
  cluster.primary = async () => {
    const said = await Promise.all(members.map((one) => rest_says(one, '/primary')));
    return members[said.findIndex((status) => status === 200)];
  };
  cluster.synchronous = async () => {
    const said = await Promise.all(members.map((one) => rest_says(one, '/synchronous')));
    return members[said.findIndex((status) => status === 200)];
  };
  cluster.settled = async (within_ms = 120_000) => {
    const give_up_at = Date.now() + within_ms;
    for (;;) {
      const all = await Promise.all(members.map((one) => rest_says(one, '/health')));
      if (all.every((status) => status === 200) && await cluster.primary() && await cluster.synchronous()) return;
      if (Date.now() > give_up_at) throw new Error(`the databases do not come together: ${all.join(', ')}`);
      await pause(200);
    }
  };
  cluster.switchover = async () => {
    const [leader, candidate] = [await cluster.primary(), await cluster.synchronous()];
    const said = await post(leader, '/switchover', { leader: leader.name, candidate: candidate.name });
    if (said.status !== 200) throw new Error(`no switchover: ${said.status} ${said.body}`);
    return candidate;
  };
  // One statement as superuser at the primary.
  cluster.sql = async (statement, database = 'postgres') => {
    const { port } = await cluster.primary();
    return new Promise((resolve, reject) => {
      execFile(join(programs, 'psql'), ['-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-h', '127.0.0.1', '-p', `${port}`, '-U', 'postgres',
        '-d', database, '-c', statement], { env: { ...process.env, PGPASSWORD: passwords.superuser } },
      (failure, out, said) => (failure ? reject(new Error(said)) : resolve(out.trim())));
    });
  };
  await cluster.settled();
  return cluster;
}

async function start_member(member, { folder, as, etcd, passwords }) {
  const own = join(folder, member.name);
  mkdirSync(own, { mode: 0o700 });
  const file = join(own, 'patroni.json');  // JSON is YAML
  writeFileSync(file, JSON.stringify(settings(member, { own, etcd, passwords }), null, 2), { mode: 0o600 });
  if (as) [own, file].forEach((path) => chownSync(path, as.uid, as.gid));
  member.start = async () => {
    member.child = start_child(`patroni ${member.name}`, 'patroni', [file], { log_file: join(folder, `${member.name}.log`), cwd: own, as });
    await wait_until_ready(member.child, async () => await rest_says(member, '/health') === 200, { within_ms: 120_000 });
  };
  // Its PostgreSQL, then Patroni itself, as one machine.
  member.signal = (name) => processes_of(member, own).forEach((pid) => {
    try {
      process.kill(pid, name);
    } catch { /* it ended meanwhile */ }
  });
  // Whatever it writes beyond this size fails, as on a full disk; "unlimited" makes room again.
  member.limit_files = (size) => processes_of(member, own).forEach((pid) => {
    const owner = as ? [`--reuid=${as.uid}`, `--regid=${as.gid}`, '--clear-groups'] : [];
    try {
      execFileSync('setpriv', [...owner, 'prlimit', '--pid', `${pid}`, `--fsize=${size}:`], { stdio: 'ignore' });
    } catch { /* it ended meanwhile */ }
  });
  await member.start();
}

function settings(member, { own, etcd, passwords }) {
  const user = (name, password) => ({ username: name, password });
  return {
    scope: 'kommpass', name: member.name,
    restapi: { listen: `127.0.0.1:${member.rest}`, connect_address: `127.0.0.1:${member.rest}` },
    // By etcd's second API: over the third, Patroni 3.0.2 never agrees with itself about the synchronous standby again
    // once a primary has woken up ("Synchronous replication key updated by someone else").
    etcd: { host: etcd },
    bootstrap: {
      dcs: {
        // The fastest that Patroni allows: a primary that says nothing is replaced after `ttl`.
        ttl: 20, loop_wait: 5, retry_timeout: 5, primary_start_timeout: 0, synchronous_mode: true,
        postgresql: { use_pg_rewind: true, parameters: { max_connections: 60, wal_keep_size: '256MB' } },
      },
      initdb: [{ encoding: 'UTF8' }, { locale: 'C' }, 'data-checksums'],
    },
    postgresql: {
      listen: `127.0.0.1:${member.port}`, connect_address: `127.0.0.1:${member.port}`,
      data_dir: join(own, 'data'), bin_dir: programs, pgpass: join(own, 'pgpass'),
      authentication: {
        superuser: user('postgres', passwords.superuser), replication: user('replicator', passwords.replication),
        rewind: user('rewinder', passwords.replication),
      },
      pg_hba: ['host all all 127.0.0.1/32 scram-sha-256', 'host replication replicator 127.0.0.1/32 scram-sha-256'],
      parameters: { unix_socket_directories: own, password_encryption: 'scram-sha-256' },
    },
  };
}

// Pids: PostgreSQL's processes first.
function processes_of(member, own) {
  const parents = new Map();
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      parents.set(Number(pid), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
    } catch { /* it ended meanwhile */ }
  }
  const found = [member.child.pid];
  try {
    found.unshift(Number(readFileSync(join(own, 'data/postmaster.pid'), 'utf8').split('\n')[0]));
  } catch { /* it does not run */ }
  for (let i = 0; i < found.length; ++i) {
    for (const [pid, parent] of parents) if (parent === found[i] && !found.includes(pid)) found.push(pid);
  }
  return found;
}

function rest_says(member, path) {
  return new Promise((resolve) => {
    const asked = get({ host: '127.0.0.1', port: member.rest, path, timeout: 1000 }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    asked.on('timeout', () => asked.destroy());
    asked.on('error', () => resolve(0));
  });
}

function post(member, path, what) {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port: member.rest, path, method: 'POST',
      headers: { 'content-type': 'application/json' } }, (answer) => {
      const parts = [];
      answer.on('data', (part) => parts.push(part));
      answer.on('end', () => resolve({ status: answer.statusCode, body: Buffer.concat(parts).toString('utf8') }));
    });
    asked.on('error', reject);
    asked.end(JSON.stringify(what));
  });
}
