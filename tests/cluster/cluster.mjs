// Everything of an installation with several nodes, on one machine: etcd, three PostgreSQL servers under Patroni,
// the demo's directories and applications, three nodes, and HAProxy before them.
import { execFile } from 'node:child_process';
import { chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { demo_ports, start_environment, test_ports } from '../demo/environment.mjs';
import { free_ports } from '../demo/ports.mjs';
import { database_owner } from '../demo/postgresql.mjs';
import { second_node } from '../end_to_end/second_node.mjs';
import { start_etcd } from './etcd.mjs';
import { start_haproxy } from './haproxy.mjs';
import { line_to } from './line.mjs';
import { start_patroni } from './patroni.mjs';

const node_words = ['--leave-grace', '2'];

// Gives `issuer`, `environment`, `databases` (patroni.mjs), `nodes` (name, port, start, stop, child, log_file, and `lines`
// to each database), `kommpass(...words)` as an operator calls it, and `stop`. What was started is stopped if a later
// step fails. `free`: on other ports than the demo's.
export async function start_cluster({ folder, binary, slapd_root, free = false, say = () => {} }) {
  const started = [];
  const cluster = { nodes: [] };
  cluster.stop = async () => {
    for (const part of started.splice(0).reverse()) await part.stop();
  };
  try {
    await start_all(cluster, started, { folder, binary, slapd_root, free, say });
  } catch (failure) {
    await cluster.stop();
    throw failure;
  }
  return cluster;
}

async function start_all(cluster, started, { folder, binary, slapd_root, free, say }) {
  mkdirSync(folder, { recursive: true });
  const as = database_owner();
  // Not below `folder`: the databases' user may not be able to enter it.
  const data = mkdtempSync(join(tmpdir(), 'kommpass-cluster-'));
  if (as) chownSync(data, as.uid, as.gid);
  started.push({ stop: () => rmSync(data, { recursive: true, force: true }) });
  say('etcd');
  const etcd = await start_etcd({ folder: data, as });
  started.push(etcd.child);
  say('three PostgreSQL servers under Patroni');
  cluster.databases = await start_patroni({ folder: data, as, etcd: etcd.endpoint });
  // A killed one has another child by then.
  started.push(...cluster.databases.members.map((member) => ({ stop: () => member.child.stop() })));
  const { passwords } = cluster.databases;
  await cluster.databases.sql(`create role kommpass login password '${passwords.kommpass}'`);
  await cluster.databases.sql("create database kommpass owner kommpass encoding 'UTF8' locale 'C' template template0");
  const passfile = join(folder, 'pgpass');
  writeFileSync(passfile, `127.0.0.1:*:kommpass:kommpass:${passwords.kommpass}\n`, { mode: 0o600 });

  const ports = free ? await test_ports() : { ...demo_ports };
  const front = ports.kommpass;
  [ports.kommpass] = await free_ports(1);
  const own_lines = async () => {
    const lines = await Promise.all(cluster.databases.members.map((member) => line_to(member.port)));
    started.push({ stop: () => lines.forEach((line) => line.close()) });
    return lines;
  };
  const url = (lines) => `postgresql://kommpass@${lines.map(({ port }) => `127.0.0.1:${port}`).join()}/kommpass?sslmode=disable&passfile=${passfile}`;
  const first_lines = await own_lines();
  const environment = await start_environment({
    folder, binary, slapd_root, ports, say, first_settings: 'trusted_proxies = ["127.0.0.1"]\n',
    issuer: `https://localhost:${front}`, store_url: url(first_lines) });
  Object.assign(cluster, { environment, issuer: environment.service.issuer });
  started.push({ stop: () => environment.stop() });
  cluster.kommpass = (...words) => new Promise((resolve, reject) => {
    execFile(binary, ['--config', environment.service.settings_file, ...words], { maxBuffer: 1 << 26 },
      (failure, out, said) => (failure ? reject(new Error(`${said}\n${out}`)) : resolve(out)));
  });
  await cluster.kommpass('keys', 'move-to-store');
  cluster.nodes.push(Object.assign(environment.service, { name: 'node-1', port: ports.kommpass, lines: first_lines }));
  for (const name of ['node-2', 'node-3']) {
    say(name);
    const lines = await own_lines();
    const changed = (settings) => settings.replace(url(first_lines), url(lines));
    const node = Object.assign(await second_node(environment, binary, node_words, { name, changed }), { name, lines });
    await node.start();
    started.push({ stop: () => node.stop() });
    cluster.nodes.push(node);
  }
  say('HAProxy');
  const haproxy = await start_haproxy({ folder, tls: environment.tls, port: front, nodes: cluster.nodes });
  started.push({ stop: () => haproxy.child.stop('SIGKILL') });
}
