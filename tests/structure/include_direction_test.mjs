import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { faultsOf, roomsOf } from './include_direction.mjs';

const root = join(import.meta.dirname ?? dirname(new URL(import.meta.url).pathname), '../..');

// A tree of two rooms, with these files besides.
function treeWith(t, files) {
  const tree = mkdtempSync(join(tmpdir(), 'kommpass-structure-'));
  t.after(() => rmSync(tree, { recursive: true }));
  const all = {
    'idp/CMakeLists.txt': 'foreach(room store login)\nendforeach()\n',
    'config/a.hpp': '', 'directory/a.hpp': '', 'policies/a.hpp': '',
    'idp/store/a.hpp': '', 'idp/login/a.hpp': '#include "idp/store/a.hpp"\n',
    ...files,
  };
  for (const [path, text] of Object.entries(all)) {
    mkdirSync(dirname(join(tree, path)), { recursive: true });
    writeFileSync(join(tree, path), text);
  }
  return tree;
}

test('every include of this tree runs downwards', () => {
  assert.deepEqual(faultsOf(root), []);
  assert.ok(roomsOf(root).length > 15);
});

test('a tree whose includes run downwards has no fault', (t) => {
  assert.deepEqual(faultsOf(treeWith(t, {})), []);
});

test('an include upwards is noticed, with file and line', (t) => {
  const faults = faultsOf(treeWith(t, { 'idp/store/b.cpp': '\n#include "idp/login/a.hpp"\n' }));
  assert.deepEqual(faults, ['idp/store/b.cpp:2: includes idp/login/a.hpp: store/ stands below login/']);
});

test('what the folders below idp/ must not know is noticed', (t) => {
  const faults = faultsOf(treeWith(t, {
    'policies/b.cpp': '#include "directory/a.hpp"\n',
    'config/b.cpp': '#include "policies/a.hpp"\n',
    'directory/b.cpp': '#  include "idp/store/a.hpp"\n',
  }));
  assert.equal(faults.length, 3);
});

test('a room that is not listed, a file beside the rooms, and tests in the program are noticed', (t) => {
  const faults = faultsOf(treeWith(t, {
    'idp/drawer/a.cpp': '#include "idp/store/a.hpp"\n',
    'idp/login/b.cpp': '#include "idp/provider.hpp"\n#include "tests/support/a.hpp"\n',
  }));
  assert.equal(faults.length, 3);
});
