// The console as its administrators walk through it (days D2 to D6), in a real browser; every page is
// looked at by axe-core, wide and narrow. With KOMMPASS_SCREENSHOTS set, each page is saved there as a
// picture for the handbook.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { alert, browser, console_in, is_sound, press, reading, sign_in, told } from './browser.mjs';
import { world } from './world.mjs';

const here = world();
const chromium = browser();
const console_of = console_in(chromium, here);

async function find_person(page, member, user_name) {
  await page.goto(`${here.issuer}/console/persons`);
  await page.selectOption('#member', member);
  await page.fill('#user_name', user_name);
  await page.click('main form button');
  await page.waitForSelector('#held');
}

test('D4: central administration sees every member, its directory and what waits', async () => {
  const page = await console_of('dikom', 'martina.schwarz');
  const text = await reading(page);
  for (const name of ['Amt Lebus', 'Stadt Cottbus', 'Stadt Senftenberg', 'DIKOM']) assert.match(text, new RegExp(name));
  assert.match(text, /antwortet/);
  await is_sound(page, 'uebersicht');
  for (const [path, name] of [
    ['members/lebus', 'verwaltung'], ['applications', 'anwendungen'], ['applications/prodoppik', 'anwendung'],
    ['mappings', 'zuordnungen'], ['mappings/lebus-meldeamt', 'zuordnung'], ['persons', 'personen'],
    ['approvals', 'freigaben'], ['campaigns', 'pruefungen'], ['revisions', 'verlauf'], ['revisions/1', 'revision'],
    ['audit', 'protokoll'], ['usage', 'nutzung'], ['roles', 'rollen'], ['past', 'rueckblick'],
    ['processing', 'verarbeitung'], ['keys', 'schluessel'], ['members/new', 'neue-verwaltung'],
    ['members/lebus/set-up', 'einrichten'], ['applications/groupware/clients/groupware-web', 'client'],
    ['applications/groupware/roles/groupware.postfach', 'rolle'],
  ]) {
    await page.goto(`${here.issuer}/console/${path}`);
    await is_sound(page, name);
  }
  await page.context().close();
});

test('the form of a client has all that its entry may say, in groups that are closed where it says nothing', async () => {
  const page = await console_of('dikom', 'martina.schwarz');
  const client = `${here.issuer}/console/applications/groupware/clients/groupware-web`;
  await page.goto(client);
  const groups = page.locator('#registration ~ form details');
  assert.equal(await groups.count(), 4);
  for (const group of await groups.all()) {
    if (await group.getAttribute('open') !== null) continue;
    await group.locator('summary').focus();
    await page.keyboard.press('Enter');
    assert.ok(await group.locator('input, select, textarea').last().isVisible());
  }
  await is_sound(page, 'client-gruppen');
  await page.fill('#default_max_age', '3600');
  await page.fill('#default_acr_values', 'urn:kommpass:acr:password');
  await page.fill('#why', 'Anmeldung je Stunde');
  await press(page, 'save');
  await page.waitForSelector('[role="status"]');
  assert.equal(await page.inputValue('#default_max_age'), '3600');
  assert.equal(await page.inputValue('#default_acr_values'), 'urn:kommpass:acr:password');
  // What says something stands open, what says nothing is closed again.
  await page.goto(client);
  assert.ok(await page.isVisible('#default_max_age'));
  await page.fill('#default_max_age', '');
  await page.fill('#default_acr_values', '');
  await page.fill('#why', 'wieder ohne');
  await press(page, 'save');
  await page.waitForSelector('[role="status"]');
  assert.ok(!(await page.isVisible('#default_max_age')));
  await page.context().close();
});

test('every page fits a phone, and is free of faults in the dark', async () => {
  const page = await console_of('dikom', 'martina.schwarz',
    { colorScheme: 'dark', viewport: { width: 390, height: 800 } });
  for (const path of ['', 'members/lebus', 'applications/dms', 'mappings/lebus-meldeamt', 'persons', 'approvals',
    'campaigns', 'revisions', 'revisions/1', 'audit', 'usage', 'roles', 'past', 'processing', 'keys', 'members/new',
    'members/lebus/set-up', 'applications/groupware/clients/groupware-web', 'applications/groupware/roles/groupware.postfach']) {
    await page.goto(`${here.issuer}/console/${path}`.replace(/\/$/, ''));
    await is_sound(page, `telefon-${path.replaceAll('/', '-') || 'uebersicht'}`);
  }
  await page.context().close();
});

