// What every end-to-end test stands on: the demo's environment on free ports in a folder of the
// test's own, its accounts, and a browser.
import assert from 'node:assert/strict';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before } from 'node:test';

import { start_environment, test_ports } from '../demo/environment.mjs';

export function given(name) {
  const value = process.env[name];
  assert.ok(value, `the environment variable ${name} is not set; run this by ctest`);
  return value;
}

// Starts before the file's tests and stops after them. `more_settings` gives TOML for the service, `issuer` how it is
// reached where a proxy stands in front. The object is filled in by then.
export function world({ more_settings, issuer, store_url } = {}) {
  const made = {};
  before(async () => {
    const folder = join(given('KOMMPASS_TEST_FOLDER'), 'environment');
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    made.environment = await start_environment({
      folder,
      binary: given('KOMMPASS_BINARY'),
      slapd_root: given('KOMMPASS_SLAPD_ROOT'),
      ports: await test_ports(),
      more_settings: await more_settings?.(),
      issuer: await issuer?.(),
      store_url: await store_url?.(),
    });
    Object.assign(made, made.environment.description);
  });
  after(() => made.environment?.stop());

  made.account = (member, user_name) => {
    const found = made.accounts.find((one) => one.member === member && one.user_name === user_name);
    assert.ok(found, `no account ${user_name} in ${member}`);
    return found;
  };
  made.client = (id) => {
    const found = made.clients.find((one) => one.client_id === id);
    assert.ok(found, `no client ${id}`);
    return found;
  };
  made.application = (key) => made.clients.find((one) => one.application === key);
  return made;
}
