// A member joins, sets its directory up in five steps, and leaves (days D3 and D4). In a real browser, with real
// directories.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { alert, browser, console_in, is_sound, press, reading, told } from './browser.mjs';
import { world } from './world.mjs';

const here = world();
const chromium = browser();
const console_of = console_in(chromium, here);

const step = (page, number) => page.goto(`${here.issuer}/console/members/seelow/set-up?step=${number}`);

let invitation;

test('D4: a member is created from a template and invited; nothing is active before', async () => {
  const page = await console_of('dikom', 'martina.schwarz');
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
  const central = await console_of('dikom', 'stefan.lorenz');
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

test('D3: a directory in force is led elsewhere by two people, and the second sees what changes', async () => {
  const local = await chromium.new_page();
  await local.goto(`${here.issuer}/console`);
  await local.fill('input[name="username"]', 'joerg.krueger');
  await press(local, 'continue');
  await press(local, 'choose:seelow');
  await local.fill('input[name="password"]', here.account('lebus', 'joerg.krueger').password);
  await press(local, 'sign-in');
  await local.waitForSelector('body.kp-console');
  await step(local, 4);
  await local.fill('#group_base', 'dc=lebus,dc=example');
  await local.click('button[value="test"]');
  await local.waitForSelector('li:has-text("Anna Noack")');
  await step(local, 5);
  await local.click('button[value="activate"]');
  assert.match(await reading(local), /wartet auf eine zweite Person/);
  assert.match(await reading(local), /beantragt von Jörg Krüger[\s\S]*eine andere Person muss zustimmen/);
  assert.equal(await local.$('button[value="approve"]'), null);
  await is_sound(local, 'umstellung-wartet');
  await local.context().close();

  const central = await console_of('dikom', 'stefan.lorenz');
  await step(central, 5);
  assert.match(await reading(central), /group_base = "ou=groups,dc=lebus,dc=example"/);
  assert.match(await reading(central), /group_base = "dc=lebus,dc=example"/);
  assert.match(await reading(central), /beantragt von Jörg Krüger/);
  await is_sound(central, 'umstellung-zustimmen');
  await central.click('button[value="approve"]');
  assert.match(await told(central), /in Betrieb/);
  assert.doesNotMatch(await reading(central), /wartet auf eine zweite Person/);
  await central.context().close();
});

test('D4: a member leaves; its people are gone from the service', async () => {
  const page = await console_of('dikom', 'martina.schwarz');
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
