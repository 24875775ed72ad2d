// The demo as a command: what it prints, that it leaves nothing behind, and how it fails.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { given } from './world.mjs';

const program = fileURLToPath(new URL('../demo/demo.mjs', import.meta.url));
const folder_of = (name) => {
  const folder = join(given('KOMMPASS_TEST_FOLDER'), name);
  mkdirSync(folder, { recursive: true });
  return folder;
};

function start_demo(folder, binary = given('KOMMPASS_BINARY'), options = ['--free-ports']) {
  const child = spawn(process.execPath, [program, folder, binary, given('KOMMPASS_SLAPD_ROOT'), ...options],
    { stdio: ['ignore', 'pipe', 'pipe'] });
  const demo = { child, text: '' };
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => (demo.text += part));
  demo.ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve(code ?? signal)));
  demo.says = (pattern) => new Promise((resolve, reject) => {
    const look = () => pattern.test(demo.text) && resolve();
    child.stdout.on('data', look);
    child.once('exit', () => reject(new Error(`the demo ended:\n${demo.text}`)));
    look();
  });
  return demo;
}

// Processes whose command line or working folder lies in `folder`.
function left_over(folder) {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(folder) ||
        readlinkSync(`/proc/${pid}/cwd`).startsWith(folder);
    } catch {
      return false;  // it ended meanwhile, or it is somebody else's
    }
  });
}

test('it prints addresses, accounts and passwords, writes demo.json, and SIGTERM leaves nothing', async () => {
  const folder = folder_of('whole');
  const demo = start_demo(folder);
  await demo.says(/Ctrl-C stops everything/);
  const told = JSON.parse(readFileSync(join(folder, 'demo.json'), 'utf8'));

  demo.child.kill('SIGTERM');
  const code = await demo.ended;

  assert.equal(code, 0, demo.text);
  for (const account of told.accounts) assert.ok(demo.text.includes(account.password), account.mail);
  for (const client of told.clients) assert.ok(demo.text.includes(client.home_uri));
  assert.deepEqual(left_over(folder), []);
});

test('SIGINT in the middle of the start leaves nothing', async () => {
  const folder = folder_of('interrupted');
  const demo = start_demo(folder);
  await demo.says(/starting directory of cottbus/);

  demo.child.kill('SIGINT');
  const code = await demo.ended;

  assert.equal(code, 0, demo.text);
  assert.deepEqual(left_over(folder), []);
});

test('even a killed demo leaves nothing running', async () => {
  const folder = folder_of('killed');
  const demo = start_demo(folder);
  await demo.says(/Ctrl-C stops everything/);
  assert.notDeepEqual(left_over(folder), []);

  demo.child.kill('SIGKILL');
  await demo.ended;

  const give_up_at = Date.now() + 10_000;
  while (left_over(folder).length > 0 && Date.now() < give_up_at) await pause(50);
  assert.deepEqual(left_over(folder), []);
});

test('without a built service it says so and starts nothing', async () => {
  const folder = folder_of('unbuilt');
  const demo = start_demo(folder, join(folder, 'missing'));
  assert.equal(await demo.ended, 1);
  assert.match(demo.text, /the service is not built: .*missing/);
  assert.ok(!existsSync(join(folder, 'demo.json')));
});

test('a port that is taken is named together with who took it', async () => {
  const folder = folder_of('taken');
  const holder = createServer();
  await new Promise((resolve) => holder.listen(0, '127.0.0.1', resolve));
  const { port } = holder.address();
  const demo = start_demo(folder, given('KOMMPASS_BINARY'), ['--free-ports', `--port=dms:${port}`]);
  const code = await demo.ended;
  await new Promise((resolve) => holder.close(resolve));

  assert.equal(code, 1);
  assert.match(demo.text, new RegExp(`port ${port} \\(dms\\) is taken by process ${process.pid}: .*node`));
});
