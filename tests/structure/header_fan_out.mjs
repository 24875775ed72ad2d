// How many objects each header of idp/ rebuilds, tests included. An object is a row of
// compile_commands.json; its headers are what its includes name, followed through our tree: the
// same as `ninja -t deps` tells after a build, without one. `node header_fan_out.mjs <build folder>
// [root]` prints what passes its limit; with `--all` every header, the widest first.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

// A header rebuilds fewer objects than this ...
export const limit = 60;

// ... but for these, each with its own limit. Why they are wider: docs/decisions/0042.
export const wider = {
  'idp/store/store.hpp': 175, // units of work: everything that reads or writes
  'idp/store/run_unit.ipp': 175, // part of store.hpp
  'idp/store/transaction.hpp': 150, // what can be done inside one
  'idp/store/audit_record.hpp': 154, // whatever happens is recorded
  'idp/store/audit_log.hpp': 88, // by one call beside what it tells of
  'idp/store/person.hpp': 85,
  'idp/store/sessions.hpp': 76,
  'idp/store/authorizations.hpp': 67, // what was granted: in code, family and token
  'idp/admin/refusal.hpp': 134, // every operation's other answer
  'idp/admin/operation_context.hpp': 92, // what every operation works with
  'idp/admin/actor.hpp': 72, // who asks
  'idp/http/method.hpp': 149, // seven words
  'idp/http/response.hpp': 118, // what every endpoint gives
  'idp/http/request.hpp': 111, // and takes
  'idp/http/form.hpp': 84,
  'idp/jose/key_ring.hpp': 114, // signs, seals and hashes for every room
  // Through tests/support/test_idp.hpp, which hands tests what stands in for the network.
  'idp/outgoing/https_caller.hpp': 110,
  'idp/outgoing/application_addresses.hpp': 112,
};

function includesOf(root, file, known) {
  const read = known.get(file);
  if (read) return read;
  const included = [];
  const lines = readFileSync(join(root, file), 'utf8').matchAll(/^[ \t]*#[ \t]*include[ \t]+"([^"]+)"/gm);
  for (const [, name] of lines) {
    const found = [name, join(dirname(file), name)].find((path) => existsSync(join(root, path)));
    if (found) included.push(found);
  }
  known.set(file, included);
  return included;
}

// The sources that a build compiles, one entry for each object, as paths from the root.
export function objectsOf(build, root) {
  return JSON.parse(readFileSync(join(build, 'compile_commands.json'), 'utf8'))
    .map((row) => relative(resolve(root), resolve(row.directory, row.file)))
    .filter((file) => !file.startsWith('..') && existsSync(join(root, file)));
}

// The sources among `objects` that include a header, directly or not, those that name it first.
export function includersOf(root, header, objects) {
  const known = new Map();
  const found = [...new Set(objects)].map((source) => {
    const reached = new Map([[source, 0]]);
    for (const [file, far] of reached)
      for (const next of includesOf(root, file, known)) if (!reached.has(next)) reached.set(next, far + 1);
    return [source, reached.get(header)];
  });
  return found.filter(([, far]) => far).sort(([a, m], [b, n]) => m - n || (a < b ? -1 : 1))
    .map(([source]) => source);
}

// Each header of idp/ with the number of objects it rebuilds, the widest first.
export function fanOut(root, objects) {
  const known = new Map();
  const count = new Map();
  for (const object of objects) {
    const reached = new Set([object]);
    for (const file of reached) for (const next of includesOf(root, file, known)) reached.add(next);
    for (const file of reached) {
      if (/^idp\/.*\.(hpp|ipp)$/.test(file)) count.set(file, (count.get(file) ?? 0) + 1);
    }
  }
  return [...count].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
}

// The faults as sentences; none: no header is wider than it may be, and no exception is kept that
// nothing needs any more.
export function faultsOf(counts, exceptions = wider) {
  const faults = [];
  for (const [header, objects] of counts) {
    const most = exceptions[header] ?? limit;
    if (objects >= most) {
      faults.push(`${header}: rebuilds ${objects} objects, fewer than ${most} are allowed: ` +
        'declare its names where they are only mentioned, or split it (docs/decisions/0042)');
    }
  }
  for (const header of Object.keys(exceptions)) {
    const objects = counts.find(([name]) => name === header)?.[1] ?? 0;
    if (objects < limit) faults.push(`${header}: rebuilds ${objects} objects and needs no exception`);
  }
  return faults;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [build, root = '.'] = process.argv.slice(2).filter((word) => word !== '--all');
  const counts = fanOut(root, objectsOf(build, root));
  if (process.argv.includes('--all')) for (const [header, objects] of counts) console.log(objects, header);
  const faults = faultsOf(counts);
  for (const fault of faults) console.error(fault);
  process.exit(faults.length === 0 ? 0 : 1);
}
