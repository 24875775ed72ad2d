// Forward-auth with Debian's nginx, Caddy and HAProxy and the manual's own configurations: a procedure that believes headers, in a
// browser.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';

import { arrives, browser, console_in, is_sound, press, reading, sign_in } from './browser.mjs';
import { ask as ask_proxy, recipe, start_application, start_caddy, start_haproxy, start_nginx } from './reverse_proxy.mjs';
import { given, world } from './world.mjs';
import { free_ports } from '../demo/ports.mjs';

const run = promisify(execFile);
const here = world();
const chromium = browser();
const console_of = console_in(chromium, here);
const name = 'meso.localhost';
const front = {};
after(async () => {
  front.page?.context().close();
  front.application?.close();
  await front.proxy?.stop();
  await front.caddy?.stop();
  await front.haproxy?.stop();
});

const ask = (path, more = {}) =>
  ask_proxy({ port: front.port, ca: here.environment.ca, host: name, path, ...more });
const cookies = async () => (await front.page.context().cookies(front.uri))
  .map((one) => `${one.name}=${one.value}`).join('; ');
const said = async () => JSON.parse(await front.page.textContent('pre'));

test('an application gets a gateway, and nginx the configuration of the manual', async () => {
  const { environment } = here;
  const folder = given('KOMMPASS_TEST_FOLDER');
  const [port, caddy_port, haproxy_port, behind] = await free_ports(4);
  Object.assign(front, { port, caddy_port, haproxy_port, behind, uri: `https://${name}:${port}` });
  appendFileSync(join(folder, 'environment/registry/applications/meso.toml'), `
[gateway]
hosts = ["${name}:${port}", "${name}:${caddy_port}", "${name}:${haproxy_port}"]

[[gateway_rule]]
path = "/oeffentlich/"
open = true

[[gateway_rule]]
path = "/admin/"
roles = ["meso.fachadmin"]
`);
  const { settings_file } = environment.service;
  writeFileSync(settings_file, readFileSync(settings_file, 'utf8').replace('[listen]', 'trusted_proxies = ["127.0.0.1"]\n\n[listen]'));
  await run(given('KOMMPASS_BINARY'),
    ['registry', 'apply', join(folder, 'environment/registry'), '-m', 'Gateway', '--config', settings_file]);
  await environment.service.stop();
  await environment.service.start();

  front.application = await start_application(behind);
  const { tls, ports } = environment;
  const configuration = recipe('gateway-nginx.md', 'nginx http', [['kommpass.example.org:443', `127.0.0.1:${ports.kommpass}`]])
    + recipe('gateway-nginx.md', 'nginx server', [
      ['listen 443', `listen 127.0.0.1:${port}`], ['geso.example.org;', `${name};`],
      ['/etc/nginx/tls/geso.example.org.pem', tls.certificate_file], ['/etc/nginx/tls/geso.example.org.key', tls.key_file],
      ['127.0.0.1:8080', `127.0.0.1:${behind}`], ['kommpass.example.org', 'localhost'],
      ['/etc/ssl/certs/ca-certificates.crt', tls.ca_file]]);
  front.proxy = await start_nginx({ folder: join(folder, 'nginx'), configuration, port, ca: environment.ca });
});

test('a sign-in leads to where somebody wanted to go, and the application learns who they are', async () => {
  front.page = await chromium.new_page();
  await front.page.goto(`${front.uri}/auskunft?nummer=7`);
  await sign_in(front.page, here.account('lebus', 'anna.noack'));
  await arrives(front.page, `${front.uri}/auskunft?nummer=7`);
  const { headers } = await said();
  assert.equal(headers['remote-user'], 'anna.noack@amt-lebus.example');
  assert.equal(headers['remote-name'], 'Anna Noack');
  assert.equal(headers['remote-groups'], 'meso.auskunft,meso.sachbearbeitung');
});

