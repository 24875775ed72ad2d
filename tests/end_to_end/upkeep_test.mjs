// Days D2 to D6 as far as they are about upkeep: an employee asks for a deputy, a member joins and sets its directory up, the
// association publishes roles and rotates keys, an operator looks after a client, an auditor looks
// back. In a real browser, with real directories.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { browser, faults, press, reading, sign_in } from './browser.mjs';
import { world } from './world.mjs';

const here = world();
const chromium = browser();

async function is_sound(page, name) {
  assert.deepEqual(await faults(page), [], name);
  const room = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  assert.ok(room[0] <= room[1], `${name} is ${room[0]} px wide in ${room[1]} px`);
  const folder = process.env.KOMMPASS_SCREENSHOTS;
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
  await page.setViewportSize({ width: 320, height: 800 });
  await page.screenshot({ path: join(folder, `${name}-320.png`), fullPage: true });
  const narrow = await page.evaluate(() => document.documentElement.scrollWidth);
  await page.setViewportSize({ width: 1280, height: 720 });
  assert.ok(narrow <= 320, `${name} is ${narrow} px wide in 320 px`);
}

async function console_of(user_name, member = 'dikom') {
  const page = await chromium.new_page();
  await page.goto(`${here.issuer}/console`);
  await sign_in(page, here.account(member, user_name));
  await page.waitForSelector('body.kp-console');
  return page;
}

const alert = async (page) => (await page.innerText('[role="alert"]')).replace(/\s+/g, ' ');
const told = async (page) => (await page.innerText('.kern-alert--success')).replace(/\s+/g, ' ').trim();
const step = (page, number) => page.goto(`${here.issuer}/console/members/seelow/set-up?step=${number}`);

let invitation;

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

  const head = await console_of('ralf.huebner', 'lebus');
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

test('D4: a member is created from a template and invited; nothing is active before', async () => {
  const page = await console_of('martina.schwarz');
  await page.goto(`${here.issuer}/console/members/new`);
  await is_sound(page, 'neue-verwaltung');
  await page.fill('#slug', 'seelow');
  await page.fill('#name', 'Stadt Seelow');
  await page.fill('#domains', 'seelow.example');
  await page.selectOption('#like', 'lebus');
  await page.fill('#why', 'Beschluss der Verbandsversammlung vom 20. November');
  await page.click('main form button');
  assert.match(await told(page), /Die Verwaltung ist angelegt/);
  assert.match(await reading(page), /wird eingerichtet/);
  await is_sound(page, 'verwaltung-neu');
  await page.click('form[action$="/invitation"] button');
  invitation = await page.inputValue('#link');
  assert.match(invitation, /\/invitation\?code=/);
  assert.match(await page.getAttribute('a[href^="mailto:"]', 'href'), /invitation/);
  await is_sound(page, 'einladung');
  // Nobody can choose the member yet.
  const employee = await chromium.new_page();
  await employee.goto(`${here.issuer}/account`);
  await employee.fill('input[name="username"]', 'anna.noack');
  await press(employee, 'continue');
  await employee.waitForSelector('button[value^="choose:"]');
  assert.equal(await employee.$('button[value="choose:seelow"]'), null);
  await employee.context().close();
  await page.context().close();
});