test('D3: an administrator maps a group, sees the effect first, and activates what was foretold', async () => {
  const page = await console_of('lebus', 'joerg.krueger');
  await page.goto(`${here.issuer}/console/mappings/new?member=lebus`);
  await page.fill('#id', 'lebus-registratur-aktenplan');
  await page.fill('#group', 'GG_Registratur');
  await page.check('input[name="role"][value="dms.aktenplan"]');
  await page.fill('#why', 'Aktenplan pflegen');
  await page.click('button[value="preview"]');
  await page.waitForSelector('.kp-strong');
  const foretold = await page.innerText('.kp-strong');
  assert.match(foretold, /^3 Personen erhalten Rollen, 0 verlieren Rollen/);
  await is_sound(page, 'wirkung');
  await page.click('button[value="activate"]');
  await page.waitForSelector('[role="status"]');
  assert.equal(await told(page), 'Die Zuordnung ist aktiv.');

  await page.goto(`${here.issuer}/console/roles?member=lebus`);
  await page.click('main form button');
  await page.waitForSelector('table');
  await page.fill('#filter', 'aktenplan');
  await page.click('form[method="get"] button');
  await page.waitForSelector('table');
  assert.equal((await page.$$('tbody tr')).length, 3);
  await is_sound(page, 'wer-hat-was');
  const csv = await page.evaluate(async (href) => (await fetch(href)).text(),
    await page.getAttribute('a[href^="/console/roles.csv"]', 'href'));
  assert.match(csv, /dms\.aktenplan/);
  await page.context().close();
});

test('D3: a person is shown with the way to each role, and told why a role is missing', async () => {
  const page = await console_of('lebus', 'joerg.krueger');
  await find_person(page, 'lebus', 'anna.noack');
  const text = await reading(page);
  assert.match(text, /Anna Noack/);
  assert.match(await page.innerText('.kp-path'), /Anna Noack[\s\S]*GG_/);
  await page.selectOption('#application', 'autista');
  await page.click('form[method="get"] button');
  assert.match(await reading(page), /nicht Mitglied der Gruppe GG_Standesamt/);
  await is_sound(page, 'person');
  // Somebody of another town does not exist here.
  assert.deepEqual(await page.$$eval('#nothing', (all) => all.length), 0);
  await page.goto(`${here.issuer}/console/members/cottbus`);
  assert.match(await alert(page), /gehört nicht zu Ihrer Verwaltung/);
  await page.context().close();
});

test('D2: a sensitive role is asked for, approved by a second person, holds, and is ended', async () => {
  const asking = await console_of('lebus', 'joerg.krueger');
  await find_person(asking, 'lebus', 'sabine.schoenfeld');
  const address = asking.url();
  await asking.selectOption('#role', 'fed.rollenverwaltung');
  await asking.fill('#grant-reason', 'Vertretung im Dezember');
  await asking.fill('#grant-until', '2099-12-31');
  await asking.click('form[action$="/grant"] button');
  assert.match(await told(asking), /Eine zweite Person muss ihn freigeben/);
  await asking.goto(`${here.issuer}/console/approvals`);
  assert.equal(await asking.$('button[value="approve"]'), null);
  assert.match(await reading(asking), /jemand anderes muss es freigeben/);

  const approving = await console_of('lebus', 'ralf.huebner');
  await approving.goto(`${here.issuer}/console/approvals`);
  assert.match(await reading(approving), /Sabine Schönfeld[\s\S]*Vertretung im Dezember/);
  await is_sound(approving, 'freigabe');
  await approving.click('button[value="approve"]');
  assert.equal(await told(approving), 'Freigegeben.');

  await asking.goto(address);
  assert.match(await reading(asking), /freigegeben · fed\.rollenverwaltung · Ralf Hübner/);
  assert.match(await asking.innerText('#held ~ ul'), /Rollenverwaltung/);
  await is_sound(asking, 'person-mit-vergabe');
  await asking.fill('form[action="/console/approvals/end"] input[name="why"]', 'früher zurück');
  await asking.click('form[action="/console/approvals/end"] button');
  assert.equal(await told(asking), 'Beendet.');
  await asking.context().close();
  await approving.context().close();
});