test('what the browser says of itself does not arrive', async () => {
  const forged = { 'Remote-User': 'kaemmerer', 'remote-groups': 'meso.fachadmin', Remote_User: 'x', 'Remote.User': 'x',
    'X-Forwarded-Uri': '/oeffentlich/', 'X-Forwarded-Host': 'localhost', 'X-Forwarded-Method': 'OPTIONS' };
  assert.equal((await ask('/', { headers: forged })).status, 302);
  const mine = JSON.parse((await ask('/', { headers: { ...forged, cookie: await cookies() } })).body);
  assert.equal(mine.headers['remote-user'], 'anna.noack@amt-lebus.example');
  assert.ok(!JSON.stringify(mine.headers).includes('kaemmerer'));
  assert.ok(!('remote_user' in mine.headers) && !('remote.user' in mine.headers));
  const open = JSON.parse((await ask('/oeffentlich/logo', { headers: forged })).body);
  for (const one of ['remote-user', 'remote-name', 'remote-groups']) assert.ok(!(one in open.headers), one);
});

test('no spelling of a path comes past its rule', async () => {
  for (const path of ['/admin?x=/oeffentlich/', '/oeffentlich/../admin', '/oeffentlich/%2e%2e/admin', '/oeffentlich/..;/admin',
    '/oeffentlich%2f..%2fadmin', '/OEFFENTLICH/', '//admin', '/admin%23/oeffentlich/', '/kommpass-check']) {
    const status = (await ask(path)).status;
    assert.ok(status === 302 || status === 400 || status === 404, `${path}: ${status}`);
  }
  const cookie = await cookies();
  for (const path of ['/admin', '/ADMIN/', '//admin/', '/admin;x/', '/%61dmin/', '/oeffentlich/..%2fadmin/'])
    assert.equal((await ask(path, { headers: { cookie, 'sec-fetch-mode': 'cors' } })).status, 403, path);
});

test('what runs in the background is told where to sign in, uploads and WebSockets pass', async () => {
  const told = await ask('/api/liste', { headers: { 'sec-fetch-mode': 'cors' } });
  assert.equal(told.status, 401);
  assert.equal(JSON.parse(told.body).sign_in, `${front.uri}/.kommpass/start?to=%2Fapi%2Fliste`);
  const cookie = await cookies();
  const body = Buffer.alloc(8 * 1024 * 1024, 'x');
  const uploaded = await ask('/hochladen', { method: 'POST', headers: { cookie, 'content-length': body.length }, body });
  assert.equal(JSON.parse(uploaded.body).bytes, body.length);
  const upgrade = { Connection: 'Upgrade', Upgrade: 'websocket', 'Sec-Fetch-Mode': 'websocket' };
  assert.equal((await ask('/live', { headers: upgrade })).status, 401);
  const live = await ask('/live', { headers: { ...upgrade, cookie } });
  assert.equal(live.status, 101);
  assert.equal(live.headers['x-user'], 'anna.noack@amt-lebus.example');
  live.socket.write('Guten Tag');
  assert.equal(String(await new Promise((done) => live.socket.once('data', done))), 'Guten Tag');
  live.socket.destroy();
});

test('behind Caddy it is the same, for whoever is signed in already without a page', async () => {
  const { tls, ports } = here.environment;
  const port = front.caddy_port;
  const trusted = `{\n\t\t\ttransport http {\n\t\t\t\ttls_trusted_ca_certs ${tls.ca_file}\n\t\t\t\ttls_server_name localhost\n\t\t\t}`;
  const configuration = recipe('gateway-caddy.md', 'caddyfile', [
    ['geso.example.org {', `https://${name}:${port} {\n\ttls ${tls.certificate_file} ${tls.key_file}`], ['127.0.0.1:8080', `127.0.0.1:${front.behind}`],
    ['https://kommpass.example.org {', `https://127.0.0.1:${ports.kommpass} ${trusted}`], ['kommpass.example.org', 'localhost']]);
  front.caddy = await start_caddy({ folder: join(given('KOMMPASS_TEST_FOLDER'), 'caddy'), configuration, port, ca: here.environment.ca });
  await is_the_same_behind(port);
});

test('behind HAProxy it is the same', async () => {
  const { tls, ports } = here.environment;
  const port = front.haproxy_port;
  const [inner] = await free_ports(1);
  const configuration = recipe('gateway-haproxy.md', 'haproxy', [
    ['/etc/haproxy/kommpass.lua', '@SCRIPT@'], ['bind :443', `bind 127.0.0.1:${port}`], ['/etc/haproxy/tls/geso.example.org.pem', '@PAIR@'],
    ['127.0.0.1:9443', `127.0.0.1:${inner}`], ['127.0.0.1:8080', `127.0.0.1:${front.behind}`],
    ['kommpass.example.org:443', `127.0.0.1:${ports.kommpass}`], ['kommpass.example.org', 'localhost'],
    ['/etc/ssl/certs/ca-certificates.crt', tls.ca_file]]);
  const script = recipe('gateway-haproxy.md', 'lua', [['127.0.0.1:9443', `127.0.0.1:${inner}`]]);
  front.haproxy = await start_haproxy({ folder: join(given('KOMMPASS_TEST_FOLDER'), 'haproxy'), configuration, script,
    pair: [tls.certificate_file, tls.key_file], port, ca: here.environment.ca });
  await is_the_same_behind(port);
});