test('D3: whoever is invited sets the directory up in five steps; each mistake is named', async () => {
  const directory = here.directories.find((one) => one.member === 'lebus');
  const server = directory.url.replace('ldaps://', '');
  const page = await chromium.new_page();
  await page.goto(invitation);
  assert.match(await reading(page), /gilt einmal/);
  await is_sound(page, 'einladung-annehmen');
  await page.click('form button');
  await page.waitForSelector('.kp-steps');
  // The invitation leads nowhere else.
  await page.goto(`${here.issuer}/console/members/lebus`);
  assert.match(page.url(), /members\/seelow\/set-up/);

  await page.selectOption('#vendor', 'openldap');
  await page.fill('#urls', 'verzeichnis.seelow.invalid');
  await page.fill('#help_contact', 'Rathaus Seelow, Telefon 03346 802-0');
  await is_sound(page, 'einrichten-1');
  await page.click('main form button.kern-btn--primary');
  await page.click('button[value="fetch"]');
  await page.waitForSelector('.kp-held');
  assert.match(await reading(page), /Der Name lässt sich nicht auflösen/);
  await is_sound(page, 'einrichten-2-falscher-name');

  await step(page, 1);
  await page.fill('#urls', server);
  await page.click('main form button.kern-btn--primary');
  await page.click('button[value="fetch"]');
  await page.waitForSelector('.kp-held');
  assert.match(await reading(page), /Der Aussteller des Zertifikats ist unbekannt/);
  assert.match(await reading(page), /[0-9A-F]{2}(:[0-9A-F]{2}){31}/);
  await is_sound(page, 'einrichten-2');
  await page.click('button[value="trust"]');
  assert.match(await told(page), /Das Zertifikat ist bestätigt/);

  await page.fill('#bind_dn', directory.bind_dn);
  await page.fill('#bind_password', 'falsch');
  await is_sound(page, 'einrichten-3');
  await page.click('main form button.kern-btn--primary');
  await page.fill('#person_base', 'ou=leute,dc=lebus,dc=example');
  await page.fill('#group_base', 'ou=groups,dc=lebus,dc=example');
  await page.click('button[value="test"]');
  await page.waitForSelector('.kp-held');
  assert.match(await reading(page), /Das Dienstkonto wird abgelehnt/);

  await step(page, 3);
  await page.fill('#bind_password', directory.bind_password);
  await page.click('main form button.kern-btn--primary');
  await page.click('button[value="test"]');
  await page.waitForSelector('.kp-held');
  assert.match(await reading(page), /Diese Basis gibt es nicht/);
  await step(page, 5);
  assert.match(await reading(page), /Prüfen Sie zuerst/);
  assert.equal(await page.$('button[value="activate"]'), null);

  await step(page, 4);
  await page.fill('#person_base', 'ou=people,dc=lebus,dc=example');
  await page.click('button[value="test"]');
  await page.waitForSelector('li:has-text("Anna Noack")');
  assert.match(await reading(page), /Das Verzeichnis ist in Ordnung/);
  // When the server locks accounts is found out, and taken over.
  assert.match(await reading(page), /Seine Zahlen sind übernommen/);
  assert.equal(await page.inputValue('#lockout_threshold'), '50');
  assert.equal(await page.inputValue('#lockout_minutes'), '30');
  assert.match(await reading(page), /So erscheinen Ihre Leute[\s\S]*Anna Noack, anna\.noack/);
  await is_sound(page, 'einrichten-4');
  await step(page, 5);
  await is_sound(page, 'einrichten-5');
  await page.fill('#administrator', 'niemand.hier');
  await page.click('button[value="activate"]');
  assert.match(await alert(page), /Diese Person kennt das Verzeichnis nicht/);
  await page.fill('#administrator', 'joerg.krueger');
  await page.click('button[value="activate"]');
  assert.match(await told(page), /in Betrieb/);
  await is_sound(page, 'einrichten-fertig');
  // What is in force is not the invitation's to change.
  await step(page, 1);
  await page.fill('#urls', 'anderswo.example');
  await page.click('main form button.kern-btn--primary');
  assert.match(await alert(page), /schon eingerichtet/);
  await page.context().close();

  const again = await chromium.new_page();
  await again.goto(invitation);
  await again.click('form button');
  assert.equal(await again.$('.kp-steps'), null);
  await again.context().close();
});

