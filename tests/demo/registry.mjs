// The demo's registry: `config/demo/registry` with this run's ports, files and secrets filled in.
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

// Ports that the files name, as a reader of the demo sees them; other ports replace them.
export const documented_ports = { kommpass: 8443, groupware: 8444, dms: 8445 };

// `values`: {placeholder: value} for `@PLACEHOLDER@`. One that is left over is an error. `issuer`: of the service, if it is
// not at its own port.
export function write_registry(source, target, values, ports, issuer) {
  rmSync(target, { recursive: true, force: true });
  for (const name of readdirSync(source, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.toml')) continue;
    const text = with_ports(fill(readFileSync(join(source, name), 'utf8'), values, name), ports, issuer);
    mkdirSync(dirname(join(target, name)), { recursive: true });
    writeFileSync(join(target, name), text, { mode: 0o640 });
  }
}

export function sha256_hex(text) {
  return createHash('sha256').update(text).digest('hex');
}

function fill(text, values, name) {
  return text.replace(/@([A-Z0-9_]+)@/g, (whole, key) => {
    if (!(key in values)) throw new Error(`${name}: nothing is known for the placeholder ${whole}`);
    return values[key];
  });
}

function with_ports(text, ports, issuer) {
  return text.replace(/(https:\/\/localhost):(\d+)/g, (whole, host, port) => {
    const found = Object.entries(documented_ports).find(([, number]) => number === Number(port));
    if (issuer && found?.[0] === 'kommpass') return issuer;
    return found ? `${host}:${ports[found[0]]}` : whole;
  });
}
