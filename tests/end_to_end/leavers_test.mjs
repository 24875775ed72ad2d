// Who leaves the town hall's directory is signed out, without anybody asking.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { authorization, relying_party } from './relying_party.mjs';
import { visitor } from './visitor.mjs';
import { world } from './world.mjs';

const here = world();
const scope = 'openid profile email offline_access';

async function signed_in(member, user_name) {
  const party = await relying_party(here, here.client('groupware-web'));
  const person = new visitor({ issuer: here.issuer, ca: here.environment.ca });
  const request = authorization(party, { scope });
  const answer = await person.sign_in(request.url, here.account(member, user_name));
  assert.ok(answer.location, answer.body);
  return { ...party, person, tokens: await request.redeem(answer.location) };
}

// Refreshes again and again until it is refused; gives how long that took.
async function until_refused({ client, tokens }) {
  const began = performance.now();
  let token = tokens.refresh_token;
  for (;;) {
    try {
      token = (await client.refresh(token)).refresh_token;
    } catch (refusal) {
      assert.equal(refusal.error, 'invalid_grant');
      return Math.round(performance.now() - began);
    }
  }
}

const lebus = () => here.environment.directories.lebus;
const dn_of = (user) => `uid=${user},ou=people,${lebus().member.base}`;

test('a person who is disabled loses session and refresh token', async () => {
  const one = await signed_in('lebus', 'gerda.weiss');
  const other = await signed_in('lebus', 'anna.noack');
  await lebus().change(`dn: ${dn_of('gerda.weiss')}
changetype: modify
replace: pwdAccountLockedTime
pwdAccountLockedTime: 000001010000Z
`);
  console.log(`disabled: refused after ${await until_refused(one)} ms`);
  const page = await one.person.get(`${here.issuer}/account`);
  assert.match(page.body, /name="username"/);
  assert.ok((await other.client.refresh(other.tokens.refresh_token)).access_token);
});

test('a person who is deleted loses session and refresh token', async () => {
  const one = await signed_in('lebus', 'anna.noack');
  await lebus().change(`dn: ${dn_of('anna.noack')}
changetype: delete
`);
  console.log(`deleted: refused after ${await until_refused(one)} ms`);
  const page = await one.person.get(`${here.issuer}/account`);
  assert.match(page.body, /name="username"/);
});
