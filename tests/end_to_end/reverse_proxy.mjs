// A reverse proxy from Debian with the configuration that the manual gives for it, and a small application behind it
// that believes its headers.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { request } from 'node:https';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { start_child, wait_until_ready } from '../demo/children.mjs';

const manual = (page) => readFileSync(fileURLToPath(new URL(`../../docs/integrator/${page}`, import.meta.url)), 'utf8');

// The block ```<language> of a page of the manual, with this run's names in place of the manual's.
export function recipe(page, language, names) {
  const block = manual(page).split('```' + language + '\n')[1]?.split('\n```')[0];
  if (!block) throw new Error(`${page} has no block "${language}"`);
  let text = block;
  for (const [written, meant] of names) {
    if (!text.includes(written)) throw new Error(`"${written}" does not stand in ${page}, block "${language}"`);
    text = text.replaceAll(written, meant);
  }
  return text;
}

// Answers what it was asked and how many bytes came, as JSON or on a page; echoes what comes after an upgrade.
export async function start_application(port) {
  const said = (asked, bytes) => JSON.stringify({ path: asked.url, headers: asked.headers, bytes });
  const server = createServer((asked, answer) => {
    let bytes = 0;
    asked.on('data', (part) => (bytes += part.length));
    asked.on('end', () => {
      const html = asked.headers.accept?.includes('text/html');
      answer.writeHead(200, { 'content-type': html ? 'text/html; charset=utf-8' : 'application/json' });
      answer.end(html ? `<!doctype html><title>Meldewesen</title><pre>${said(asked, bytes).replaceAll('<', '&lt;')}</pre>`
        : said(asked, bytes));
    });
  });
  server.on('upgrade', (asked, socket) => {
    const accept = createHash('sha1')
      .update(`${asked.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');  // RFC 6455, 4.2.2
    socket.write(`HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n`
      + `Sec-WebSocket-Accept: ${accept}\r\nX-User: ${asked.headers['remote-user']}\r\n\r\n`);
    socket.pipe(socket);
  });
  await new Promise((done) => server.listen(port, '127.0.0.1', done));
  return server;
}

// `configuration`: the blocks of the manual for the context `http`.
export async function start_nginx({ folder, configuration, port, ca }) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const at = (name) => join(folder, name);
  writeFileSync(at('nginx.conf'), `daemon off;
${process.getuid() === 0 ? 'user root;' : ''}
worker_processes 1;
pid ${at('nginx.pid')};
error_log ${at('error.log')};
events { worker_connections 256; }
http {
  access_log off;
  ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((one) => `${one}_temp_path ${at(one)};`).join('\n  ')}
${configuration}
}
`);
  const child = start_child('nginx', '/usr/sbin/nginx', ['-p', folder, '-c', at('nginx.conf'), '-e', at('error.log')],
    { log_file: at('nginx.log') });
  await wait_until_ready(child, () => ask({ port, ca, path: '/' }).then(() => true, () => false));
  return child;
}

// `configuration`: the block of the manual for the application's host.
export async function start_caddy({ folder, configuration, port, ca }) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'Caddyfile');
  writeFileSync(file, `{\n\tadmin off\n\tauto_https off\n\tdefault_bind 127.0.0.1\n}\n${configuration}`);
  const child = start_child('caddy', '/usr/bin/caddy', ['run', '--config', file, '--adapter', 'caddyfile'],
    { log_file: join(folder, 'caddy.log'),
      env: { PATH: process.env.PATH, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder } });
  await wait_until_ready(child, () => ask({ port, ca, path: '/' }).then(() => true, () => false));
  return child;
}

// `configuration` and `script`: the blocks of the manual. `pair`: files of a certificate and its key, which HAProxy takes as one;
// the configuration names it as `@PAIR@`, and the script as `@SCRIPT@`.
export async function start_haproxy({ folder, configuration, script, pair, port, ca }) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const at = (name) => join(folder, name);
  writeFileSync(at('pair.pem'), pair.map((file) => readFileSync(file, 'utf8')).join(''), { mode: 0o600 });
  writeFileSync(at('kommpass.lua'), script);
  writeFileSync(at('haproxy.cfg'), `${configuration.replace('@PAIR@', at('pair.pem')).replace('@SCRIPT@', at('kommpass.lua'))}\n`);
  const child = start_child('haproxy', '/usr/sbin/haproxy', ['-db', '-f', at('haproxy.cfg')], { log_file: at('haproxy.log') });
  await wait_until_ready(child, () => ask({ port, ca, path: '/' }).then(() => true, () => false));
  return child;
}

// One request to the proxy as somebody would send it who chooses every byte of it.
export function ask({ port, ca, host = 'localhost', path, method = 'GET', headers = {}, body }) {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, ca, servername: 'localhost', path, method,
      headers: { host: `${host}:${port}`, ...headers }, timeout: 20_000 }, (answer) => {
      const parts = [];
      answer.on('data', (part) => parts.push(part));
      answer.on('error', reject);
      answer.on('end', () => resolve({ status: answer.statusCode, headers: answer.headers,
        body: Buffer.concat(parts).toString('utf8') }));
    });
    asked.on('upgrade', (answer, socket) => resolve({ status: answer.statusCode, headers: answer.headers, socket }));
    asked.on('timeout', () => asked.destroy(new Error(`no answer for ${path}`)));
    asked.on('error', reject);
    asked.end(body);
  });
}
