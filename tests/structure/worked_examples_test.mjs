// Holds docs/contributor/adding.md to the tree: the examples fit it, and compile in it.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { includersOf, objectsOf } from './header_fan_out.mjs';
import { changed, faultsOf, kindsIn, writeTree } from './worked_examples.mjs';

const root = join(dirname(new URL(import.meta.url).pathname), '../..');
const build = process.env.KOMMPASS_BUILD;
const kinds = kindsIn(readFileSync(join(root, 'docs/contributor/adding.md'), 'utf8'));

const bounds = {
  'A grant type': 3, 'An endpoint': 4, 'A page of the console': 4, 'An operation of the store': 3,
  'A concern of the store': 7, 'Something that happens by itself': 2, 'A factor of the sign-in': 3,
};

test('each kind of addition is there, and needs no more files than is promised', () => {
  assert.deepEqual(Object.fromEntries(kinds.map((one) => [one.name, one.most])), bounds);
  for (const one of kinds) {
    assert.ok(one.touched.length > 0 && one.touched.length <= one.most, one.name);
    assert.ok(one.blocks.length > 0, one.name);
  }
});

// How the build compiles a source, or one beside a new source.
function commandFor(path) {
  const rows = JSON.parse(readFileSync(join(build, 'compile_commands.json'), 'utf8'));
  const own = rows.find((row) => row.file === join(root, path));
  const row = own ?? rows.find((one) => dirname(one.file) === dirname(join(root, path)));
  assert.ok(row, `${path}: nothing beside it is compiled`);
  return row;
}

function compile(folder, path) {
  const source = existsSync(join(folder, path)) ? join(folder, path) : join(root, path);
  const { command, directory } = commandFor(path);
  const [compiler, ...flags] = command.replace(/ -o \S+ -c \S+$/, '').split(' ');
  const done = spawnSync(compiler, [`-I${folder}`, ...flags, '-fsyntax-only', source],
    { cwd: directory, encoding: 'utf8' });
  assert.equal(done.status, 0, `${path}\n${done.stderr}`);
}

// The sources that show whether what was written compiles: each of them, and for a changed header
// that no source stands beside one that includes it.
function sourcesFor(paths, objects) {
  const sources = new Set(paths.filter((path) => path.endsWith('.cpp')));
  const isChanged = (path) => existsSync(join(root, path));
  for (const header of paths.filter((path) => path.endsWith('.hpp') && isChanged(path))) {
    const own = header.replace(/\.hpp$/, '.cpp');
    if (sources.has(own)) continue;
    const includers = includersOf(root, header, objects);
    if (includers.some((source) => sources.has(source))) continue;
    const source = existsSync(join(root, own)) ? own : includers[0];
    assert.ok(source, `${header}: nothing that the build compiles includes it`);
    sources.add(source);
  }
  return [...sources];
}

for (const kind of kinds) {
  test(`${kind.name}: what is listed is shown, and fits the tree`, () => {
    assert.deepEqual(faultsOf(root, kind), []);
  });
  test(`${kind.name}: what is shown compiles`, { skip: !build }, (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'kommpass-example-'));
    t.after(() => rmSync(folder, { recursive: true }));
    const paths = writeTree(root, folder, kind);
    const sources = sourcesFor(paths, objectsOf(build, root));
    assert.ok(sources.length > 0);
    for (const source of sources) compile(folder, source);
  });
}

test('a change is made in the one place that it quotes, and nowhere else', () => {
  assert.equal(changed('a\nb\nc\n', ' a\n-b\n+B\n', 'x'), 'a\nB\nc\n');
  assert.throws(() => changed('a\nb\n', '-c\n+d\n', 'x'), /0 places/);
  assert.throws(() => changed('a\na\n', '-a\n+b\n', 'x'), /2 places/);
});

test('an example that does not compile is noticed', { skip: !build }, (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'kommpass-example-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const [task] = kinds.filter((one) => one.name === 'Something that happens by itself');
  const wrong = { blocks: task.blocks.map((one) => ({ ...one, lines: one.lines.replace('counts()', 'count_all()') })) };
  writeTree(root, folder, wrong);
  assert.throws(() => compile(folder, 'idp/tasks/late_outbox_task.cpp'), /count_all/);
});
