// The service below a path of a host, behind a proxy that takes the path off and behind one that does not.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, request } from 'node:https';
import { after, test } from 'node:test';

import { authorization, relying_party } from './relying_party.mjs';
import { arrives, browser, press, shown, sign_in } from './browser.mjs';
import { visitor } from './visitor.mjs';
import { given, world } from './world.mjs';
import { free_ports } from '../demo/ports.mjs';

const path = '/stadt/pass';
const front = { takes_off: false };
const here = world({
  issuer: async () => {
    [front.port] = await free_ports(1);
    return `https://localhost:${front.port}${path}`;
  },
});
const chromium = browser();

// What is not below the path is another program's.
async function start() {
  const { environment } = here;
  const { certificate_file, key_file } = environment.tls;
  front.server = createServer({ cert: readFileSync(certificate_file), key: readFileSync(key_file) }, (asked, answer) => {
    const known = asked.url.startsWith(`${path}/`) || asked.url === path ||
      asked.url.startsWith('/.well-known/');
    if (!known) return answer.writeHead(404).end('another program');
    const taken_off = asked.url.startsWith(path) ? asked.url.slice(path.length) || '/' : asked.url;
    const passed = request({ host: 'localhost', port: environment.ports.kommpass, ca: environment.ca,
      method: asked.method, path: front.takes_off ? taken_off : asked.url, headers: asked.headers }, (got) => {
      answer.writeHead(got.statusCode, got.headers);
      got.pipe(answer);
    });
    passed.on('error', () => answer.writeHead(502).end());
    asked.pipe(passed);
  });
  await new Promise((done) => front.server.listen(front.port, '127.0.0.1', done));
}
after(() => front.server?.close());

const account = () => here.account('lebus', 'anna.noack');

for (const takes_off of [false, true]) {
  const name = takes_off ? 'a proxy that takes the path off' : 'a proxy that passes the path on';

  test(`behind ${name}, a stock client signs somebody in with nothing but discovery`, async () => {
    await (front.started ??= start());
    front.takes_off = takes_off;
    const party = await relying_party(here, here.client('groupware-web'));
    for (const [what, address] of Object.entries(party.provider.metadata)) {
      if (what.endsWith('_endpoint') || what === 'jwks_uri') assert.ok(address.startsWith(`${here.issuer}/`), what);
    }
    const person = new visitor({ issuer: here.issuer, ca: here.environment.ca });
    const asked = authorization(party);
    const tokens = await asked.redeem((await person.sign_in(asked.url, account())).location);
    assert.equal(tokens.claims().iss, here.issuer);
    assert.equal((await party.client.userinfo(tokens)).name, 'Anna Noack');
    const metadata = await person.get(`https://localhost:${front.port}/.well-known/oauth-authorization-server${path}`);
    assert.equal(JSON.parse(metadata.body).issuer, here.issuer);
    person.close();
  });

  test(`behind ${name}, every page, style and form stays below the path`, async () => {
    await (front.started ??= start());
    front.takes_off = takes_off;
    const page = await chromium.new_page();
    const strays = [];
    page.on('response', (one) => {
      if (one.url().startsWith(`https://localhost:${front.port}`) && one.status() >= 404) strays.push(one.url());
    });
    await page.goto(here.application('groupware').home_uri);
    assert.ok(page.url().startsWith(`${here.issuer}/authorize?`));
    await page.click('button[value="language:en"]');
    await page.waitForSelector('html[lang="en"]');
    await page.click('button[value="language:de"]');
    await sign_in(page, account());
    await arrives(page, here.application('groupware').home_uri);
    assert.equal((await shown(page)).name, account().name);

    await page.goto(here.issuer);
    assert.equal(page.url(), `${here.issuer}/account`);
    await page.click('a[href$="/account/password"]');
    await page.click('main a.kern-link');
    await page.click('a[href$="/account/role"]');
    await page.waitForSelector('h1');
    assert.equal(page.url(), `${here.issuer}/account/role`);
    assert.match(await page.evaluate(() => getComputedStyle(document.body).fontFamily), /Fira/);
    await page.goto(`${here.issuer}/device`);
    assert.equal(await page.$eval('main form', (form) => form.action), `${here.issuer}/device`);
    await page.goto(`${here.issuer}/end-session`);
    await press(page, 'sign-out');
    await arrives(page, /\/sign-out\?page=/);
    assert.deepEqual(strays, []);
    await page.context().close();
  });

  test(`behind ${name}, the console and its forms work`, async () => {
    await (front.started ??= start());
    front.takes_off = takes_off;
    const page = await chromium.new_page();
    await page.goto(`${here.issuer}/console/members`);
    await sign_in(page, here.account('dikom', 'martina.schwarz'));
    await page.waitForSelector('body.kp-console');
    await page.goto(`${here.issuer}/console`);
    await page.click('nav a[href$="/console/persons"]');
    await page.waitForSelector('select[name="member"]');
    await page.click('button[lang="en"]');
    await page.waitForSelector('html[lang="en"]');
    assert.equal(page.url(), `${here.issuer}/console/persons`);
    await page.context().close();
  });
}

test('check says how the service is reached', () => {
  const said = execFileSync(given('KOMMPASS_BINARY'),
    ['check', '--config', here.environment.service.settings_file], { encoding: 'utf8' });
  assert.match(said, new RegExp(`issuer ${here.issuer}`));
  assert.match(said, new RegExp(`below the path ${path}`));
});