test('D3: the new administrator is approved by the association, and administers this member only', async () => {
  const central = await console_of('stefan.lorenz');
  await central.goto(`${here.issuer}/console/approvals`);
  assert.match(await reading(central), /Verzeichnis eingerichtet/);
  await central.click('li:has-text("Verzeichnis eingerichtet") button[value="approve"]');
  await central.context().close();

  const page = await chromium.new_page();
  await page.goto(`${here.issuer}/console`);
  await page.fill('input[name="username"]', 'joerg.krueger');
  await press(page, 'continue');
  await press(page, 'choose:seelow');
  await page.fill('input[name="password"]', here.account('lebus', 'joerg.krueger').password);
  await press(page, 'sign-in');
  await page.waitForSelector('body.kp-console');
  assert.match(await reading(page), /Stadt Seelow/);
  assert.doesNotMatch(await reading(page), /Amt Lebus/);
  await page.goto(`${here.issuer}/console/mappings/new?member=seelow`);
  await page.fill('#id', 'seelow-meldeamt');
  await page.fill('#group', 'GG_Meldeamt');
  await page.check('input[name="role"][value="meso.sachbearbeitung"]');
  await page.fill('#why', 'Meldeamt arbeitet mit MESO');
  await page.click('button[value="preview"]');
  await page.waitForSelector('.kp-strong');
  assert.match(await page.innerText('.kp-strong'), /Personen erhalten Rollen, 0 verlieren/);
  await page.click('button[value="activate"]');
  assert.equal(await told(page), 'Die Zuordnung ist aktiv.');
  // A change of the address asks for the password again.
  await page.goto(`${here.issuer}/console/members/seelow/set-up?step=1`);
  await page.fill('#urls', `${await page.inputValue('#urls')}\nldaps://127.0.0.1:1`);
  await page.click('main form button.kern-btn--primary');
  await step(page, 3);
  assert.doesNotMatch(await reading(page), /Ein Kennwort ist gespeichert/);
  await page.click('button[value="give-up"]');
  assert.match(await told(page), /verworfen/);
  await page.context().close();
});

test('D4: a role is published; members see it as an offer with its text', async () => {
  const page = await console_of('martina.schwarz');
  await page.goto(`${here.issuer}/console/applications/meso/roles/new`);
  await is_sound(page, 'rolle-veroeffentlichen');
  await page.fill('#name', 'meso.wahlhelfer');
  await page.fill('#title_de', 'Wahlhelferverwaltung');
  await page.fill('#description_de', 'Wahlhelfer berufen und abrechnen; für die Wahl 2027.');
  await page.fill('#why', 'Rollenkatalog 2026-11');
  await page.click('button[value="save"]');
  assert.match(await told(page), /veröffentlicht/);
  await page.context().close();
  const local = await console_of('joerg.krueger', 'lebus');
  assert.match(await reading(local), /Neu im Rollenkatalog[\s\S]*Wahlhelfer berufen/);
  await is_sound(local, 'angebot');
  await local.click('a[href*="role=meso.wahlhelfer"]');
  assert.ok(await local.isChecked('input[value="meso.wahlhelfer"]'));
  await local.context().close();
});

test('D4: keys are rotated at a button that says what will happen', async () => {
  const page = await console_of('martina.schwarz');
  await page.goto(`${here.issuer}/console/keys`);
  assert.match(await reading(page), /bleiben zur Prüfung veröffentlicht bis/);
  await is_sound(page, 'schluessel');
  const rows = (await page.$$('tbody tr')).length;
  await page.click('main form button');
  await page.waitForSelector('.kern-alert--success');
  assert.match(await told(page), /gewechselt/);
  // The running service takes the new file within seconds; the page is asked until it shows.
  await page.waitForFunction(async (before) => {
    const text = await (await fetch('/console/keys')).text();
    return new DOMParser().parseFromString(text, 'text/html').querySelectorAll('tbody tr').length > before;
  }, rows);
  await page.context().close();
});

test('D5: an operator registers a client; the association approves; tokens, secret and failures', async () => {
  const page = await console_of('henry.paulick');
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

  const central = await console_of('martina.schwarz');
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
  const page = await console_of('ilona.baer');
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
  const page = await console_of('martina.schwarz');
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

  const page = await console_of('martina.schwarz');
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

test('D4: a member leaves; its people are gone from the service', async () => {
  const page = await console_of('martina.schwarz');
  await page.goto(`${here.issuer}/console/members/seelow`);
  await page.click('summary');
  await page.fill('#confirmation', 'lebus');
  await page.fill('#leave_why', 'Austritt zum Jahresende');
  await page.click('form[action$="/leaves"] button');
  assert.match(await alert(page), /Kürzel genau stimmen/);
  await page.goto(`${here.issuer}/console/members/seelow`);
  await page.click('summary');
  await page.fill('#confirmation', 'seelow');
  await page.fill('#leave_why', 'Austritt zum Jahresende');
  await page.click('form[action$="/leaves"] button');
  assert.match(await told(page), /Die Verwaltung ist entfernt/);
  await page.goto(`${here.issuer}/console/members/seelow`);
  assert.match(await alert(page), /gibt es nicht/);
  await page.context().close();
});
