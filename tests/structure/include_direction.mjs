// Whether every include runs downwards: the folders and the rooms of idp/ in their order, which
// stands once, in idp/CMakeLists.txt. `node include_direction.mjs [root]` prints what runs upwards.
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

// What each top folder may include besides itself. idp/ may include all of them.
const folders = { config: [], directory: ['config'], policies: ['config'] };

export function roomsOf(root) {
  const listed = readFileSync(join(root, 'idp/CMakeLists.txt'), 'utf8').match(/foreach\(room ([^)]*)\)/);
  if (!listed) throw new Error('idp/CMakeLists.txt lists no rooms: foreach(room ...)');
  return [...listed[1].trim().split(/\s+/), 'commands'];
}

function* sources(folder) {
  for (const name of readdirSync(folder).sort()) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) yield* sources(path);
    else if (/\.(cpp|hpp|ipp)$/.test(name)) yield path;
  }
}

// The faults as sentences; none: every include runs downwards.
export function faultsOf(root) {
  const rooms = roomsOf(root);
  const faults = [];
  const judge = (file, included) => {
    const [from, room] = file.split('/');
    const [to, wanted] = included.split('/');
    if (!['config', 'directory', 'policies', 'idp', 'tests'].includes(to)) return null;
    if (to === 'tests') return 'the program includes nothing of its tests';
    if (from !== 'idp') {
      return to === from || folders[from].includes(to) ? null : `${from}/ may not know ${to}/`;
    }
    if (to !== 'idp') return null;
    if (file === 'idp/main.cpp') return null;
    const here = rooms.indexOf(room);
    const there = rooms.indexOf(wanted);
    if (here < 0) return `idp/${room} is no room that idp/CMakeLists.txt lists`;
    if (there < 0) return `idp/${wanted} is no room that idp/CMakeLists.txt lists`;
    return there > here ? `${room}/ stands below ${wanted}/` : null;
  };
  for (const folder of ['config', 'directory', 'policies', 'idp']) {
    for (const path of sources(join(root, folder))) {
      const file = relative(root, path);
      readFileSync(path, 'utf8').split('\n').forEach((line, at) => {
        const included = line.match(/^\s*#\s*include\s+"([^"]+)"/);
        const fault = included && judge(file, included[1]);
        if (fault) faults.push(`${file}:${at + 1}: includes ${included[1]}: ${fault}`);
      });
    }
  }
  return faults;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const faults = faultsOf(process.argv[2] ?? '.');
  for (const fault of faults) console.error(fault);
  process.exit(faults.length === 0 ? 0 : 1);
}
