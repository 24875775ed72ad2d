// Signing out at one application ends the single sign-on, and the session of every other application.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { arrives, browser, shown, sign_in } from './browser.mjs';
import { world } from './world.mjs';

const here = world();
const chromium = browser();

test('after signing out at the application the next visit asks for the password again', async () => {
  const account = here.account('senftenberg', 'j.schuster');
  const page = await chromium.new_page();
  await page.goto(here.application('groupware').home_uri);
  await sign_in(page, account);
  await arrives(page, here.application('groupware').home_uri);

  await page.click('#sign_out');
  if (new URL(page.url()).origin === here.issuer) {
    await page.click('main button[name="action"]');
  }
  await arrives(page, here.application('groupware').post_logout_redirect_uris[0]);
  assert.ok(await page.isVisible('#signed_out'));

  await page.goto(here.application('dms').home_uri);
  assert.equal(new URL(page.url()).origin, here.issuer);
  assert.ok(await page.$('input[name="username"], input[name="password"]'));
  await sign_in(page, account);
  await arrives(page, here.application('dms').home_uri);
  assert.equal((await shown(page)).name, account.name);
  await page.context().close();
});

test('who signs out at one application is signed out of the other, which is told by the back channel', async () => {
  const account = here.account('lebus', 'anna.noack');
  const page = await chromium.new_page();
  const dms = here.application('dms');
  await page.goto(here.application('groupware').home_uri);
  await sign_in(page, account);
  await arrives(page, here.application('groupware').home_uri);
  await page.goto(dms.home_uri);
  assert.equal((await shown(page)).name, account.name);
  await page.goto(here.application('groupware').home_uri);

  await page.click('#sign_out');
  if (new URL(page.url()).origin === here.issuer) {
    await page.click('main button[name="action"]');
  }
  await arrives(page, here.application('groupware').post_logout_redirect_uris[0]);

  // The application's own session is over, not only the single sign-on: it asks Kommpass again.
  const deadline = Date.now() + 30_000;
  do {
    assert.ok(Date.now() < deadline, 'the e-file was not told within 30 seconds');
    await page.goto(dms.home_uri);
  } while (new URL(page.url()).origin !== here.issuer);
  assert.ok(await page.$('input[name="username"], input[name="password"]'));
  await page.context().close();
});
