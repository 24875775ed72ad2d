// Days D2 to D6 as far as they are about upkeep: an employee asks for a deputy, the association
// publishes roles, rotates keys and looks after what was not delivered, an operator looks after a
// client, an auditor looks back, a person is erased. In a real browser, with real directories.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';

import { alert, browser, console_in, is_sound, press, reading, sign_in, told } from './browser.mjs';
import { world } from './world.mjs';

const here = world();
const chromium = browser();
const console_of = console_in(chromium, here);

test('D2: a registrar asks for a deputy, the head releases it, and it ends by itself', async () => {
  const registrar = await chromium.new_page();
  await registrar.goto(`${here.issuer}/account`);
  await sign_in(registrar, here.account('lebus', 'baerbel.groessler'));
  await registrar.click('a[href="/account/role"]');
  await registrar.waitForSelector('#deputy-role');
  // Who decides is known once the service has looked at the directories.
  while (!/Ralf Hübner/.test(await reading(registrar))) await registrar.reload();
  await is_sound(registrar, 'antrag');
  const ask = async (deputy, until) => {
    await registrar.selectOption('#deputy-role', 'autista.standesbeamter');
    await registrar.fill('#deputy-deputy', deputy);
    await registrar.fill('#deputy-until', until);
    await registrar.fill('#deputy-reason', 'Urlaub über Weihnachten');
    await press(registrar, 'deputy');
  };
  const last = new Date(Date.now() + 40 * 86_400_000).toLocaleDateString('sv-SE');
  await ask('niemand.da', last);
  await registrar.waitForSelector('[role="alert"]');
  assert.match(await alert(registrar), /kennt das Verzeichnis nicht/);
  assert.equal(await registrar.inputValue('#deputy-reason'), 'Urlaub über Weihnachten');
  await is_sound(registrar, 'antrag-fehler');
  await ask('guenter.foerster', last);
  assert.match(await told(registrar), /Ihr Antrag ist gestellt/);
  assert.match(await reading(registrar), /für Günter Förster in Vertretung von Bärbel Größler/);
  await is_sound(registrar, 'antrag-gestellt');

  const head = await console_of('lebus', 'ralf.huebner');
  await head.goto(`${here.issuer}/console/approvals`);
  assert.match(await reading(head), /Günter Förster[\s\S]*in Vertretung von Bärbel Größler/);
  await is_sound(head, 'antrag-freigeben');
  await head.click('form[action="/console/approvals/grant"] button[value="approve"]');
  assert.match(await told(head), /[Ff]reigegeben/);
  await head.context().close();

  await registrar.goto(`${here.issuer}/account/role`);
  assert.match(await reading(registrar), /Meine Vertretungen/);
  const deputy = await chromium.new_page();
  await deputy.goto(`${here.issuer}/account`);
  await sign_in(deputy, here.account('lebus', 'guenter.foerster'));
  await deputy.waitForSelector('.kp-sessions');
  assert.match(await reading(deputy), /Standesamt: [^(]*\(bis [^)]*in Vertretung von Bärbel Größler/);
  await is_sound(deputy, 'konto-vertretung');

  await press(registrar, 'take-back');
  await registrar.waitForSelector('#deputy-role');
  assert.doesNotMatch(await reading(registrar), /Meine Vertretungen/);
  await deputy.goto(`${here.issuer}/account`);
  assert.doesNotMatch(await reading(deputy), /Standesbeamt/);
  await registrar.context().close();
  await deputy.context().close();
});

test('D4: a role is published; members see it as an offer with its text', async () => {
  const page = await console_of('dikom', 'martina.schwarz');
  await page.goto(`${here.issuer}/console/applications/meso/roles/new`);
  await is_sound(page, 'rolle-veroeffentlichen');
  await page.fill('#name', 'meso.wahlhelfer');
  await page.fill('#title_de', 'Wahlhelferverwaltung');
  await page.fill('#description_de', 'Wahlhelfer berufen und abrechnen; für die Wahl 2027.');
  await page.fill('#why', 'Rollenkatalog 2026-11');
  await page.click('button[value="save"]');
  assert.match(await told(page), /veröffentlicht/);
  await page.context().close();
  const local = await console_of('lebus', 'joerg.krueger');
  assert.match(await reading(local), /Neu im Rollenkatalog[\s\S]*Wahlhelfer berufen/);
  await is_sound(local, 'angebot');
  await local.click('a[href*="role=meso.wahlhelfer"]');
  assert.ok(await local.isChecked('input[value="meso.wahlhelfer"]'));
  await local.context().close();
});

test('D4: keys are rotated at a button that says what will happen', async () => {
  const page = await console_of('dikom', 'martina.schwarz');
  await page.goto(`${here.issuer}/console/keys`);
  assert.match(await reading(page), /bleiben zur Prüfung veröffentlicht bis/);
  await is_sound(page, 'schluessel');
  const rows = (await page.$$('tbody tr')).length;
  await page.click('main form button');
  await page.waitForSelector('.kern-alert--success', { timeout: 90_000 });
  assert.match(await told(page), /gewechselt/);
  // The running service takes the new file within seconds; the page is asked until it shows.
  await page.waitForFunction(async (before) => {
    const text = await (await fetch('/console/keys')).text();
    return new DOMParser().parseFromString(text, 'text/html').querySelectorAll('tbody tr').length > before;
  }, rows);
  await page.context().close();
});

test('D5: an operator registers a client; the association approves; tokens, secret and failures', async () => {
  const page = await console_of('dikom', 'henry.paulick');
  await page.goto(`${here.issuer}/console/applications/groupware/clients/new`);
  await is_sound(page, 'client-neu');
  await page.fill('#id', 'groupware-mobil');
  await page.fill('#purpose', 'Anmeldung auf dem Diensttelefon');
  await page.fill('#redirect_uris', 'https://mobil.groupware.example/callback');
  await page.fill('#scopes', 'openid profile');
  await page.fill('#why', 'Diensttelefone');
  await page.click('button[value="save"]');
  assert.match(await told(page), /gespeichert/);
  assert.match(await reading(page), /wartet auf die Freigabe/);
  assert.equal(await page.$('button[value="approve"]'), null);
  // Another application is not his to change.
  await page.goto(`${here.issuer}/console/members/lebus`);
  assert.match(await alert(page), /gehört nicht/);

  const central = await console_of('dikom', 'martina.schwarz');
  await central.click('a[href$="/clients/groupware-mobil"]');
  await central.click('button[value="approve"]');
  assert.equal(await told(central), 'Freigegeben.');

  const client = `${here.issuer}/console/applications/groupware/clients/groupware-mobil`;
  await page.goto(client);
  await page.click('button[value="secret"]');
  const first = (await page.innerText('.kern-alert--success .kp-code')).trim();
  await page.click('button[value="secret"]');
  const second = (await page.innerText('.kern-alert--success .kp-code')).trim();
  assert.notEqual(first, second);
  const status_of = async (secret) => {
    const authorization = `Basic ${Buffer.from(`groupware-mobil:${secret}`).toString('base64')}`;
    const answer = await page.request.post(`${here.issuer}/token`, { headers: { authorization },
      form: { grant_type: 'authorization_code', code: 'x', redirect_uri: 'https://x.example' } });
    return (await answer.json()).error;
  };
  assert.equal(await status_of(first), 'invalid_grant');
  assert.equal(await status_of(second), 'invalid_grant');
  await page.goto(client);
  await page.click('button[value="end-secret"]');
  assert.match(await told(page), /gespeichert/);
  assert.equal(await status_of(first), 'invalid_client');
  assert.equal(await status_of(second), 'invalid_grant');
  assert.equal(await page.evaluate(async () => (await fetch('/authorize?client_id=groupware-mobil&response_type=code&redirect_uri=https://falsch.example/x')).status), 400);
  await page.goto(client);
  const text = await reading(page);
  assert.match(text, /invalid_client/);
  assert.match(text, /redirect_uri https:\/\/falsch\.example\/x/);
  await is_sound(page, 'client');
  await page.goto(`${client}/claims`);
  assert.match(await reading(page), /nicht gebucht/);
  // The association books it for itself and gives him a mailbox; then he sees what the client gets.
  await central.goto(`${here.issuer}/console/members/dikom`);
  await central.click('form[action="/console/subscriptions"]:has(input[value="groupware"]) button');
  assert.equal(await told(central), 'Die Buchung ist geändert.');
  await central.goto(`${here.issuer}/console/mappings/new?member=dikom&role=groupware.postfach`);
  await central.fill('#id', 'dikom-betrieb-postfach');
  await central.fill('#group', 'GG_Kommpass_Betrieb');
  await central.fill('#why', 'Probe der Anmeldung');
  await central.click('button[value="preview"]');
  await central.waitForSelector('.kp-strong');
  await central.click('button[value="activate"]');
  assert.equal(await told(central), 'Die Zuordnung ist aktiv.');
  await central.context().close();
  await page.goto(`${client}/claims`);
  const shown = await reading(page);
  assert.match(shown, /Zugang: ja/);
  assert.match(shown, /preferred_username henry\.paulick@dikom\.example Benutzername/);
  assert.match(shown, /roles \["groupware\.postfach"\] Rollen in dieser Anwendung/);
  await is_sound(page, 'client-tokens');
  await page.context().close();
});

test('D6: who had access on a day is answered with its reasons, for a purpose, and recorded', async () => {
  const page = await console_of('dikom', 'ilona.baer');
  await page.fill('#purpose', 'Az. 21/2026');
  await page.click('main form button');
  await page.waitForSelector('#sign-ins');
  await page.goto(`${here.issuer}/console/past`);
  await page.selectOption('#member', 'lebus');
  await page.selectOption('#application', 'dms');
  await page.fill('#day', new Date().toLocaleDateString('sv-SE', { timeZone: 'Europe/Berlin' }));
  await page.fill('#purpose', 'Az. 21/2026');
  await page.click('main form button');
  await page.waitForSelector('table');
  assert.match(await reading(page), /Amt Lebus, dms[\s\S]*Personen/);
  assert.match(await page.innerText('tbody'), /dms\.lesen/);
  await is_sound(page, 'rueckblick');
  await page.fill('#day', '2020-03-03');
  await page.fill('#purpose', 'Az. 21/2026');
  await page.click('main form button');
  await page.waitForSelector('[role="alert"]');
  assert.match(await alert(page), /noch keine Regeln/);
  await page.goto(`${here.issuer}/console/processing`);
  assert.match(await reading(page), /groupware-web[\s\S]*gemeinsamen Adressbuch[\s\S]*email/);
  await is_sound(page, 'verarbeitung');
  await page.context().close();
});

// As if the receiver of this topic had refused it for good.
const put_dead_letters = (count) => execFileSync('sqlite3', [
  '-cmd', '.timeout 5000', join(process.env.KOMMPASS_TEST_FOLDER, 'environment', 'kommpass', 'kommpass.db'),
  `INSERT INTO outbox (topic, lane, payload_json, created_at, due_at, attempts, last_error, dead_at)
   SELECT 'test.nobody', 'https://verfahren-' || value || '.example/backchannel-logout', '{}', 1793952000000, 1793952000000, 12,
   'answered 404 Not Found', 1793955600000 FROM generate_series(1, ${count})`]);

test('D4: what could not be delivered is tried again or discarded for a reason', async () => {
  const page = await console_of('dikom', 'martina.schwarz');
  await page.goto(`${here.issuer}/console/outbox`);
  assert.match(await reading(page), /Alles ist zugestellt oder noch unterwegs/);
  await is_sound(page, 'ausgang-leer');
  put_dead_letters(2);
  await page.goto(`${here.issuer}/console/outbox`);
  assert.match(await reading(page), /verfahren-1\.example[\s\S]*12[\s\S]*answered 404 Not Found[\s\S]*verfahren-2\.example/);
  await is_sound(page, 'ausgang');
  await page.click('form:has(input[value="retry"]) button');
  assert.match(await told(page), /noch einmal zugestellt/);
  assert.doesNotMatch(await reading(page), /verfahren-1/);
  await page.fill('input[name="why"]', 'Verfahren ist abgebaut');
  await page.click('form:has(input[value="discard"]) button');
  assert.match(await told(page), /verworfen/);
  assert.match(await reading(page), /Alles ist zugestellt oder noch unterwegs/);
  await page.context().close();
});

test('D5: a person is erased, once it is confirmed that this is for good', async () => {
  const employee = await chromium.new_page();
  await employee.goto(`${here.issuer}/account`);
  await sign_in(employee, here.account('lebus', 'guenter.foerster'));
  await employee.waitForSelector('h1');

  const page = await console_of('dikom', 'martina.schwarz');
  await page.goto(`${here.issuer}/console/persons`);
  await page.selectOption('select[name="member"]', 'lebus');
  await page.fill('input[name="user_name"]', 'guenter.foerster');
  await page.click('main form button');
  await page.waitForSelector('#erasure');
  await is_sound(page, 'loeschung');
  await page.fill('#erasure-why', 'Antrag vom 3. November');
  await page.locator('input[name="confirmed"]').evaluate((box) => box.removeAttribute('required'));
  await page.click('form[action$="/erase"] button');
  assert.match(await alert(page), /nicht rückgängig/);
  await page.fill('#erasure-why', 'Antrag vom 3. November');
  await page.check('input[name="confirmed"]');
  await page.click('form[action$="/erase"] button');
  assert.match(await told(page), /Die Person ist gelöscht/);

  await employee.goto(`${here.issuer}/account`);
  assert.ok(await employee.$('input[type="password"]'), 'the browser is signed out');
  await employee.context().close();
  await page.context().close();
});
