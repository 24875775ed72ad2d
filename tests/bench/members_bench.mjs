// A thousand members in the registry: how long the service takes to be ready, and what it holds.
//   members_bench.mjs <build folder>
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { free_ports } from '../demo/ports.mjs';
import { make_service } from '../demo/service.mjs';
import { make_certificates } from '../demo/tls.mjs';

const [build] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'kommpass-members-'));
const registry_folder = join(folder, 'registry');

function write_members(count) {
  mkdirSync(join(registry_folder, 'members'), { recursive: true });
  mkdirSync(join(registry_folder, 'applications'));
  writeFileSync(join(registry_folder, 'applications/dms.toml'), 'key = "dms"\nname = "E-Akte"\n');
  for (let i = 1; i <= count; ++i) {
    writeFileSync(join(registry_folder, `members/gemeinde-${i}.toml`), `slug = "gemeinde-${i}"
name = "Gemeinde ${i}"
domains = ["gemeinde-${i}.example"]
subscriptions = ["dms"]

[directory]
urls = ["ldaps://ldap.gemeinde-${i}.example"]
transport = "ldaps"
person_base = "ou=people,dc=gemeinde-${i},dc=example"
group_base = "ou=groups,dc=gemeinde-${i},dc=example"
`);
  }
}

try {
  write_members(1000);
  const [kommpass, metrics] = await free_ports(2);
  const tls = await make_certificates(join(folder, 'tls'));
  const service = make_service({ folder, binary: resolve(build, 'idp/kommpass'), ports: { kommpass, metrics },
    tls, ca: readFileSync(tls.ca_file), registry_folder });
  await service.start();  // makes the keys and takes the folder as the first revision
  await service.stop();
  const began = performance.now();
  await service.start();
  const ready = performance.now() - began;
  const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${service.child.pid}/status`, 'utf8'));
  console.log(`1,000 members: ready after ${ready.toFixed(0)} ms (1,000 asked), ${(kilobytes / 1024).toFixed(0)} MB (200 asked)`);
  await service.stop();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
