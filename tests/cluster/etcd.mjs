// One etcd of Debian's, in which the three Patronis agree who is the primary.
import { execFile } from 'node:child_process';
import { join } from 'node:path';

import { start_child, wait_until_ready } from '../demo/children.mjs';
import { free_ports } from '../demo/ports.mjs';

// `folder`: its data and its log. `as`: whom it runs as. Gives `endpoint` ("127.0.0.1:port") and `child`.
export async function start_etcd({ folder, as }) {
  const [clients, peers] = await free_ports(2);
  const url = (port) => `http://127.0.0.1:${port}`;
  const child = start_child('etcd', 'etcd', ['--name', 'one', '--data-dir', join(folder, 'etcd'),
    '--listen-client-urls', url(clients), '--advertise-client-urls', url(clients),
    '--listen-peer-urls', url(peers), '--initial-advertise-peer-urls', url(peers),
    '--initial-cluster', `one=${url(peers)}`, '--enable-v2', '--log-level', 'warn'],
  { log_file: join(folder, 'etcd.log'), cwd: folder, as, env: { ...process.env, ETCD_UNSUPPORTED_ARCH: process.arch } });
  const answers = () => new Promise((resolve) => {
    execFile('curl', ['-sf', '--max-time', '2', `${url(clients)}/health`], (failure) => resolve(!failure));
  });
  await wait_until_ready(child, answers);
  return { endpoint: `127.0.0.1:${clients}`, child };
}
