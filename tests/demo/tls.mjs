// The demo's certificate authority and one certificate for everything that listens on localhost.
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const week_in_seconds = String(7 * 24 * 3600);

// Kept from run to run while it is valid, so that a browser that was told to trust it stays calm.
export async function make_certificates(folder) {
  mkdirSync(folder, { recursive: true });
  const at = (name) => join(folder, name);
  const made = { ca_file: at('ca.pem'), certificate_file: at('server.pem'), key_file: at('server.key') };
  if (await still_valid(made)) return made;

  writeFileSync(at('ca.cnf'), ca_request);
  writeFileSync(at('server.cnf'), server_request);
  await run('openssl', [
    'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '365',
    '-config', at('ca.cnf'), '-keyout', at('ca.key'), '-out', made.ca_file]);
  await run('openssl', [
    'req', '-new', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes',
    '-config', at('server.cnf'), '-keyout', made.key_file, '-out', at('server.csr')]);
  await run('openssl', [
    'x509', '-req', '-in', at('server.csr'), '-CA', made.ca_file, '-CAkey', at('ca.key'),
    '-CAcreateserial', '-days', '364', '-extfile', at('server.cnf'), '-extensions', 'extensions',
    '-out', made.certificate_file]);
  return made;
}

async function still_valid({ ca_file, certificate_file, key_file }) {
  if (![ca_file, certificate_file, key_file].every((file) => existsSync(file))) return false;
  try {
    await run('openssl', ['x509', '-in', certificate_file, '-noout', '-checkend', week_in_seconds]);
    await run('openssl', ['verify', '-CAfile', ca_file, certificate_file]);
    return true;
  } catch {
    return false;
  }
}

const ca_request = `[req]
distinguished_name = name
x509_extensions = extensions
prompt = no
[name]
O = Kommpass-Demo
CN = Kommpass-Demo Zertifizierungsstelle
[extensions]
basicConstraints = critical, CA:TRUE, pathlen:0
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
`;

const server_request = `[req]
distinguished_name = name
prompt = no
[name]
O = Kommpass-Demo
CN = localhost
[extensions]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
subjectAltName = DNS:localhost, IP:127.0.0.1
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
`;
