// The service is killed in the middle of its work; nobody notices more than the pause.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { authorization, relying_party } from './relying_party.mjs';
import { visitor } from './visitor.mjs';
import { world } from './world.mjs';

const here = world();

test('after kill -9 sessions go on, refresh tokens work and used codes stay used', async () => {
  const party = await relying_party(here, here.client('groupware-web'));
  const person = new visitor({ issuer: here.issuer, ca: here.environment.ca });
  const request = authorization(party, { scope: 'openid offline_access' });
  const answer = await person.sign_in(request.url, here.account('lebus', 'anna.noack'));
  const tokens = await request.redeem(answer.location);

  await here.environment.service.stop('SIGKILL');
  await here.environment.service.start();

  await assert.rejects(request.redeem(answer.location), { error: 'invalid_grant' });
  const silent = authorization(party, { prompt: 'none' });
  const again = await silent.redeem((await person.get(silent.url)).location);
  assert.equal(again.claims().sub, tokens.claims().sub);
});

test('after a graceful stop a refresh token still works, and the stop is clean', async () => {
  const party = await relying_party(here, here.client('groupware-web'));
  const person = new visitor({ issuer: here.issuer, ca: here.environment.ca });
  const request = authorization(party, { scope: 'openid offline_access' });
  const answer = await person.sign_in(request.url, here.account('cottbus', 'nowakm'));
  const tokens = await request.redeem(answer.location);

  const { child } = here.environment.service;
  await here.environment.service.stop();
  await here.environment.service.start();
  const refreshed = await party.client.refresh(tokens.refresh_token);

  assert.equal(child.end, 'exit code 0');
  assert.equal(refreshed.claims().sub, tokens.claims().sub);
});
