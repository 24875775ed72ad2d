// HAProxy of Debian's before the nodes, each request at the next node that is ready.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from 'node:net';

import { start_child, wait_until_ready } from '../demo/children.mjs';

// `nodes`: [{name, port}]. It listens on `port`.
export async function start_haproxy({ folder, tls, port, nodes }) {
  const pair = join(folder, 'haproxy.pem');
  writeFileSync(pair, [tls.certificate_file, tls.key_file].map((file) => readFileSync(file, 'utf8')).join(''), { mode: 0o600 });
  const values = {
    PORT: port, CERTIFICATE_AND_KEY: pair, CA: tls.ca_file,
    SERVERS: nodes.map((node) => `  server ${node.name} 127.0.0.1:${node.port}`).join('\n'),
  };
  const file = join(folder, 'haproxy.cfg');
  writeFileSync(file, readFileSync(new URL('haproxy.cfg', import.meta.url), 'utf8')
    .replace(/@([A-Z_]+)@/g, (whole, name) => values[name] ?? whole));
  const child = start_child('haproxy', '/usr/sbin/haproxy', ['-db', '-f', file], { log_file: join(folder, 'haproxy.log'), cwd: folder });
  await wait_until_ready(child, () => new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  }));
  return { child };
}
