// A mail server that keeps what it is given: SMTP with STARTTLS and a password.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after } from 'node:test';
import { SMTPServer } from 'smtp-server';

import { make_certificates } from '../demo/tls.mjs';
import { given } from './world.mjs';

const account = { user: 'kommpass', password: 'Briefkasten-12' };

// `open` starts it and gives the service's settings for it. `letters`: {from, to, headers, text}, in
// order of arrival. `closed = true`: it refuses every letter; `unknown`: the address of a mailbox that is not there.
export function post_office() {
  const made = { letters: [], closed: false };
  made.open = async () => {
    const folder = join(given('KOMMPASS_TEST_FOLDER'), 'post-office');
    mkdirSync(folder, { recursive: true });
    const tls = await make_certificates(folder);
    const server = new SMTPServer({
      cert: readFileSync(tls.certificate_file), key: readFileSync(tls.key_file),
      allowInsecureAuth: false,
      onAuth: ({ username, password }, session, done) => done(
        username === account.user && password === account.password ? null : new Error('wrong password'),
        { user: username }),
      onMailFrom: (address, session, done) => done(
        !session.secure ? new Error('not encrypted') : made.closed ? new Error('closed') : null),
      onRcptTo: ({ address }, session, done) => done(
        address === made.unknown ? Object.assign(new Error('no such user'), { responseCode: 550 }) : null),
      onData: (stream, { envelope }, done) => take(stream).then((content) => {
        made.letters.push({ from: envelope.mailFrom.address, to: envelope.rcptTo.map((one) => one.address), ...content });
        made.arrived?.();
        done();
      }, done),
    });
    server.on('error', () => {});  // who hangs up early is no news
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    made.close = () => new Promise((resolve) => server.close(resolve));
    const password_file = join(folder, 'password');
    writeFileSync(password_file, `${account.password}\n`, { mode: 0o600 });
    return `
[mail]
url = "smtp://localhost:${server.server.address().port}"
from = "kommpass@dikom.example"
user = "${account.user}"
password_file = "${password_file}"
ca_file = "${tls.ca_file}"
`;
  };
  after(() => made.close?.());
  // The first letter that `wanted` says yes to, now or later.
  made.letter = async (wanted) => {
    for (;;) {
      const found = made.letters.find(wanted);
      if (found) return found;
      await new Promise((resolve) => { made.arrived = resolve; });
    }
  };
  return made;
}

async function take(stream) {
  const parts = [];
  for await (const part of stream) parts.push(part);
  const whole = Buffer.concat(parts).toString();
  const [head, body] = [whole.slice(0, whole.indexOf('\r\n\r\n')), whole.slice(whole.indexOf('\r\n\r\n') + 4)];
  const headers = Object.fromEntries(head.replace(/\r\n[ \t]+/g, ' ').split('\r\n').map((line) => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  }));
  return { headers, text: Buffer.from(body, 'base64').toString() };
}

// A subject as people read it (RFC 2047).
export const decoded = (subject) => subject.replace(/\?= =\?/g, '?==?')
  .replace(/=\?UTF-8\?B\?([^?]*)\?=/g, (_, word) => Buffer.from(word, 'base64').toString());