test('D2: a role for the neighbour is agreed by the neighbour, and withdrawn', async () => {
  const page = await console_of('lebus', 'joerg.krueger');
  await page.goto(`${here.issuer}/console/approvals`);
  assert.match(await reading(page), /senftenberg-standesamt-fuer-lebus[\s\S]*gilt mit Zustimmung für Amt Lebus/);
  await page.click('button[name="agreed"][value="no"]');
  assert.equal(await told(page), 'Die Zustimmung ist gespeichert.');
  assert.match(await reading(page), /soll gelten für Amt Lebus/);
  await page.click('button[name="agreed"][value="yes"]');
  assert.match(await reading(page), /gilt mit Zustimmung für Amt Lebus/);
  await page.context().close();
});

test('D3: the directory is tested from the console; D6: what is held on a person is a file', async () => {
  const page = await console_of('lebus', 'joerg.krueger');
  await page.goto(`${here.issuer}/console/members/lebus`);
  await page.click('form[action$="/directory-test"] button');
  await page.waitForSelector('.kp-held');
  assert.match(await reading(page), /Das Verzeichnis ist in Ordnung/);
  await is_sound(page, 'verzeichnis-pruefen');
  await find_person(page, 'lebus', 'anna.noack');
  const held = await page.evaluate(async (href) => (await fetch(href)).json(),
    await page.getAttribute('a[href$="/personal-data.json"]', 'href'));
  assert.equal(held.member, 'lebus');
  assert.ok(Array.isArray(held.audit_log));
  await page.context().close();
});

test('sessions are ended at a press, and the person has to sign in again', async () => {
  const employee = await chromium.new_page();
  await employee.goto(`${here.issuer}/account`);
  await sign_in(employee, here.account('lebus', 'ute.kuehn'));
  await employee.waitForSelector('.kp-sessions');
  const page = await console_of('lebus', 'joerg.krueger');
  await find_person(page, 'lebus', 'ute.kuehn');
  await page.fill('#sessions-why', 'Gerät verloren');
  await page.click('form[action$="/end-sessions"] button');
  assert.equal(await told(page), 'Die Sitzungen sind beendet.');
  await employee.goto(`${here.issuer}/account`);
  assert.ok(await employee.$('input[name="username"]'));
  await page.context().close();
  await employee.context().close();
});

test('a review is begun, confirmed and ended; its progress shows', async () => {
  const page = await console_of('lebus', 'joerg.krueger');
  await page.goto(`${here.issuer}/console/campaigns`);
  await page.fill('#title', 'Herbstprüfung');
  await page.fill('#due', '2099-12-31');
  await page.selectOption('#member', 'lebus');
  await page.click('main form button');
  await page.waitForSelector('progress[max]');
  await page.click('a[href^="/console/campaigns/"]');
  await page.waitForSelector('table');
  await is_sound(page, 'pruefung');
  // Nobody confirms their own role, and whose stands first is the directory's choice.
  await page.click('tr:not(:has-text("Jörg Krüger")) button[name="answer"][value="confirm"]');
  assert.equal(await told(page), 'Die Antwort ist gespeichert.');
  assert.match(await reading(page), /bestätigt/);
  await page.goto(`${here.issuer}/console/campaigns`);
  assert.match(await reading(page), /1 \/ \d+ beantwortet/);
  await page.context().close();
});

test('D6: the auditor searches for a stated purpose only, changes nothing, and is recorded', async () => {
  const page = await console_of('dikom', 'ilona.baer');
  assert.match(await reading(page), /Nennen Sie den Zweck/);
  await is_sound(page, 'zweck');
  await page.goto(`${here.issuer}/console/members/lebus`);
  assert.doesNotMatch(await reading(page), /ou=people/);
  await page.fill('#purpose', 'Az. 17/2026');
  await page.click('main form button');
  await page.waitForSelector('#sign-ins');
  await page.goto(`${here.issuer}/console/audit`);
  await page.fill('#purpose', 'Az. 17/2026');
  await page.fill('#event', 'sign_in');
  await page.click('main form button.kern-btn--primary');
  await page.waitForSelector('table');
  assert.match(await reading(page), /sign_in\.success/);
  await is_sound(page, 'protokoll-treffer');
  await page.fill('#event', 'audit.viewed');
  await page.click('main form button.kern-btn--primary');
  assert.match(await reading(page), /Az\. 17\/2026/);
  await page.click('form[action="/console/audit/verification"] button');
  await page.waitForSelector('.kp-facts');
  assert.match(await reading(page), /Das Protokoll ist vollständig und unverändert/);
  await is_sound(page, 'protokoll-vollstaendig');
  await page.goto(`${here.issuer}/console/mappings/lebus-meldeamt`);
  assert.equal(await page.$('button[value="preview"]'), null);
  await page.context().close();
});

