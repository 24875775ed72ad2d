// A PostgreSQL server of Debian's, in a folder of its own, run as an unprivileged user. The disk is
// not waited for: what the tests kill is Kommpass.
import { execFileSync } from 'node:child_process';
import { appendFileSync, chownSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { start_child, wait_until_ready } from './children.mjs';
import { free_ports } from './ports.mjs';

const programs = '/usr/lib/postgresql/15/bin';

function owner() {
  if (process.getuid() !== 0) return undefined;
  const number = (option) => Number(execFileSync('id', [option, 'postgres'], { encoding: 'utf8' }));
  return { uid: number('-u'), gid: number('-g') };
}

// Gives the URL of an empty database, as [store] url takes it, and `stop`. `durable`: it waits for the disk, as one that
// is measured has to.
export async function start_postgresql({ durable = false } = {}) {
  const as = owner();
  const folder = mkdtempSync(join(tmpdir(), 'kommpass-pg-'));
  if (as) chownSync(folder, as.uid, as.gid);
  const [port] = await free_ports(1);
  const data = join(folder, 'data');
  const run = (program, ...args) => execFileSync(join(programs, program), args,
    { cwd: folder, stdio: 'ignore', ...(as ?? {}) });
  run('initdb', `--pgdata=${data}`, '--no-sync', '--encoding=UTF8', '--locale=C', '--auth=trust', '--username=kommpass');
  appendFileSync(join(data, 'postgresql.conf'),
    `listen_addresses = '127.0.0.1'\nport = ${port}\nunix_socket_directories = '${folder}'\nfsync = ${durable ? 'on' : 'off'}\n`);
  const child = start_child('postgresql', join(programs, 'postgres'), ['-D', data],
    { log_file: join(tmpdir(), `kommpass-pg-${port}.log`), cwd: folder, as });
  const is_ready = async () => {
    try {
      run('pg_isready', '-q', '-h', folder, '-p', `${port}`);
      return true;
    } catch {
      return false;
    }
  };
  await wait_until_ready(child, is_ready, { within_ms: 120_000 });
  run('createdb', '-h', folder, '-p', `${port}`, '-U', 'kommpass', 'kommpass');
  const stop = async () => {
    await child.stop('SIGQUIT');
    rmSync(folder, { recursive: true, force: true });
    rmSync(child.log_file, { force: true });
  };
  return { url: `postgresql://kommpass@127.0.0.1:${port}/kommpass?sslmode=disable`, stop };
}
