// The pages that come with devices, powers, signing out by the browser and registration: whole, without fault for a
// screen reader, on a wide screen and on a phone.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';

import { alert, arrives, browser, console_in, is_sound, press, reading, sign_in } from './browser.mjs';
import { configuration, stock } from './openid_client_6.mjs';
import { given, world } from './world.mjs';

const run = promisify(execFile);
const here = world({ more_settings: () => '[registration]\ndynamic = true\n' });
const chromium = browser();
const redirect_uri = 'https://localhost:9/callback';
const account = () => here.account('lebus', 'anna.noack');
const connect = (client_id) =>
  configuration({ issuer: here.issuer, tls: { ca: here.environment.ca }, client_id, authentication: stock.None(), metadata: {} });

test('two applications are registered', async () => {
  const folder = join(given('KOMMPASS_TEST_FOLDER'), 'environment/registry');
  appendFileSync(join(folder, 'applications/groupware.toml'), `
[[client]]
id = "wandanzeige"
authentication = "none"
redirect_uris = ["${redirect_uri}"]
grant_types = ["authorization_code", "urn:ietf:params:oauth:grant-type:device_code"]
scopes = ["openid", "profile"]

[[client]]
id = "postfach-native"
authentication = "none"
redirect_uris = ["${redirect_uri}"]
scopes = ["openid", "profile"]
consent = true
authorization_details_types = ["urn:kommpass:role"]
policy_uri = "https://localhost:9/datenschutz"
tos_uri = "https://localhost:9/bedingungen"
frontchannel_logout_uri = "https://localhost:9/abgemeldet"
`);
  const { settings_file } = here.environment.service;
  await run(given('KOMMPASS_BINARY'), ['registry', 'apply', folder, '-m', 'Wandanzeige und Postfach', '--config', settings_file]);
  await here.environment.service.stop();
  await here.environment.service.start();
});

test('a device is signed in by whoever knows its code and says yes', async () => {
  const config = await connect('wandanzeige');
  const device = await stock.initiateDeviceAuthorization(config, { scope: 'openid profile' });
  const page = await chromium.new_page();
  await page.goto(device.verification_uri);
  await sign_in(page, account());
  await page.waitForSelector('#user_code');
  await is_sound(page, 'geraet-code');

  await page.fill('#user_code', 'BCDF-GHJK');
  await page.click('main button[type="submit"]');
  await page.waitForSelector('[role="alert"]');
  await is_sound(page, 'geraet-code-unbekannt');

  await page.fill('#user_code', device.user_code);
  await page.click('main button[type="submit"]');
  await page.waitForSelector('button[value="allow"]');
  assert.match(await reading(page), /Groupware/);
  await is_sound(page, 'geraet-frage');
  await press(page, 'allow');
  await arrives(page, /done=/);
  assert.match(await reading(page), /Das Gerät ist angemeldet/);
  await is_sound(page, 'geraet-angemeldet');

  const tokens = await stock.pollDeviceAuthorizationGrant(config, device);
  assert.ok(tokens.access_token);
  await page.context().close();
});

test('a power that an application asks for is read before it is granted', async () => {
  const config = await connect('postfach-native');
  const verifier = stock.randomPKCECodeVerifier();
  const url = stock.buildAuthorizationUrl(config, {
    redirect_uri, scope: 'openid profile', code_challenge_method: 'S256',
    code_challenge: await stock.calculatePKCECodeChallenge(verifier), state: stock.randomState(),
    authorization_details: JSON.stringify([
      { type: 'urn:kommpass:role', member: 'lebus', role: 'groupware.postfach', reason: 'Vertretung in der Poststelle' }]),
  });
  const page = await chromium.new_page();
  await page.route('https://localhost:9/**', (asked) => asked.fulfill({ body: 'Postfach' }));  // nobody is there
  await page.goto(url.href);
  await is_sound(page, 'anmeldung-mit-bedingungen');
  await sign_in(page, account());
  await page.waitForSelector('button[value="allow"]');
  assert.match(await reading(page), /Vertretung in der Poststelle/);
  await is_sound(page, 'einwilligung-befugnis');
  await press(page, 'allow');
  await arrives(page, (url) => url.href.startsWith(redirect_uri));
  const answer = new URL(page.url());
  await stock.authorizationCodeGrant(config, answer, {
    pkceCodeVerifier: verifier, expectedState: answer.searchParams.get('state'), idTokenExpected: true });

  // Who signs out is told that the application is opened in a hidden frame.
  await page.goto(`${here.issuer}/end-session`);
  await page.click('button[value="sign-out"]');
  await page.waitForSelector('iframe', { state: 'attached' });
  await is_sound(page, 'abmeldung-im-browser');
  await page.context().close();
});

test('a token for registering is shown once, and to whom it is refused a page says so', async () => {
  const enter = console_in(chromium, here);
  const address = `${here.issuer}/console/applications/groupware`;
  const form = 'form[action$="/registration-token"]';
  const page = await enter('dikom', 'martina.schwarz');
  await page.goto(address);
  await page.click(`${form} button`);
  await page.waitForSelector('#token');
  assert.ok((await page.inputValue('#token')).length > 40);
  assert.equal(await page.inputValue('#address'), `${here.issuer}/register`);
  await is_sound(page, 'registrierung-token');
  await page.reload();
  await arrives(page, address);
  await page.context().close();

  const local = await enter('lebus', 'joerg.krueger');
  await local.goto(address);
  assert.equal(await local.$(form), null);
  await local.evaluate((action) => {
    const forged = document.createElement('form');
    Object.assign(forged, { method: 'post', action });
    forged.append(document.querySelector('input[name="csrf"]').cloneNode());
    document.body.append(forged);
    forged.submit();
  }, `${address}/registration-token`);
  await local.waitForSelector('[role="alert"]');
  assert.match(await alert(local), /Zweckverband|Verband|zentral/i);
  await is_sound(local, 'console-abgelehnt');
  await local.context().close();
});
