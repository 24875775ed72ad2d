// Everything that the demo consists of, started and stopped as one: the directories, the service
// and the hosted applications. The end-to-end tests start the same thing on other ports.
import { randomBytes } from 'node:crypto';
import { setDefaultResultOrder } from 'node:dns';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { make_apache } from './apache.mjs';
import { start_failure } from './children.mjs';
import { expectation } from './expectations.mjs';
import { service_account } from './ldif.mjs';
import { demo_member, demo_slugs } from './people.mjs';
import { free_ports, taken_ports } from './ports.mjs';
import { sha256_hex, write_registry } from './registry.mjs';
import { make_service } from './service.mjs';
import { make_directory } from './slapd.mjs';
import { make_certificates } from './tls.mjs';

// Everything listens on 127.0.0.1 only, and older Nodes try nothing else if ::1 comes first.
setDefaultResultOrder('ipv4first');

const source_root = fileURLToPath(new URL('../../', import.meta.url));

export const demo_ports = {
  kommpass: 8443, groupware: 8444, dms: 8445, metrics: 9464,
  lebus: 8636, cottbus: 8389, senftenberg: 8390, dikom: 8637,
};

export async function test_ports() {
  const names = Object.keys(demo_ports);
  const found = await free_ports(names.length);
  return Object.fromEntries(names.map((name, i) => [name, found[i]]));
}

const applications = {
  groupware: {
    key: 'groupware', title: 'Groupware', client_id: 'groupware-web',
    intro: 'Hier lägen Post, Kalender und Adressen.',
    require: 'Require claim roles:groupware.postfach roles:groupware.betrieb',
    roles_variable: 'OIDC_CLAIM_roles',
  },
  dms: {
    key: 'dms', title: 'E-Akte', client_id: 'dms-web',
    intro: 'Hier lägen Akten und Vorgänge.',
    require: 'Require claim roles~^dms\\.',
    roles_variable: 'OIDC_CLAIM_roles',
  },
};

// `folder`: everything is written there. `binary`: the service. `slapd_root`: Debian's slapd,
// unpacked. `say`: told what is happening. `stopping`: an AbortSignal that ends the start between
// two steps. `first_settings`: TOML before the service's tables; `more_settings`: behind them. `store_url`: where it
// keeps its state, if not in a file. `issuer`: how people reach it, where a proxy
// stands in front. Returns a running environment; what was started is stopped if a later step fails.
export async function start_environment({ folder, binary, slapd_root, ports, say = () => {}, stopping, first_settings = '', more_settings = '', issuer, store_url }) {
  check_prerequisites({ binary, slapd_root, ports });
  mkdirSync(folder, { recursive: true });
  rmSync(join(folder, 'demo.json'), { force: true });
  const tls = await make_certificates(join(folder, 'tls'));
  const ca = readFileSync(tls.ca_file);
  const secrets = remembered_secrets(join(folder, 'secrets.json'));
  const environment = { folder, ports, tls, ca, secrets, directories: {}, apaches: {}, service: null };
  const started = [];
  const aborted = stopping && once_aborted(stopping);
  environment.stop = async () => {
    while (started.length > 0) await started.pop().stop();
  };
  environment.children = () => started.map((part) => part.child);
  const start = async (what, part) => {
    stopping?.throwIfAborted();
    say(what);
    started.push(part);
    await Promise.race([part.start(), ...(aborted ? [aborted] : [])]);
  };
  try {
    const new_directory = async (slug, generation) => {
      const directory = await make_directory(demo_member(slug), {
        folder: join(folder, slug), slapd_root, tls, port: ports[slug],
        service_password: secrets.directories[slug], generation,
      });
      environment.directories[slug] = directory;
      return directory;
    };
    // The same people in another directory: every entry has a new entryUUID.
    environment.replace_directory = async (slug) => {
      await environment.directories[slug].stop();
      await start(`another directory of ${slug}`, await new_directory(slug, 'another product'));
    };
    for (const slug of demo_slugs) {
      const directory = await new_directory(slug);
      await start(`directory of ${slug}`, directory);
    }
    environment.service = service_of(environment, binary, { first_settings, more_settings, issuer, store_url });
    await start('the service', environment.service);
    for (const application of Object.values(applications)) {
      const apache = await make_apache(
        { ...application, port: ports[application.key], client_secret: secrets.clients[application.client_id] },
        { folder: join(folder, application.key), issuer: environment.service.issuer, tls, ca,
          passphrase: secrets.passphrase });
      environment.apaches[application.key] = apache;
      await start(`the application ${application.title}`, apache);
    }
  } catch (error) {
    await environment.stop();
    throw error;
  }
  environment.description = describe(environment);
  writeFileSync(join(folder, 'demo.json'), JSON.stringify(environment.description, null, 2) + '\n');
  return environment;
}

