// Every account of the three directories gets exactly what was worked out for it beforehand.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { authorization, relying_party } from './relying_party.mjs';
import { text_of, visitor } from './visitor.mjs';
import { world } from './world.mjs';

const here = world();
const refusals = {
  password_expired: /abgelaufen/i,
  password_must_change: /ändern|geändert/i,
  wrong_credentials: /nicht richtig|stimmt nicht|stimmen nicht|falsch/i,
};

test('every account signs in to exactly the applications and roles that its groups give', async () => {
  const parties = await Promise.all(here.clients.filter((one) => one.redirect_uris.length > 0).map(
    async (registered) => ({ registered, party: await relying_party(here, registered) })));
  for (const account of here.accounts) {
    for (const { registered, party } of parties) await check(account, registered.application, party);
  }
});

async function check(account, application, party) {
  const who = `${account.user_name}@${account.member} at ${application}`;
  const expected = account.expected.applications[application];
  const person = new visitor({ issuer: here.issuer, ca: here.environment.ca });
  const request = authorization(party);
  const answer = await person.sign_in(request.url, account);
  person.close();

  if (account.expected.outcome !== 'signed_in') {
    assert.equal(answer.location, undefined, who);
    assert.match(text_of(answer.body), refusals[account.expected.outcome], who);
    return;
  }
  if (expected.access !== 'granted') {
    assert.equal(answer.location, undefined, `${who}: was let in`);
    assert.equal(answer.status, 403, `${who}: ${text_of(answer.body)}`);
    return;
  }
  assert.ok(answer.location, `${who}: ${answer.status} ${text_of(answer.body)}`);
  const tokens = await request.redeem(answer.location);
  const told = await party.client.userinfo(tokens);
  assert.deepEqual([...told.roles].sort(), expected.roles, who);
  assert.equal(told.member, account.member, who);
  assert.equal(told.name, account.name, who);
  assert.equal(told.email, account.mail, who);
  assert.equal(told.preferred_username, `${account.user_name}@${account.mail.split('@')[1]}`, who);
}
