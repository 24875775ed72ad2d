// Whether the administration API is what its document says: schemathesis, with every check, against
// a running service with real directories, as a central administrator.
// `node api_conformance.mjs <folder> <binary> <slapd root> <schemathesis> [its options]`
import { spawn } from 'node:child_process';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { start_environment, test_ports } from '../demo/environment.mjs';
import { authorization, relying_party } from '../end_to_end/relying_party.mjs';
import { visitor } from '../end_to_end/visitor.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const [folder, binary, slapd_root, schemathesis, ...options] = process.argv.slice(2);
const minutes = 60_000;

// Far enough before the token's end, which is ten minutes away.
const token_is_fresh_for = 4 * minutes;

async function main() {
  mkdirSync(folder, { recursive: true });
  const environment = await start_environment({
    folder, binary, slapd_root, ports: await test_ports(), say: (what) => console.log(what) });
  let timer;
  try {
    const token_file = join(folder, 'token');
    const renew = await token_source(environment, token_file);
    await renew();
    timer = setInterval(() => renew().catch((error) => console.error(`no token: ${error.message}`)),
      token_is_fresh_for);
    const code = await run_schemathesis(environment, token_file);
    // Whatever was tried, the administrator is still one: no check was green for want of a right.
    const token = await renew();
    const after = await ask(environment, '/api/v1/me', token);
    if (after.status !== 200 || after.body.rights?.change_member !== 'everywhere') {
      throw new Error(`the administrator lost their rights on the way: ${JSON.stringify(after)}`);
    }
    process.exitCode = code;
  } finally {
    clearInterval(timer);
    await environment.stop();
  }
}

// Signs in, and again whenever asked; writes the access token where schemathesis reads it.
async function token_source(environment, token_file) {
  const { issuer, accounts } = environment.description;
  const account = accounts.find((one) => one.user_name === 'martina.schwarz');
  const registered = { client_id: 'kommpass-api', redirect_uris: ['http://127.0.0.1/callback'] };
  const party = await relying_party({ issuer, environment }, registered,
    { token_endpoint_auth_method: 'none' });
  return async () => {
    const person = new visitor({ issuer, ca: environment.ca });
    const asked = authorization(party, { scope: 'openid fed:read fed:write' });
    const answer = await person.sign_in(asked.url, account);
    const { access_token } = await asked.redeem(answer.location);
    person.close();
    writeFileSync(`${token_file}.new`, access_token, { mode: 0o600 });
    renameSync(`${token_file}.new`, token_file);
    return access_token;
  };
}

function run_schemathesis({ description: { issuer, ca_file } }, token_file) {
  const words = ['--config-file', join(here, 'schemathesis.toml'), 'run',
    `${issuer}/api/v1/openapi.json`, '--checks', 'all', '--tls-verify', ca_file,
    '--continue-on-failure', ...options];
  const child = spawn(schemathesis, words, { stdio: 'inherit', cwd: folder,
    env: { ...process.env, SCHEMATHESIS_HOOKS: 'schemathesis_hooks', PYTHONPATH: here,
      REQUESTS_CA_BUNDLE: ca_file, KOMMPASS_TOKEN_FILE: token_file } });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

function ask({ description: { issuer }, ca }, path, token) {
  return new Promise((resolve, reject) => {
    const sent = request(new URL(path, issuer), { ca, headers: { authorization: `Bearer ${token}` } },
      (answer) => {
        const parts = [];
        answer.on('data', (part) => parts.push(part));
        answer.on('end', () => resolve({ status: answer.statusCode, body: JSON.parse(Buffer.concat(parts)) }));
      });
    sent.on('error', reject);
    sent.end();
  });
}

await main();
