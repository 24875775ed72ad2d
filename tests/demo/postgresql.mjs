// A PostgreSQL server of Debian's, in a folder of its own, run as an unprivileged user. The disk is
// not waited for: what the tests kill is Kommpass.
import { execFileSync } from 'node:child_process';
import { appendFileSync, chownSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { start_child, wait_until_ready } from './children.mjs';
import { free_ports } from './ports.mjs';

const programs = '/usr/lib/postgresql/15/bin';

// Whom PostgreSQL runs as, which refuses to be root; undefined: as we do.
export function database_owner() {
  if (process.getuid() !== 0) return undefined;
  const number = (option) => Number(execFileSync('id', [option, 'postgres'], { encoding: 'utf8' }));
  return { uid: number('-u'), gid: number('-g') };
}

// Gives the URL of an empty database, as [store] url takes it, and `stop`. `durable`: it waits for the disk, as one that
// is measured has to. `archived`: it keeps its log, and has `base_backup()` and `restore_to(time)`.
export async function start_postgresql({ durable = false, archived = false } = {}) {
  const as = database_owner();
  const folder = mkdtempSync(join(tmpdir(), 'kommpass-pg-'));
  const [port] = await free_ports(1);
  const [data, archive, backup] = ['data', 'archive', 'backup'].map((name) => join(folder, name));
  mkdirSync(archive);
  if (as) [folder, archive].forEach((path) => chownSync(path, as.uid, as.gid));
  const run = (program, ...args) => execFileSync(join(programs, program), args,
    { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], ...(as ?? {}) });
  const at = ['-h', folder, '-p', `${port}`];
  run('initdb', `--pgdata=${data}`, '--no-sync', '--encoding=UTF8', '--locale=C', '--auth=trust', '--username=kommpass');
  appendFileSync(join(data, 'postgresql.conf'),
    `listen_addresses = '127.0.0.1'\nport = ${port}\nunix_socket_directories = '${folder}'\nfsync = ${durable ? 'on' : 'off'}\n`
    + (archived ? `archive_mode = on\narchive_command = 'cp %p ${archive}/%f'\n` : ''));
  const server = { url: `postgresql://kommpass@127.0.0.1:${port}/kommpass?sslmode=disable` };
  const start = async () => {
    server.child = start_child('postgresql', join(programs, 'postgres'), ['-D', data],
      { log_file: join(tmpdir(), `kommpass-pg-${port}.log`), cwd: folder, as });
    const takes_writes = async () => {
      try {
        return run('psql', ...at, '-U', 'kommpass', '-d', 'postgres', '-A', '-t', '-c', 'select pg_is_in_recovery()').trim() === 'f';
      } catch {
        return false;
      }
    };
    await wait_until_ready(server.child, takes_writes, { within_ms: 120_000 });
  };
  await start();
  run('createdb', ...at, '-U', 'kommpass', 'kommpass');
  server.sql = (statement) => run('psql', ...at, '-U', 'kommpass', '-d', 'kommpass', '-X', '-A', '-t', '-c', statement).trim();
  server.base_backup = () => run('pg_basebackup', ...at, '-U', 'kommpass', '-D', backup, '--checkpoint=fast', '--no-sync');
  // As docs/operator/postgresql.md has it: the base backup in the data's place, and the log up to `time`.
  server.restore_to = async (time) => {
    server.sql('select pg_switch_wal()');
    await server.child.stop('SIGINT');
    renameSync(data, join(folder, 'data.before'));
    renameSync(backup, data);
    appendFileSync(join(data, 'postgresql.conf'),
      `restore_command = 'cp ${archive}/%f %p'\nrecovery_target_time = '${time}'\nrecovery_target_action = 'promote'\n`);
    writeFileSync(join(data, 'recovery.signal'), '');
    if (as) chownSync(join(data, 'recovery.signal'), as.uid, as.gid);
    await start();
  };
  server.stop = async () => {
    await server.child.stop('SIGQUIT');
    rmSync(folder, { recursive: true, force: true });
    rmSync(server.child.log_file, { force: true });
  };
  return server;
}
