// Requests as an application sends them, through HAProxy or at one node. What got no whole answer has status 0.
import { Agent, request } from 'node:https';

export function http_client({ issuer, ca }) {
  const agent = new Agent({ keepAlive: true, ca, maxSockets: 64 });
  const made = {};
  // `at`: the port of one node, past HAProxy.
  made.ask = (path, { method = 'GET', form, headers = {}, at, timeout = 15_000 } = {}) => new Promise((resolve) => {
    const url = new URL(path, issuer);
    if (at) url.port = String(at);
    const body = form && new URLSearchParams(form).toString();
    const lost = (why) => resolve({ status: 0, body: '', why: why.message });
    const asked = request(url, { method, agent, ca, timeout,
      headers: { ...(form ? { 'content-type': 'application/x-www-form-urlencoded' } : {}), ...headers } }, (answer) => {
      const parts = [];
      answer.on('data', (part) => parts.push(part));
      answer.on('error', lost);
      answer.on('aborted', () => lost(new Error('cut off')));
      answer.on('end', () => resolve({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(parts).toString('utf8') }));
    });
    asked.on('timeout', () => asked.destroy(new Error('no answer')));
    asked.on('error', lost);
    asked.end(body);
  });
  // A form as a confidential client sends it; `json` is what was said, or {}.
  made.post = async (path, client, form, more = {}) => {
    const secret = Buffer.from(`${client.client_id}:${client.client_secret}`).toString('base64');
    const answer = await made.ask(path, { method: 'POST', form, headers: { authorization: `Basic ${secret}` }, ...more });
    return { ...answer, json: parsed(answer.body) };
  };
  made.close = () => agent.destroy();
  return made;
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
