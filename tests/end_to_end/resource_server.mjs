// A resource server that is none of ours: Debian's Apache with mod_oauth2, which checks access tokens by our keys and
// their binding by itself. /dpop/ takes tokens with a DPoP proof, /mtls/ those of the connection's certificate.
import { execFileSync } from 'node:child_process';
import { chownSync, copyFileSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';

import { start_child, wait_until_ready } from '../demo/children.mjs';

const here = '/proc/self/cwd';  // www-data may stand in the folder, and not walk to it
const www_data = { uid: 33, gid: 33 };
const modules = ['mpm_event', 'authn_core', 'authz_core', 'authz_user', 'dir', 'filter', 'mime', 'socache_shmcb', 'ssl', 'oauth2'];

// `verify.iss=required` would refuse every token: with jwks_uri the module knows no issuer. The claim's own rule checks it.
const settings = ({ port, issuer }) => `ServerRoot "${here}"
ServerName localhost:${port}
Listen 127.0.0.1:${port} https
PidFile run/httpd.pid
DefaultRuntimeDir run
Mutex pthread
ErrorLog error.log
LogLevel warn
${modules.map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`).join('\n')}
StartServers 1
ServerLimit 1
ThreadsPerChild 8
MaxRequestWorkers 8
TypesConfig /etc/mime.types
SSLEngine on
SSLProtocol -all +TLSv1.2 +TLSv1.3
SSLCertificateFile server.pem
SSLCertificateKeyFile server.key
SSLVerifyClient optional_no_ca
SSLOptions +StdEnvVars +ExportCertData
DocumentRoot "${here}/pages"
<Directory "${here}/pages">
  Require all granted
</Directory>
<Location /dpop/>
  AuthType oauth2
  OAuth2AcceptTokenIn header name=Authorization&type=DPoP
  OAuth2TokenVerify jwks_uri ${issuer}/jwks jwks_uri.ssl_verify=false&type=dpop
  Require oauth2_claim iss:${issuer}
</Location>
<Location /mtls/>
  AuthType oauth2
  OAuth2TokenVerify jwks_uri ${issuer}/jwks jwks_uri.ssl_verify=false&type=mtls
  Require oauth2_claim iss:${issuer}
</Location>
`;

export async function start_resource_server({ folder, port, issuer, tls, ca }) {
  rmSync(folder, { recursive: true, force: true });
  for (const part of ['run', 'pages/dpop', 'pages/mtls']) mkdirSync(join(folder, part), { recursive: true, mode: 0o755 });
  writeFileSync(join(folder, 'httpd.conf'), settings({ port, issuer }));
  for (const part of ['dpop', 'mtls']) writeFileSync(join(folder, `pages/${part}/akte.html`), 'Akte 4711');
  copyFileSync(tls.certificate_file, join(folder, 'server.pem'));
  copyFileSync(tls.key_file, join(folder, 'server.key'));
  const as = process.getuid() === 0 ? www_data : undefined;
  if (as) {
    chownSync(folder, as.uid, as.gid);
    for (const name of readdirSync(folder, { recursive: true })) chownSync(join(folder, name), as.uid, as.gid);
  }
  const program = ['-d', here, '-f', `${here}/httpd.conf`];
  execFileSync('/usr/sbin/apache2', [...program, '-t'], { cwd: folder, stdio: 'ignore', ...(as ?? {}) });
  const child = start_child('Apache resource server', '/usr/sbin/apache2', [...program, '-DFOREGROUND'],
    { log_file: join(folder, 'apache.log'), cwd: folder, as, env: { PATH: process.env.PATH, TMPDIR: `${here}/run` } });
  await wait_until_ready(child, () => answers(`https://localhost:${port}/`, ca));
  return { uri: `https://localhost:${port}`, log_file: join(folder, 'error.log'), stop: () => child.stop() };
}

function answers(url, ca) {
  return new Promise((resolve) => {
    const asked = request(url, { ca, timeout: 2000 }, (answer) => { answer.resume(); resolve(true); });
    asked.on('timeout', () => asked.destroy(new Error('no answer')));
    asked.on('error', () => resolve(false));
    asked.end();
  });
}
