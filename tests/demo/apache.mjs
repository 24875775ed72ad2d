// One hosted application: Debian's Apache with mod_auth_openidc, in a folder of its own.
import { execFile } from 'node:child_process';
import { chownSync, copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { start_child, wait_until_ready } from './children.mjs';

const run = promisify(execFile);
const templates = fileURLToPath(new URL('apache/', import.meta.url));
// Apache finds everything from its working folder. Under root it runs as www-data from its first
// moment, which may not be allowed to walk to that folder (a clone below /root), only to stand in it.
const here = '/proc/self/cwd';
const www_data = { uid: 33, gid: 33 };  // fixed in every Debian

// `app`: {key, title, port, client_id, client_secret, require, roles_variable, intro}
export async function make_apache(app, { folder, issuer, tls, ca, passphrase }) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'pages'), { recursive: true, mode: 0o755 });
  mkdirSync(join(folder, 'run'), { recursive: true });
  const values = { ...app, issuer, here, passphrase };
  for (const [from, to] of [['httpd.conf', 'httpd.conf'], ['index.html', 'pages/index.html'],
    ['refused.html', 'pages/refused.html'], ['signed_out.html', 'pages/signed_out.html'],
    ['error.html', 'error.html']]) {
    const text = readFileSync(join(templates, from), 'utf8');
    writeFileSync(join(folder, to), fill(text, values, from), { mode: 0o640 });
  }
  copyFileSync(join(templates, 'style.css'), join(folder, 'pages/style.css'));
  copyFileSync(tls.ca_file, join(folder, 'ca.pem'));
  copyFileSync(tls.certificate_file, join(folder, 'server.pem'));
  copyFileSync(tls.key_file, join(folder, 'server.key'));
  const as = process.getuid() === 0 ? www_data : undefined;
  if (as) give_to(folder, as);

  const program = ['-d', here, '-f', `${here}/httpd.conf`];
  const identity = as ? { uid: as.uid, gid: as.gid } : {};
  await run('/usr/sbin/apache2', [...program, '-t'], { cwd: folder, ...identity });

  const uri = `https://localhost:${app.port}/`;
  const apache = { ...app, uri, log_file: join(folder, 'error.log') };
  apache.start = async () => {
    const child = start_child(`Apache ${app.key}`, '/usr/sbin/apache2', [...program, '-DFOREGROUND'],
      { log_file: join(folder, 'apache.log'), cwd: folder, as,
        env: { PATH: process.env.PATH, TMPDIR: `${here}/run` } });
    apache.child = child;
    apache.stop = () => child.stop();
    await wait_until_ready(child, () => answers(`${uri}style.css`, ca));
  };
  apache.stop = async () => {};
  return apache;
}

function fill(text, values, name) {
  return text.replace(/@([a-z_]+)@/g, (whole, key) => {
    if (!(key in values)) throw new Error(`${name}: nothing is known for ${whole}`);
    return values[key];
  });
}

function give_to(folder, { uid, gid }) {
  chownSync(folder, uid, gid);
  for (const name of readdirSync(folder, { recursive: true })) {
    chownSync(join(folder, name), uid, gid);
  }
}

function answers(url, ca) {
  return new Promise((resolve) => {
    const asked = request(url, { ca, timeout: 2000 }, (answer) => {
      answer.resume();
      resolve(true);
    });
    asked.on('timeout', () => asked.destroy(new Error('no answer')));
    asked.on('error', () => resolve(false));
    asked.end();
  });
}
