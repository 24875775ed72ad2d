// The sign-in page itself: keyboard, screen reader, narrow, dark, without scripts, in languages.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { arrives, browser, faults, fits, is_sound, picture, press, reading, shown, sign_in } from './browser.mjs';
import { world } from './world.mjs';

const here = world();
const chromium = browser();
const open_sign_in = async (options) => {
  const page = await chromium.new_page(options);
  await page.goto(here.application('groupware').home_uri);
  return page;
};

test('sign-in works by keyboard alone', async () => {
  const account = here.account('lebus', 'anna.noack');
  const page = await open_sign_in();

  await reach(page, 'username');
  await page.keyboard.type(account.mail);
  await page.keyboard.press('Enter');
  await page.waitForSelector('input[name="password"]');
  await reach(page, 'password');
  await page.keyboard.type(account.password);
  await page.keyboard.press('Enter');
  await arrives(page, here.application('groupware').home_uri);

  assert.equal((await shown(page)).name, account.name);
  await page.context().close();
});

// Tabs until the field has the focus; a page that starts there needs no tab.
async function reach(page, field) {
  for (let tabs = 0; tabs < 30; ++tabs) {
    if ((await page.evaluate(() => document.activeElement?.getAttribute('name'))) === field) return;
    await page.keyboard.press('Tab');
  }
  assert.fail(`the keyboard does not reach "${field}"`);
}

for (const colorScheme of ['light', 'dark']) {
  for (const width of [320, 1440]) {
    test(`each page of the sign-in is free of faults and fits, ${colorScheme} at ${width} px`, async () => {
      const account = here.account('lebus', 'gerda.weiss');
      const page = await open_sign_in({ colorScheme, viewport: { width, height: 800 } });
      const check = (what) => fits(page, `sign-in ${what} ${colorScheme} ${width}`);

      await check('name page');
      await page.fill('input[name="username"]', 'mueller');
      await press(page, 'continue');
      await page.waitForSelector('button[value^="choose:"]');
      await check('member list');
      await press(page, 'choose:lebus');
      await page.waitForSelector('input[name="password"]');
      await check('password page');
      const town = await page.locator('.kp-town__name').evaluate((one) =>
        [one.textContent, parseFloat(getComputedStyle(one).fontSize)]);
      assert.equal(town[0], 'Amt Lebus');
      assert.ok(town[1] >= 24, `the town is named in ${town[1]} px`);
      await page.fill('input[name="username"]', account.user_name);
      await page.fill('input[name="password"]', 'falsch');
      await press(page, 'sign-in');
      await page.waitForSelector('[role="alert"], .kern-alert');
      await check('password page with a message');
      await page.fill('input[name="password"]', account.password);
      await press(page, 'sign-in');
      await arrives(page, here.application('groupware').home_uri);
      await page.goto(here.application('dms').home_uri);
      await check('page of a missing role');
      await page.goto(`${here.issuer}/account`);
      await check('my sessions');
      await page.context().close();
    });
  }
}

test('what goes out is listed before somebody agrees to it', async () => {
  const page = await open_sign_in();
  const asked = new URL(page.url());
  asked.searchParams.set('prompt', 'consent');
  asked.searchParams.set('claims', '{"userinfo":{"phone_number":null}}');
  await page.goto(asked.href);
  await sign_in(page, here.account('lebus', 'gerda.weiss'));
  await page.waitForSelector('button[value="allow"]');
  assert.match(await reading(page), /Rollen/);
  await is_sound(page, 'zustimmung');
  await press(page, 'allow');
  await arrives(page, here.application('groupware').home_uri);
  await page.context().close();
});