// Whoever is signed in at another host comes in without a page; forged headers, paths, background, uploads and WebSockets
// are as behind nginx.
async function is_the_same_behind(port) {
  const uri = `https://${name}:${port}`;
  await front.page.goto(`${uri}/auskunft`);
  await arrives(front.page, `${uri}/auskunft`);
  assert.equal((await said()).headers['remote-user'], 'anna.noack@amt-lebus.example');

  const cookie = await cookies();
  const at = (path, headers, more) => ask(path, { port, headers, ...more });
  const forged = { 'Remote-User': 'kaemmerer', Remote_User: 'kaemmerer', 'Remote.User': 'kaemmerer', 'X-Forwarded-Uri': '/oeffentlich/' };
  assert.match(String((await at('/?answers=status', forged)).status), /^(401|302)$/);
  const mine = JSON.parse((await at('/', { ...forged, cookie })).body).headers;
  assert.equal(mine['remote-user'], 'anna.noack@amt-lebus.example');
  assert.ok(!JSON.stringify(mine).includes('kaemmerer'));
  assert.equal(JSON.parse((await at('/oeffentlich/logo', forged)).body).headers['remote-user'] ?? '', '');
  for (const path of ['/oeffentlich/..%2fadmin/', '//admin', '/admin;x', '/oeffentlich/../admin/'])
    assert.equal((await at(path, { cookie, 'sec-fetch-mode': 'cors' })).status, 403, path);
  const told = await at('/api', { accept: 'application/json' });
  assert.equal(told.status, 401);
  assert.equal(JSON.parse(told.body).sign_in, `${uri}/.kommpass/start?to=%2Fapi`);
  const body = Buffer.alloc(8 * 1024 * 1024, 'x');
  const uploaded = await at('/hochladen', { cookie, 'content-length': body.length }, { method: 'POST', body });
  assert.equal(JSON.parse(uploaded.body).bytes, body.length);
  const live = await at('/live', { cookie, Connection: 'Upgrade', Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13', 'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==' });
  assert.equal(live.status, 101);
  live.socket.destroy();
}

test('a missing role is said on a page', async () => {
  await front.page.goto(`${front.uri}/admin/nutzer`);
  assert.ok(front.page.url().startsWith(`${here.issuer}/gateway/sign-in`));
  const words = await reading(front.page);
  assert.match(words, /keine Ihrer Rollen öffnet diesen Teil/);
  assert.match(words, /Meldewesen/);
  assert.match(words, /Eine dieser Rollen öffnet diesen Teil: .*Fachadministration/);
  assert.doesNotMatch(words, /Auskunftssperren/);
  await is_sound(front.page, 'gateway-role-missing');
});

test('the console shows hosts and rules', async () => {
  const page = await console_of('dikom', 'martina.schwarz');
  await page.goto(`${here.issuer}/console/applications/meso`);
  const words = await reading(page);
  assert.match(words, new RegExp(`Hosts hinter dem Gateway\\s+${name}`));
  assert.match(words, /Regeln für Pfade\s+.*\/oeffentlich\/: offen für alle/);
  await is_sound(page, 'console-anwendung-gateway');
  await page.context().close();
});

test('signing out at the application ends it there, and asks whether everywhere', async () => {
  await front.page.goto(`${front.uri}/`);
  const cookie = await cookies();
  assert.equal((await ask('/', { headers: { cookie } })).status, 200);
  await front.page.goto(`${front.uri}/.kommpass/sign-out`);
  await arrives(front.page, `${here.issuer}/end-session`);
  assert.equal((await ask('/', { headers: { cookie } })).status, 302);
  await press(front.page, 'sign-out');
  await arrives(front.page, /\/sign-out\?page=/);
  await front.page.goto(`${front.uri}/`);
  await front.page.waitForSelector('input[name="username"]');
});
