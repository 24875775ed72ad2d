// Holds docs/contributor/adding.md to the tree.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';

const root = join(dirname(new URL(import.meta.url).pathname), '../..');
const page = readFileSync(join(root, 'docs/contributor/adding.md'), 'utf8');
const kinds = page.split(/^## /m).slice(1).map((text) => {
  const [, name, most] = text.match(/^(.*): (\d+)$/m);
  const touched = [...text.matchAll(/^\| (new: )?`([^`]+)` \|/gm)]
    .map(([, isNew, path]) => ({ isNew: Boolean(isNew), path }));
  const quotes = [...text.matchAll(/^```cpp (\S+)\n([\s\S]*?)^```$/gm)]
    .map(([, path, lines]) => ({ path, lines }));
  return { name, most: Number(most), touched, quotes };
});

const bounds = {
  'A grant type': 3, 'An endpoint': 4, 'A page of the console': 4, 'An operation of the store': 3,
  'A concern of the store': 7, 'Something that happens by itself': 2, 'A factor of the sign-in': 3,
};

test('each kind of addition is there, and needs no more files than is promised', () => {
  assert.deepEqual(Object.fromEntries(kinds.map((one) => [one.name, one.most])), bounds);
  for (const one of kinds) {
    assert.ok(one.touched.length > 0 && one.touched.length <= one.most, one.name);
    assert.ok(one.quotes.length > 0, one.name);
  }
});

for (const one of kinds) {
  test(`${one.name}: the files are there, and the new ones are not`, () => {
    for (const { isNew, path } of one.touched) {
      assert.equal(existsSync(join(root, path)), !isNew, path);
      assert.ok(existsSync(dirname(join(root, path))), dirname(path));
    }
  });
  test(`${one.name}: what is quoted stands in its file`, () => {
    for (const { path, lines } of one.quotes) {
      assert.ok(one.touched.some((file) => file.path === path), `${path} is quoted and not listed`);
      assert.ok(readFileSync(join(root, path), 'utf8').includes(lines), `${path}: ${lines}`);
    }
  });
}
