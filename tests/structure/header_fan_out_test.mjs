import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fanOut, faultsOf, limit, objectsOf, wider } from './header_fan_out.mjs';

const root = join(import.meta.dirname ?? dirname(new URL(import.meta.url).pathname), '../..');
const build = process.env.KOMMPASS_BUILD;

// A tree of `sources` objects that all include one header, which includes another.
function treeOf(t, sources) {
  const tree = mkdtempSync(join(tmpdir(), 'kommpass-structure-'));
  t.after(() => rmSync(tree, { recursive: true }));
  const files = {
    'idp/store/records.hpp': '#pragma once\n',
    'idp/store/store.hpp': '#pragma once\n#include "idp/store/records.hpp"\n#include <vector>\n',
    'idp/store/run.ipp': '',
  };
  const rows = [];
  for (let n = 0; n < sources; ++n) {
    files[`tests/idp/${n}_test.cpp`] = '#  include "idp/store/store.hpp"\n// #include "idp/store/run.ipp"\n';
    rows.push({ directory: join(tree, 'build'), file: `../tests/idp/${n}_test.cpp` });
  }
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(tree, path)), { recursive: true });
    writeFileSync(join(tree, path), text);
  }
  mkdirSync(join(tree, 'build'));
  writeFileSync(join(tree, 'build/compile_commands.json'), JSON.stringify(rows));
  return fanOut(tree, objectsOf(join(tree, 'build'), tree));
}

test('no header of idp/ rebuilds more objects than it may', { skip: !build }, () => {
  const counts = fanOut(root, objectsOf(build, root));
  assert.ok(counts.length > 250, 'the headers of idp/ were found');
  assert.deepEqual(faultsOf(counts), []);
});

test('a header is counted once for each object that reaches it, through others too', (t) => {
  assert.deepEqual(treeOf(t, 3), [['idp/store/records.hpp', 3], ['idp/store/store.hpp', 3]]);
});

test('a header that reaches the limit is noticed, and one below it is not', (t) => {
  assert.deepEqual(faultsOf(treeOf(t, limit - 1), {}), []);
  const faults = faultsOf(treeOf(t, limit), {});
  assert.equal(faults.length, 2);
  assert.match(faults[1], /^idp\/store\/store\.hpp: rebuilds 60 objects, fewer than 60 are allowed/);
});

test('an exception has a limit of its own, and goes once it is not needed', (t) => {
  const named = (most) => ({ 'idp/store/records.hpp': most, 'idp/store/store.hpp': most });
  assert.deepEqual(faultsOf(treeOf(t, 70), named(71)), []);
  assert.equal(faultsOf(treeOf(t, 70), named(70)).length, 2);
  assert.match(faultsOf(treeOf(t, 10), named(71))[0], /needs no exception/);
});

test('an exception is a header that is there', () => {
  for (const header of Object.keys(wider)) assert.match(header, /^idp\/[a-z_]+\/[a-z_]+\.(hpp|ipp)$/);
});