// Rejects when `signal` fires, with what `throwIfAborted` would throw.
function once_aborted(signal) {
  const rejected = new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  rejected.catch(() => {});  // whoever waits for it hears of it
  return rejected;
}

function check_prerequisites({ binary, slapd_root, ports }) {
  if (!existsSync(binary)) throw new start_failure(`the service is not built: ${binary} is missing`);
  if (!existsSync(join(slapd_root, 'usr/sbin/slapd'))) {
    throw new start_failure(`slapd is not unpacked in ${slapd_root}: run .ci/unpack_slapd`);
  }
  if (!existsSync('/usr/sbin/apache2')) throw new start_failure('apache2-bin is not installed');
  const taken = taken_ports(ports);
  if (taken.length > 0) throw new start_failure(taken.join('\n'));
}

function service_of({ folder, ports, tls, ca, secrets }, binary, more) {
  const service_folder = join(folder, 'kommpass');
  rmSync(service_folder, { recursive: true, force: true });
  mkdirSync(service_folder, { recursive: true });
  const registry_folder = join(folder, 'registry');
  write_registry(join(source_root, 'config/demo/registry'), registry_folder,
    placeholders({ folder: service_folder, ports, tls, secrets }), ports, more.issuer);
  return make_service({ folder: service_folder, binary, ports, tls, ca, registry_folder, ...more });
}

function placeholders({ folder, ports, tls, secrets }) {
  const values = { CA_FILE: tls.ca_file };
  for (const [slug, password] of Object.entries(secrets.directories)) {
    const name = slug.toUpperCase();
    const password_file = join(folder, `${slug}.bind-password`);
    writeFileSync(password_file, `${password}\n`, { mode: 0o600 });
    values[`BIND_PASSWORD_FILE_${name}`] = password_file;
    values[`${name}_LDAPS_PORT`] = values[`${name}_LDAP_PORT`] = String(ports[slug]);
  }
  for (const { key, client_id } of Object.values(applications)) {
    values[`${key.toUpperCase()}_SECRET_SHA256`] = sha256_hex(secrets.clients[client_id]);
    values[`${key.toUpperCase()}_PORT`] = String(ports[key]);
  }
  return values;
}

// Made once for each folder, so that a browser or a tool that was set up for the demo goes on
// working when it is started again.
function remembered_secrets(file) {
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8'));
  const secret = () => randomBytes(24).toString('base64url');
  const made = {
    passphrase: secret(),
    clients: Object.fromEntries(Object.values(applications).map((app) => [app.client_id, secret()])),
    directories: Object.fromEntries(demo_slugs.map((slug) => [slug, secret()])),
  };
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(made, null, 2), { mode: 0o600 });
  return made;
}

// What other tools need to know (`demo.json`).
function describe({ ports, tls, secrets, service, apaches, directories }) {
  return {
    issuer: service.issuer,
    ca_file: tls.ca_file,
    metrics: `http://127.0.0.1:${ports.metrics}/metrics`,
    clients: Object.values(apaches).map((apache) => ({
      client_id: apache.client_id,
      client_secret: secrets.clients[apache.client_id],
      application: apache.key,
      home_uri: apache.uri,
      redirect_uris: [`${apache.uri}oidc/callback`],
      post_logout_redirect_uris: [`${apache.uri}signed_out.html`],
    })),
    directories: Object.values(directories).map(({ member, url, transport }) => ({
      member: member.slug, url, transport, base: member.base, bind_dn: service_account(member),
      bind_password: secrets.directories[member.slug],
    })),
    accounts: Object.values(directories).flatMap(({ member }) =>
      member.people.map((person) => ({
        member: member.slug,
        user_name: person.user_name,
        name: person.name,
        mail: person.mail,
        password: person.password,
        expected: expectation(member, person),
      }))),
  };
}
