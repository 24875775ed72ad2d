// An application whose answer to the callback is a redirect to another origin: browsers that hold
// form-action against a form's whole chain of redirects must not keep people on our pages.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { after, test } from 'node:test';

import { browser, is_sound, press, reading, sign_in } from './browser.mjs';
import { world } from './world.mjs';
import { free_ports } from '../demo/ports.mjs';

const here = world();
const chromium = browser();
const app = { servers: [] };

// In place of the hosted application: whatever is asked, its answer leads to another origin.
async function start() {
  await here.environment.apaches.groupware.stop();
  const { certificate_file, key_file } = here.environment.tls;
  const tls = { cert: readFileSync(certificate_file), key: readFileSync(key_file) };
  const [elsewhere] = await free_ports(1);
  app.elsewhere = `https://127.0.0.1:${elsewhere}/arrived`;
  const listen = async (port, answer) => {
    const server = createServer(tls, answer);
    await new Promise((done) => server.listen(port, '127.0.0.1', done));
    app.servers.push(server);
  };
  await listen(here.environment.ports.groupware, (request, response) => {
    const { pathname, searchParams } = new URL(request.url, 'https://localhost');
    app.asked = { method: request.method, pathname, parameters: searchParams };
    request.resume().on('end', () => response.writeHead(302, { location: app.elsewhere }).end());
  });
  await listen(elsewhere, (request, response) => {
    request.resume().on('end', () => response.end('<!doctype html><title>Angekommen</title><h1>Angekommen</h1>'));
  });
}
after(() => app.servers.forEach((server) => server.close()));

const asked = (more = {}) => {
  const client = here.application('groupware');
  const url = new URL(`${here.issuer}/authorize`);
  for (const [name, value] of Object.entries({
    response_type: 'code', client_id: client.client_id, redirect_uri: client.redirect_uris[0],
    scope: 'openid', state: 'z1', nonce: 'n1', code_challenge_method: 'S256',
    code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM', ...more })) url.searchParams.set(name, value);
  return url.href;
};

const open = async (parameters, options) => {
  await (app.started ??= start());
  app.asked = undefined;
  const page = await chromium.new_page(options);
  await page.goto(asked(parameters));
  return page;
};

const arrives = async (page) => {
  await page.waitForURL(app.elsewhere);
  assert.equal(await page.innerText('h1'), 'Angekommen');
};

for (const javaScriptEnabled of [true, false]) {
  test(`sign-in arrives, ${javaScriptEnabled ? 'with' : 'without'} scripts`, async () => {
    const page = await open({}, { javaScriptEnabled });
    await sign_in(page, here.account('lebus', 'anna.noack'));
    await arrives(page);
    assert.match(app.asked.parameters.get('code'), /^[\w-]{43}$/);
    await page.context().close();
  });
}

test('who cancels arrives, and who agrees or refuses to hand on their data', async () => {
  for (const action of ['cancel', 'allow', 'deny']) {
    const page = await open({ prompt: 'consent' });
    if (action !== 'cancel') await sign_in(page, here.account('lebus', 'anna.noack'));
    await press(page, action);
    await arrives(page);
    assert.equal(app.asked.parameters.has('code'), action === 'allow');
    await page.context().close();
  }
});

test('form_post arrives, by itself and by its button', async () => {
  for (const javaScriptEnabled of [true, false]) {
    const page = await open({ response_mode: 'form_post' }, { javaScriptEnabled });
    await sign_in(page, here.account('lebus', 'anna.noack'));
    if (!javaScriptEnabled) await page.click('main button');
    await arrives(page);
    assert.equal(app.asked.method, 'POST');
    await page.context().close();
  }
});

test('who has to change the password arrives afterwards', async () => {
  const account = here.account('lebus', 'kaethe.gruenberg');
  const page = await open();
  await sign_in(page, account);
  await page.fill('input[name="password"]', account.password);
  await page.fill('input[name="new-password"]', 'Neues-Kennwort-im-Herbst-26');
  await page.fill('input[name="new-password-again"]', 'Neues-Kennwort-im-Herbst-26');
  await press(page, 'change-password');
  await arrives(page);
  await page.context().close();
});

test('sign-out arrives, after the question', async () => {
  const page = await open();
  await sign_in(page, here.account('lebus', 'anna.noack'));
  await arrives(page);
  const { client_id, post_logout_redirect_uris } = here.application('groupware');
  const leave = new URL(`${here.issuer}/end-session`);
  leave.searchParams.set('client_id', client_id);
  leave.searchParams.set('post_logout_redirect_uri', post_logout_redirect_uris[0]);
  await page.goto(leave.href);
  await press(page, 'sign-out');
  await arrives(page);
  assert.equal(app.asked.pathname, '/signed_out.html');
  await page.context().close();
});

test('back from the application shows pages, and asks nobody to send a form again', async () => {
  const page = await open();
  const account = here.account('lebus', 'anna.noack');
  await sign_in(page, account, 'Falsch-Geraten-1');
  await page.waitForSelector('[role="alert"]');
  await page.fill('input[name="password"]', account.password);
  await press(page, 'sign-in');
  await arrives(page);
  for (let steps = 0; steps < 2; ++steps) {
    await page.goBack();
    assert.equal(new URL(page.url()).origin, here.issuer);
    assert.match(await reading(page), /Anmelden/);
  }
  for (let steps = 0; steps < 2; ++steps) await page.goForward();
  await arrives(page);
  await page.context().close();
});

test('the page in between is a page like any other, for whom it does not go on', async () => {
  const page = await open();
  const answers = page.waitForResponse((one) => one.url().includes('/sign-in?page=') &&
    one.headers().refresh !== undefined);
  await sign_in(page, here.account('lebus', 'anna.noack'));
  const answer = await answers;
  assert.equal(answer.status(), 200);
  assert.equal(answer.headers()['referrer-policy'], 'no-referrer');
  await arrives(page);
  // A browser that holds such pages up shows the link instead.
  await page.route(/\/sign-in\?page=/, async (route) => {
    const response = await route.fetch();
    const { refresh, ...headers } = response.headers();
    await route.fulfill({ response, headers });
  });
  await page.goto(answer.url());
  await page.waitForSelector('main a.kern-btn');
  await is_sound(page, 'weiter');
  await page.click('main a.kern-btn');
  await arrives(page);
  await page.context().close();
});

test('two tabs restored by a browser without cookies both arrive', async () => {
  const page = await open();
  const other = await page.context().newPage();
  await other.goto(asked({ state: 'z2' }));
  await page.context().clearCookies();
  const account = here.account('lebus', 'anna.noack');
  await page.fill('input[name="username"]', account.mail);
  await press(page, 'continue');
  await is_sound(page, 'neu begonnen');
  assert.equal(await page.inputValue('input[name="username"]'), account.mail);
  await sign_in(page, account);
  await arrives(page);
  // Signed in by then: no second password.
  await other.fill('input[name="username"]', account.mail);
  await press(other, 'continue');
  await arrives(other);
  assert.equal(app.asked.parameters.get('state'), 'z2');
  await page.context().close();
});
