// Two applications that nobody here wrote, in a real browser.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { arrives, browser, reading, shown, sign_in } from './browser.mjs';
import { world } from './world.mjs';

const here = world();
const chromium = browser();
const member_names = { lebus: /Lebus/, cottbus: /Cottbus/, senftenberg: /Senftenberg/ };

// Somebody of the member who may use both applications.
const user_of_both = (member) => here.accounts.find((one) => one.member === member &&
  one.expected.outcome === 'signed_in' &&
  ['groupware', 'dms'].every((key) => one.expected.applications[key].access === 'granted'));

for (const member of Object.keys(member_names)) {
  test(`a person of ${member} signs in once and uses both applications with the roles there`, async () => {
    const account = user_of_both(member);
    const page = await chromium.new_page();

    await page.goto(here.application('groupware').home_uri);
    assert.equal(new URL(page.url()).origin, here.issuer);
    await sign_in(page, account);
    await arrives(page, here.application('groupware').home_uri);
    const groupware = await shown(page);
    await page.goto(here.application('dms').home_uri);
    await arrives(page, here.application('dms').home_uri);
    const dms = await shown(page);
    await page.goto(here.application('groupware').home_uri);
    const again = await shown(page);

    assert.equal(groupware.name, account.name);
    assert.match(groupware.member_name, member_names[member]);
    assert.equal(groupware.member, member);
    assert.equal(groupware.user_name, `${account.user_name}@${account.mail.split('@')[1]}`);
    assert.equal(groupware.email, account.mail);
    assert.deepEqual(groupware.roles, account.expected.applications.groupware.roles);
    assert.equal(dms.name, account.name);
    assert.deepEqual(dms.roles, account.expected.applications.dms.roles);
    assert.deepEqual(again, groupware);
    await page.context().close();
  });
}

test('who lacks the role is told so, and stays signed in elsewhere', async () => {
  const account = here.account('lebus', 'gerda.weiss');
  const page = await chromium.new_page();
  await page.goto(here.application('groupware').home_uri);
  await sign_in(page, account);
  await arrives(page, here.application('groupware').home_uri);

  await page.goto(here.application('dms').home_uri);

  assert.equal(new URL(page.url()).origin, here.issuer);
  assert.match(await reading(page), /Rolle|Berechtigung|freigeschaltet/);
  await page.goto(here.application('groupware').home_uri);
  assert.equal((await shown(page)).name, account.name);
  await page.context().close();
});

test('a wrong password leads to no application, and the right one afterwards does', async () => {
  const account = here.account('lebus', 'anna.noack');
  const page = await chromium.new_page();
  await page.goto(here.application('groupware').home_uri);

  await sign_in(page, account, 'Falsch-Geraten-1');
  await page.waitForSelector('input[name="password"]');
  const refused = await reading(page);
  await page.fill('input[name="password"]', account.password);
  await page.click('button[name="action"][value="sign-in"]');
  await arrives(page, here.application('groupware').home_uri);

  assert.match(refused, /nicht|falsch/);
  assert.ok(!refused.includes('Falsch-Geraten-1'));
  assert.equal((await shown(page)).user_name, 'anna.noack@amt-lebus.example');
  await page.context().close();
});

test('the same name and password in two towns are two people', async () => {
  const seen = [];
  for (const member of ['lebus', 'cottbus']) {
    const account = here.account(member, 'mueller');
    const page = await chromium.new_page();
    await page.goto(here.application('groupware').home_uri);
    await page.fill('input[name="username"]', 'mueller');
    await page.click('button[name="action"][value="continue"]');
    await page.click(`button[name="action"][value="choose:${member}"]`);
    await page.fill('input[name="username"]', 'mueller');
    await page.fill('input[name="password"]', account.password);
    await page.click('button[name="action"][value="sign-in"]');
    await arrives(page, here.application('groupware').home_uri);
    seen.push((await shown(page)).name);
    await page.context().close();
  }
  assert.deepEqual(seen, ['Jürgen Müller', 'Monika Müller']);
});
