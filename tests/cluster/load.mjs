// People, applications and administrators at work while things break: sign-ins, refreshes, sign-outs, registry changes,
// discovery. It notes each attempt, and everything that was acknowledged, so that it can be asked for afterwards.
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { visitor } from '../end_to_end/visitor.mjs';
import { http_client } from './http_client.mjs';

const people = [['lebus', 'anna.noack'], ['cottbus', 'nowakm'], ['senftenberg', 'j.schuster'], ['lebus', 'joerg.krueger']];

// `cluster`: cluster.mjs. `attempts`: [{who, what, at, ms, ok, why}]. `broken`: sentences, each a promise that was not kept.
export function start_load(cluster) {
  const { issuer, environment } = cluster;
  const { ca, description } = environment;
  const web = http_client({ issuer, ca });
  const client = description.clients.find((one) => one.client_id === 'groupware-web');
  const load = { attempts: [], broken: [], acknowledged: { sign_ins: 0, families: [], ended: [], titles: [] } };
  let over = false;
  const account = ([member, name]) => description.accounts.find((one) => one.member === member && one.user_name === name);
  const tools = { issuer, ca, web, client, load, cluster };
  let workers = 0;

  const run = async (what, once, pace_ms, state) => {
    const who = ++workers;
    const note = (at, ok, why) => load.attempts.push({ who, what, at, ms: Date.now() - at, ok, why });
    while (!over) {
      const at = Date.now();
      try {
        await once(tools, state);
        note(at, true);
        await pause(pace_ms);
      } catch (failure) {
        note(at, false, failure.message);
        await pause(200);
      }
    }
  };
  const all = [
    ...people.slice(0, 3).map((one) => run('sign-in', sign_in_and_redeem, 300, { account: account(one) })),
    run('sign-out', sign_in_and_out, 700, { account: account(people[3]) }),
    ...[0, 1, 2].map(() => run('refresh', refresh, 150, { account: account(people[2]) })),
    run('registry change', change_registry, 1_500, { folder: mkdtempSync(join(tmpdir(), 'kommpass-registry-')) }),
    run('discovery', published, 100, {}),
  ];
  load.stop = async () => {
    over = true;
    await Promise.all(all);
    web.close();
  };
  return load;
}

class unavailable extends Error {}

// An answer that a service may give while its store or a directory is away, and nothing else.
function demand(answer, wanted, what) {
  if (answer.status === wanted) return answer;
  throw new unavailable(`${what}: ${answer.status} ${answer.why ?? answer.json?.error ?? /<h1[^>]*>([^<]*)/.exec(answer.body)?.[1] ?? ''}`.trim());
}

