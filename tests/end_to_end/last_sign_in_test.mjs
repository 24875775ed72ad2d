// A password that has expired, and a directory (ppolicy, pwdGraceAuthNLimit) that lets in once more to change it.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { alert, arrives, browser, is_sound, press, reading, shown, sign_in } from './browser.mjs';
import { world } from './world.mjs';

const here = world();
const chromium = browser();
const directory = (member) => here.environment.directories[member];

// How often the expired passwords of the member's people are good for a sign-in.
const allow = (member, sign_ins) => directory(member).change(
  `dn: cn=ablauf,ou=policies,${directory(member).member.base}
changetype: modify
replace: pwdGraceAuthNLimit
pwdGraceAuthNLimit: ${sign_ins}
`);

async function at_the_page(member, user_name, options) {
  const account = here.account(member, user_name);
  const page = await chromium.new_page(options);
  await page.goto(here.application('groupware').home_uri);
  await sign_in(page, account);
  await page.waitForSelector('input[name="new-password"]');
  return { page, account };
}

async function change(page, account, wanted, again = wanted) {
  await page.fill('input[name="password"]', account.password);
  await page.fill('input[name="new-password"]', wanted);
  await page.fill('input[name="new-password-again"]', again);
  await press(page, 'change-password');
}

test('the last sign-in says so, survives a slip, and ends with a new password', async () => {
  await allow('lebus', 1);
  const { page, account } = await at_the_page('lebus', 'petra.jaeger');
  assert.match(await alert(page), /abgelaufen.*letzte Anmeldung.*zehn Minuten/);
  assert.equal(await page.$('button[value="later"]'), null);
  await is_sound(page, 'last sign-in');

  await change(page, account, 'Neues-Wort-27', 'Neues-Wort-72');
  await page.waitForFunction(() => /verschieden/.test(document.body.innerText));
  await change(page, account, 'Neues-Wort-27');
  await arrives(page, here.application('groupware').home_uri);
  assert.equal((await shown(page)).name, account.name);
  await page.context().close();
});

test('where two are left the page says how many, in English too', async () => {
  await allow('cottbus', 2);
  const { page, account } = await at_the_page('cottbus', 'boeschel', { locale: 'en-GB' });
  assert.match(await alert(page), /expired.*only one more sign-in is left/);
  await change(page, account, 'Neues-Wort-28');
  await arrives(page, here.application('groupware').home_uri);
  await page.context().close();
});

test('a service that was started anew has lost the connection: the truth, and what to do', async () => {
  await allow('senftenberg', 1);
  const { page, account } = await at_the_page('senftenberg', 'skuehnel');
  await here.environment.service.stop();
  await here.environment.service.start();
  await change(page, account, 'Neues-Wort-29');
  await page.waitForSelector('button[value="sign-in"]');
  assert.match(await alert(page), /gilt nicht mehr.*IT kann ein neues setzen/);
  assert.match(await reading(page), /Senftenberg/);
  await is_sound(page, 'last sign-in lost');
  await page.context().close();
});