test('a revision is read and rolled back by the association', async () => {
  const page = await console_of('dikom', 'stefan.lorenz');
  await page.goto(`${here.issuer}/console/members/cottbus`);
  await page.click('form[action="/console/subscriptions"]:has(input[value="loga"]) button');
  assert.equal(await told(page), 'Die Buchung ist geändert.');
  await page.goto(`${here.issuer}/console/revisions`);
  await page.click('tbody a');
  assert.match(await reading(page), /subscriptions\/cottbus\/loga/);
  await page.fill('#why', 'Irrtum');
  await page.click('main form button');
  assert.equal(await told(page), 'Der frühere Stand ist wiederhergestellt.');
  await page.goto(`${here.issuer}/console/members/cottbus`);
  assert.match(await page.innerText('tr:has(a[href$="/loga"])'), /nein/);
  // Before a booking ends it is shown who loses what.
  await page.click('form[action="/console/subscriptions"]:has(input[value="groupware"]) button');
  await page.waitForSelector('#effect');
  assert.match(await reading(page), /\d+ Personen verlieren den Zugang/);
  await is_sound(page, 'buchung-beenden');
  await page.fill('#why', 'Kündigung');
  await page.click('button[value="end"]');
  assert.equal(await told(page), 'Die Buchung ist geändert.');
  await page.click('form[action="/console/subscriptions"]:has(input[value="groupware"]) button');
  assert.equal(await told(page), 'Die Buchung ist geändert.');
  await page.context().close();
});

test('a roll-back that would take a member along asks for its name', async () => {
  const page = await console_of('dikom', 'stefan.lorenz');
  await page.goto(`${here.issuer}/console/members/new`);
  await page.fill('#slug', 'zwei');
  await page.fill('#name', 'Gemeinde Zwei');
  await page.fill('#domains', 'zwei.example');
  await page.fill('#why', 'Beitritt');
  await page.click('main form button');
  await page.goto(`${here.issuer}/console/revisions`);
  await page.click('tbody a');
  await page.fill('#why', 'Versehen');
  await page.click('form[action$="/rollback"] button');
  assert.match(await alert(page), /verschwänden diese Mitglieder.*zwei/);
  assert.equal(await page.inputValue('#why'), 'Versehen');
  await is_sound(page, 'revision-mit-mitglied');
  await page.fill('#remove_members', 'zwei');
  await page.click('form[action$="/rollback"] button');
  assert.equal(await told(page), 'Der frühere Stand ist wiederhergestellt.');
  await page.context().close();
});

test('who has no role in administration is told so; a forged form does nothing', async () => {
  const nobody = await chromium.new_page();
  await nobody.goto(`${here.issuer}/console`);
  await sign_in(nobody, here.account('lebus', 'anna.noack'));
  // Who gives roles is known once the service has looked at the directories.
  while (!/Diese Rollen vergeben bei Ihnen: Jörg Krüger/.test(await reading(nobody))) await nobody.reload();
  assert.match(await reading(nobody), /fehlt Ihnen eine Rolle/);
  const letter = decodeURIComponent(await nobody.getAttribute('a[href^="mailto:"]', 'href'));
  assert.match(letter, /^mailto:joerg\.krueger@amt-lebus\.example\?[\s\S]*\/console\/persons\/[\s\S]*Anna Noack$/);
  await is_sound(nobody, 'ohne-rolle');
  const page = await console_of('lebus', 'joerg.krueger');
  const answer = await page.evaluate(async () => {
    const sent = await fetch('/console/language', { method: 'POST', body: new URLSearchParams({ csrf: 'x', lang: 'en' }) });
    return sent.status;
  });
  assert.equal(answer, 403);
  await page.click('footer button[value="en"]');
  assert.match(await reading(page), /Overview/);
  await is_sound(page, 'english');
  await nobody.context().close();
  await page.context().close();
});
