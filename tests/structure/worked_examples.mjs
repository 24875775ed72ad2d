// Takes the worked examples out of docs/contributor/adding.md: what each kind of addition touches,
// the files that it makes, and the changes that it makes to others. `writeTree` puts what comes of
// them into a folder that stands before the tree in the order of includes.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export function kindsIn(page) {
  return page.split(/^## /m).slice(1).map((text) => {
    const [, name, most] = text.match(/^(.*): (\d+)$/m);
    const touched = [...text.matchAll(/^\| (new: )?`([^`]+)` \|/gm)]
      .map(([, isNew, path]) => ({ isNew: Boolean(isNew), path }));
    const blocks = [...text.matchAll(/^```(\w+) (\S+)\n([\s\S]*?)^```$/gm)]
      .map(([, language, path, lines]) => ({ isChange: language === 'diff', path, lines }));
    return { name, most: Number(most), touched, blocks };
  });
}

const stem = (path) => path.replace(/\.[hc]pp$/, '');

// The sentences of what does not fit together: a file that is shown and not listed, listed as new
// and there, or listed and not shown.
export function faultsOf(root, { touched, blocks }) {
  const faults = [];
  const isThere = (path) => existsSync(join(root, path));
  for (const { path, isChange } of blocks) {
    if (!touched.some((one) => stem(one.path) === stem(path))) faults.push(`${path} is shown and not listed`);
    if (isChange !== isThere(path)) faults.push(`${path} is ${isChange ? 'changed and not there' : 'made and there'}`);
  }
  for (const { path, isNew } of touched) {
    if (isNew === isThere(path)) faults.push(`${path} is ${isNew ? 'new and there' : 'not there'}`);
    if (!blocks.some((one) => stem(one.path) === stem(path))) faults.push(`${path} is listed and not shown`);
  }
  return faults;
}

// Puts a block of lines that begin with ' ', '-' or '+' into a text; throws where the lines that it
// begins from do not stand there, or more than once.
export function changed(text, lines, path) {
  const rows = lines.split('\n').slice(0, -1);
  const joined = (signs) => rows.filter((row) => signs.includes(row[0] ?? ' '))
    .map((row) => row.slice(1) + '\n').join('');
  const before = joined(' -');
  const parts = text.split(before);
  if (parts.length !== 2) throw new Error(`${path}: ${parts.length - 1} places, where one is meant, are\n${before}`);
  return parts.join(joined(' +'));
}

// Writes the files of a kind, made and changed, below `folder`; gives their paths.
export function writeTree(root, folder, { blocks }) {
  const files = new Map();
  for (const { isChange, path, lines } of blocks) {
    const from = files.get(path) ?? (isChange ? readFileSync(join(root, path), 'utf8') : '');
    files.set(path, isChange ? changed(from, lines, path) : lines);
  }
  for (const [path, text] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return [...files.keys()];
}
