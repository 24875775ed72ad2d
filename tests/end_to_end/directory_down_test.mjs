// A member's directory that is gone costs its own people an honest page, and nobody else anything.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { arrives, browser, press, reading, shown, sign_in } from './browser.mjs';
import { world } from './world.mjs';

const here = world();
const chromium = browser();

async function try_to_sign_in(account) {
  const page = await chromium.new_page();
  await page.goto(here.application('groupware').home_uri);
  const began = Date.now();
  await sign_in(page, account);
  await page.waitForLoadState();
  return { page, took_ms: Date.now() - began };
}

test('while one directory is down its people read which one, the others sign in, and later all do', async () => {
  const anna = here.account('lebus', 'anna.noack');
  const nowak = here.account('cottbus', 'nowakm');
  const lebus = here.environment.directories.lebus;
  const warm = await try_to_sign_in(anna);
  await arrives(warm.page, here.application('groupware').home_uri);

  await lebus.stop();
  const refused = await try_to_sign_in(anna);
  const text = await reading(refused.page);
  const neighbour = await try_to_sign_in(nowak);
  await arrives(neighbour.page, here.application('groupware').home_uri);
  await warm.page.reload();

  assert.equal(new URL(refused.page.url()).origin, here.issuer);
  assert.match(text, /Lebus/);
  assert.match(text, /nicht erreichbar/);
  assert.ok(refused.took_ms < 10_000, `the honest page took ${refused.took_ms} ms`);
  assert.equal((await shown(neighbour.page)).name, nowak.name);
  assert.equal((await shown(warm.page)).name, anna.name, 'a session that was open stays open');

  await lebus.start();
  await refused.page.goto(here.application('groupware').home_uri);
  await signed_in_within(refused.page, anna, 15_000);
  assert.equal((await shown(refused.page)).name, anna.name);
});

// The service takes a moment until it tries a failed server again: a person tries again, too.
async function signed_in_within(page, account, limit_ms) {
  const give_up_at = Date.now() + limit_ms;
  for (;;) {
    if (await page.$('input[name="username"]')) {
      await sign_in(page, account);
    } else {
      await page.fill('input[name="password"]', account.password);
      await press(page, 'sign-in');
    }
    // Past the page that goes on to the application.
    const home = here.application('groupware').home_uri;
    await page.waitForFunction((uri) => location.href.startsWith(uri) ||
      document.querySelector('input[name="password"]'), home);
    if (page.url().startsWith(home)) return;
    assert.ok(Date.now() < give_up_at, await reading(page));
  }
}
