// Chromium from Debian, driven by playwright-core, and what a person does on our pages.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { chromium } from 'playwright-core';

import { given } from './world.mjs';

// Starts before the file's tests. `new_page` gives a browser that knows nothing: no cookies.
export function browser() {
  const made = {};
  before(async () => {
    const downloads = join(given('KOMMPASS_TEST_FOLDER'), 'downloads');
    mkdirSync(downloads, { recursive: true });
    made.chromium = await chromium.launch({
      executablePath: given('KOMMPASS_CHROMIUM'),
      downloadsPath: downloads,
      args: ['--disable-gpu', '--disable-dev-shm-usage'],
    });
  });
  after(() => made.chromium?.close());
  made.new_page = async (options = {}) => {
    // KERN scrolls smoothly: without this, what is to be pressed still moves under the mouse.
    const context = await made.chromium.newContext({
      ignoreHTTPSErrors: true, locale: 'de-DE', reducedMotion: 'reduce', ...options });
    context.setDefaultTimeout(20_000);
    return context.newPage();
  };
  return made;
}

// Once the page is whole: what still shifts under the mouse is not pressed.
export async function press(page, action) {
  await page.waitForLoadState();
  await page.click(`button[name="action"][value="${action}"]`);
}

// From the sign-in page, whichever of its faces it shows, to wherever it leads.
export async function sign_in(page, account, password = account.password) {
  await page.fill('input[name="username"]', account.mail);
  if (!(await page.$('input[name="password"]'))) await press(page, 'continue');
  await page.fill('input[name="password"]', password);
  await press(page, 'sign-in');
}

// The page has come to this address. Where it has not, the page's own words say why.
export async function arrives(page, where) {
  try {
    await page.waitForURL(where);
  } catch (late) {
    throw new Error(`${late.message.split('\n')[0]} Still at ${page.url()}, which says: ${await reading(page)}`);
  }
}

// Saves the page as a picture, where KOMMPASS_SCREENSHOTS names a folder.
export async function picture(page, name) {
  const folder = process.env.KOMMPASS_SCREENSHOTS;
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}

// What everybody may expect of a page as it stands: no fault for a screen reader, nothing beside the screen.
export async function fits(page, name) {
  assert.deepEqual(await faults(page), [], name);
  const room = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  assert.ok(room[0] <= room[1], `${name} is ${room[0]} px wide in ${room[1]} px`);
  await picture(page, name);
}

// The same, on a wide screen and on a narrow one.
export async function is_sound(page, name) {
  await fits(page, name);
  const wide = page.viewportSize();
  await page.setViewportSize({ width: 320, height: 800 });
  await fits(page, `${name}-320`);
  await page.setViewportSize(wide);
}

// How an administrator enters the console in a browser of their own: console_of(member, user_name, options).
export const console_in = (chromium, here) => async (member, user_name, options) => {
  const page = await chromium.new_page(options);
  await page.goto(`${here.issuer}/console`);
  await sign_in(page, here.account(member, user_name));
  await page.waitForSelector('body.kp-console');
  return page;
};

const words = async (page, where) => (await page.innerText(where)).replace(/\s+/g, ' ').trim();
// What a page says went wrong, and what it says is done.
export const alert = (page) => words(page, '[role="alert"]');
export const told = (page) => words(page, '[role="status"]');

// What the hosted application says of the person.
export async function shown(page) {
  const texts = {};
  for (const id of ['name', 'member_name', 'member', 'user_name', 'email', 'roles']) {
    texts[id] = (await page.textContent(`#${id}`)).trim();
  }
  texts.roles = texts.roles.split(', ').filter((role) => role !== '').sort();
  return texts;
}

// The page's text as a person reads it.
export const reading = async (page) => (await page.innerText('body')).replace(/\s+/g, ' ');

const axe_source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

// What axe-core finds wrong; run in the page's own frame, past its policy against foreign scripts.
export async function faults(page) {
  await page.evaluate(axe_source);
  const found = await page.evaluate(
    (tags) => axe.run(document, { runOnly: { type: 'tag', values: tags } }), rules);
  return found.violations.map((one) => `${one.id}: ${one.help} (${one.nodes.map((node) => node.target).join(', ')})`);
}