test('a link of an application names nobody\'s directory, and each page leads back', async () => {
  const page = await open_sign_in();
  const asked = new URL(page.url());
  asked.searchParams.set('login_hint', 'x@amt-lebus.example');
  await page.goto(asked.href);
  assert.equal(await page.inputValue('input[name="username"]'), 'x@amt-lebus.example');
  assert.equal(await page.$('input[name="password"]'), null);

  await page.fill('input[name="username"]', 'nowakm@cottbus.example');
  await press(page, 'continue');
  assert.match(await page.innerText('.kp-town'), /Cottbus/);
  // Another town's name is no password for this one.
  await page.fill('input[name="username"]', 'x@amt-lebus.example');
  await page.fill('input[name="password"]', 'Falsch-Geraten-3');
  await press(page, 'sign-in');
  assert.equal(await page.innerText('.kp-town__name'), 'Amt Lebus');
  assert.match(await reading(page), /nicht gesendet/);
  assert.deepEqual(await faults(page), []);
  await picture(page, 'sign-in another town');

  const answered = page.waitForRequest((one) => one.url().includes('error=access_denied'));
  await press(page, 'cancel');
  const back = new URL((await answered).url());
  assert.equal(back.searchParams.get('iss'), here.issuer);
  assert.equal(back.searchParams.get('state'), asked.searchParams.get('state'));
  await page.context().close();
});

test('who must change the password does so in the sign-in, on a phone', async () => {
  const account = here.account('lebus', 'kaethe.gruenberg');
  const page = await open_sign_in({ viewport: { width: 390, height: 800 } });
  await sign_in(page, account);
  await page.waitForSelector('input[name="new-password"]');
  assert.deepEqual(await faults(page), []);
  await picture(page, 'sign-in new password 390');
  const fill = async (again) => {
    await page.fill('input[name="password"]', account.password);
    await page.fill('input[name="new-password"]', 'Neues-Kennwort-im-Herbst-26');
    await page.fill('input[name="new-password-again"]', again);
    await press(page, 'change-password');
  };
  await fill('vertippt');
  await page.waitForSelector('.kern-alert--danger');
  assert.deepEqual(await faults(page), []);
  await fill('Neues-Kennwort-im-Herbst-26');
  await arrives(page, here.application('groupware').home_uri);
  await page.context().close();
});

test('a person changes the password by their own wish, without scripts', async () => {
  const account = here.account('lebus', 'anna.noack');
  const page = await open_sign_in({ javaScriptEnabled: false });
  await sign_in(page, account);
  await arrives(page, here.application('groupware').home_uri);
  await page.goto(`${here.issuer}/account`);
  await page.click('a[href="/account/password"]');
  await page.fill('input[name="password"]', account.password);
  await page.fill('input[name="new-password"]', 'Neues-Kennwort-im-Herbst-27');
  await page.fill('input[name="new-password-again"]', 'Neues-Kennwort-im-Herbst-27');
  await page.press('input[name="new-password-again"]', 'Enter');
  await page.waitForSelector('[role="status"]');
  await page.context().close();
});

test('sign-in works without scripts', async () => {
  const account = here.account('cottbus', 'nowakm');
  const page = await open_sign_in({ javaScriptEnabled: false });
  await sign_in(page, account);
  await arrives(page, here.application('groupware').home_uri);
  assert.equal((await shown(page)).name, 'Měrćin Nowak');
  await page.context().close();
});

for (const [locale, language] of [['de-DE', 'de'], ['en-GB', 'en'], ['dsb', 'dsb']]) {
  test(`a browser that asks for ${locale} gets a page in ${language}`, async () => {
    const page = await open_sign_in({ locale });
    assert.equal(await page.getAttribute('html', 'lang'), language);
    assert.deepEqual(await faults(page), []);
    await page.context().close();
  });
}

test('an unknown name and a wrong password read the same', async () => {
  const read = async (mail) => {
    const page = await open_sign_in();
    await sign_in(page, { mail, password: 'Falsch-Geraten-2' });
    await page.waitForSelector('[role="alert"], .kern-alert');
    const text = await page.innerText('[role="alert"], .kern-alert');
    await page.context().close();
    return text;
  };
  assert.equal(await read('uwe.lehmann@amt-lebus.example'), await read('niemand@amt-lebus.example'));
});
