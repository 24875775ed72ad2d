// The service itself, started as an operator would start it.
import { mkdirSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';

import { start_child, wait_until_ready } from './children.mjs';

// `folder` gets the settings, the store, the keys and the log. The store begins empty and takes
// the registry folder as its first revision.
export function make_service({ folder, binary, ports, tls, ca, registry_folder, first_settings = '', more_settings = '',
  store_url = 'sqlite:kommpass.db',
  issuer = `https://localhost:${ports.kommpass}` }) {
  mkdirSync(folder, { recursive: true });
  const settings_file = join(folder, 'kommpass.toml');
  writeFileSync(settings_file, settings({ issuer, ports, tls, registry_folder, store_url, first_settings }) + more_settings,
    { mode: 0o640 });
  const service = { issuer, settings_file, log_file: join(folder, 'kommpass.log') };
  service.start = async () => {
    const child = start_child('kommpass', binary, ['serve', '--config', settings_file],
      { log_file: service.log_file, cwd: folder });
    service.child = child;
    service.stop = (signal) => child.stop(signal);
    await wait_until_ready(child, () => answers_200(`https://localhost:${ports.kommpass}/readyz`, ca));
  };
  service.stop = async () => {};
  return service;
}

function settings({ issuer, ports, tls, registry_folder, store_url, first_settings }) {
  return `# Written by the demo.
issuer = "${issuer}"
${first_settings}
[listen]
address = "127.0.0.1"
port = ${ports.kommpass}
certificate_file = "${tls.certificate_file}"
private_key_file = "${tls.key_file}"

[metrics]
address = "127.0.0.1"
port = ${ports.metrics}

[store]
url = "${store_url}"

[keys]
file = "keys.json"

[registry]
folder = "${registry_folder}"

# The demo's directories run on this machine.
[directories]
allow_networks = ["127.0.0.0/8", "::1"]

# So do its applications, which are told when somebody signs out.
[applications]
allow_networks = ["127.0.0.0/8", "::1"]
ca_file = "${tls.ca_file}"

[help]
contact = "Servicestelle der Demo, Telefon 0355 5550-100"
`;
}

// GET that trusts the demo's authority; false for anything but status 200.
export function answers_200(url, ca) {
  return new Promise((resolve) => {
    const asked = request(url, { ca, timeout: 2000 }, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    });
    asked.on('timeout', () => asked.destroy(new Error('no answer')));
    asked.on('error', () => resolve(false));
    asked.end();
  });
}
