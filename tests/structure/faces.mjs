// A face parses and renders: what may be seen is judged in `idp/admin/`. So none reads the running
// registry, but where it learns who asks, and where a key stands for a name that everybody may know.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const faces = ['idp/console', 'idp/api'];
export const readers = {
  'idp/console/console_session.cpp': 'which roles the person at the browser holds',
  'idp/api/api_endpoint.cpp': 'which roles the holder of the token has',
  'idp/console/console_request.cpp': 'names of members and applications, and the newest revision',
};

export function sourcesOf(root) {
  return faces.flatMap((folder) => readdirSync(join(root, folder))
    .filter((name) => /\.[hc]pp$/.test(name)).map((name) => `${folder}/${name}`));
}

// The faults as sentences. `textOf` gives a file's text.
export function faultsOf(sources, textOf) {
  const faults = [];
  for (const source of sources) {
    const reads = /\bregistry\.get\(\)/.test(textOf(source));
    if (reads && !readers[source])
      faults.push(`${source} reads the registry: idp/admin/seen_documents.hpp says who sees what of it`);
    if (!reads && readers[source]) faults.push(`${source} needs no exception`);
  }
  return faults;
}

export const read = (root) => (source) => readFileSync(join(root, source), 'utf8');
