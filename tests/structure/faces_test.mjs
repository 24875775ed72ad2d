import assert from 'node:assert/strict';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { faultsOf, read, readers, sourcesOf } from './faces.mjs';

const root = join(dirname(new URL(import.meta.url).pathname), '../..');

test('no face reads the registry: what may be seen is judged in one place', () => {
  const sources = sourcesOf(root);
  assert.ok(sources.length > 60, 'the faces were found');
  assert.deepEqual(faultsOf(sources, read(root)), []);
});

test('a page that reads the registry is noticed, and an exception that nothing needs', () => {
  const page = 'idp/console/mapping_pages.cpp';
  const [exception] = Object.keys(readers);
  const texts = { [page]: 'const auto all = v.at.registry.get();', [exception]: '' };
  const faults = faultsOf([page, exception], (source) => texts[source]);
  assert.match(faults[0], /mapping_pages\.cpp reads the registry/);
  assert.match(faults[1], /needs no exception/);
  assert.equal(faults.length, 2);
});
