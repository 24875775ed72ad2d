// Rules that make tokens larger than clients and proxies take: whoever writes them is told before
// anybody has such a token, by the command that applies a folder and by the editor of the console.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { appendFileSync, cpSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';

import { browser, console_in, is_sound } from './browser.mjs';
import { given, world } from './world.mjs';

const here = world();
const console_of = console_in(browser(), here);

function apply(folder) {
  const { settings_file } = here.environment.service;
  return new Promise((resolve) => {
    execFile(given('KOMMPASS_BINARY'), ['--config', settings_file, 'registry', 'apply', folder, '-m', 'Aktenplan'],
      { cwd: dirname(settings_file) }, (failure, out, err) => resolve({ code: failure?.code ?? 0, out, err }));
  });
}

// The demo's registry with a role for each of 150 file plans, and a rule that gives `given_away` of them.
function draft(name, given_away) {
  const folder = join(given('KOMMPASS_TEST_FOLDER'), name);
  cpSync(join(here.environment.folder, 'registry'), folder, { recursive: true });
  const roles = Array.from({ length: 150 }, (_, n) => `dms.aktenzeichen-${1000 + n}`);
  appendFileSync(join(folder, 'applications/dms.toml'),
    roles.map((role) => `\n[[role]]\nname = "${role}"\ntitle = "Aktenzeichen ${role.slice(-4)}"\n`).join(''));
  const words = roles.slice(0, given_away).map((role) => `"${role}"`).join(', ');
  appendFileSync(join(folder, 'mappings/lebus.toml'),
    `\n[[mapping]]\nid = "lebus-aktenzeichen"\nmember = "lebus"\ngroup = "GG_Registratur"\nroles = [${words}]\n`);
  return folder;
}

test('a folder with a rule of 150 roles is applied with a warning, and one of 5 without', async () => {
  const small = await apply(draft('small', 5));
  assert.equal(small.code, 0, small.err);
  assert.doesNotMatch(small.out + small.err, /KiB/);
  const large = await apply(draft('large', 150));
  assert.equal(large.code, 0, large.err);
  assert.match(large.out + large.err, /Access tokens for dms: about \d+ KiB\./);
});

test('the editor of the rule says so, and that of a small one does not', async () => {
  const page = await console_of('dikom', 'martina.schwarz');
  const warning = page.locator('[role="alert"]', { hasText: 'Die Rollen machen das Token groß' });
  await page.goto(`${here.issuer}/console/mappings/lebus-aktenzeichen`);
  await warning.waitFor();
  const text = (await warning.innerText()).replace(/\s+/g, ' ');
  assert.match(text, /Zugriffstoken für dms: etwa \d+ KiB\. .*nehmen höchstens \d KiB an\./);
  assert.match(text, /Kleiner wird es mit weniger Rollen/);
  await is_sound(page, 'grosses-token');

  await page.goto(`${here.issuer}/console/mappings/lebus-meldeamt`);
  await page.waitForSelector('#group');
  assert.equal(await warning.count(), 0);
  await page.context().close();
});