function authorization_of({ issuer, client }, more = {}) {
  const verifier = randomBytes(32).toString('base64url');
  const url = new URL('/authorize', issuer);
  url.search = new URLSearchParams({ client_id: client.client_id, response_type: 'code', redirect_uri: client.redirect_uris[0],
    scope: 'openid offline_access', state: randomBytes(8).toString('hex'), code_challenge_method: 'S256',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'), ...more }).toString();
  return { url: url.href, verifier };
}

// A code, by name and password in a browser that knows nothing.
async function code_of(tools, account, person) {
  const asked = authorization_of(tools);
  const answer = await person.sign_in(asked.url, account);
  if (!answer.location) throw new unavailable(`sign-in: ${answer.status} ${/<h1[^>]*>([^<]*)/.exec(answer.body)?.[1] ?? ''}`);
  const code = new URL(answer.location).searchParams.get('code');
  if (!code) throw new unavailable(`sign-in: ${answer.location.split('?')[1]}`);
  return { code, verifier: asked.verifier };
}

async function redeem({ web, client, load }, { code, verifier }) {
  const form = { grant_type: 'authorization_code', code, redirect_uri: client.redirect_uris[0], code_verifier: verifier };
  let lost = false;
  for (let tries = 0; tries < 40; ++tries) {
    const answer = await web.post('/token', client, form);
    if (answer.status === 200) return { tokens: answer.json, form };
    if (answer.status === 400) {
      // After an answer that was lost on its way, a code that was used is used.
      if (!lost) load.broken.push(`a code that nobody had redeemed was refused: ${answer.body}`);
      throw new unavailable('the answer with the tokens was lost');
    }
    lost ||= answer.status === 0 || answer.status === 502 || answer.status === 504;
    await pause(250);
  }
  throw new unavailable('a code was not redeemed within ten seconds');
}

async function signed_in(tools, account) {
  const person = new visitor({ issuer: tools.issuer, ca: tools.ca });
  try {
    const { tokens, form } = await redeem(tools, await code_of(tools, account, person));
    ++tools.load.acknowledged.sign_ins;
    return { tokens, form, person };
  } catch (failure) {
    person.close();
    throw failure;
  }
}

async function sign_in_and_redeem(tools, { account }) {
  const { web, client, load } = tools;
  const { tokens, form, person } = await signed_in(tools, account);
  person.close();
  demand(await web.ask('/userinfo', { headers: { authorization: `Bearer ${tokens.access_token}` } }), 200, 'userinfo');
  // Every fifth code is used once more, which ends its family: the others are asked for at the end.
  if (load.acknowledged.sign_ins % 5 !== 0) {
    load.acknowledged.families.push({ refresh_token: tokens.refresh_token });
  } else {
    const again = await web.post('/token', client, form);
    if (again.status === 200) load.broken.push('a code gave tokens twice');
  }
}

async function sign_in_and_out(tools, { account }) {
  const { tokens, person } = await signed_in(tools, account);
  try {
    const { load: { acknowledged, broken } } = tools;
    const url = `/end-session?${new URLSearchParams({ id_token_hint: tokens.id_token })}`;
    let page = await person.get(url);
    if (/value="sign-out"/.test(page.body)) page = await person.press(page, 'sign-out');
    demand(page, 200, 'sign-out');
    const still_in = async () => /[?&]code=/.test(
      (await person.get(authorization_of(tools, { prompt: 'none', scope: 'openid' }).url)).location ?? '');
    if (await still_in()) broken.push('a session that was ended signs in');
    acknowledged.ended.push(still_in);
  } finally {
    person.close();
  }
}

// One family, its token renewed again and again; an attempt whose answer was lost is made again with the same token.
async function refresh(tools, state) {
  const { web, client, load } = tools;
  if (!state.token) {
    const { tokens, person } = await signed_in(tools, state.account);
    person.close();
    Object.assign(state, { token: tokens.refresh_token, lost: false });
  }
  const answer = await web.post('/token', client, { grant_type: 'refresh_token', refresh_token: state.token });
  if (answer.status === 200) {
    Object.assign(state, { token: answer.json.refresh_token, lost: false });
    return;
  }
  if (answer.status === 400) {
    load.broken.push(`a refresh token that was given out is refused${state.lost ? ', after an answer that was lost' : ''}: ${answer.body}`);
    state.token = undefined;
  } else {
    state.lost = true;
  }
  demand(answer, 200, 'refresh');
}

async function change_registry({ cluster, load }, { folder }) {
  const target = join(folder, 'registry');
  rmSync(target, { recursive: true, force: true });
  await cluster.kommpass('registry', 'export', target);
  const file = join(target, 'applications/groupware.toml');
  const name = `Groupware ${Date.now()}`;
  writeFileSync(file, readFileSync(file, 'utf8').replace(/^name = .*$/m, `name = "${name}"`));
  await cluster.kommpass('registry', 'apply', target, '-m', name);
  load.acknowledged.titles.push(name);
}

async function published({ web }) {
  for (const path of ['/.well-known/openid-configuration', '/jwks']) demand(await web.ask(path), 200, path);
}
