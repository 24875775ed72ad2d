// A second node of the demo's service, on the same store and keys, and a front that hands each request to the
// next node, as a load balancer without affinity does.
import { readFileSync, writeFileSync } from 'node:fs';
import { Agent, createServer, request } from 'node:https';
import { dirname, join } from 'node:path';

import { start_child, wait_until_ready } from '../demo/children.mjs';
import { free_ports } from '../demo/ports.mjs';
import { answers_200 } from '../demo/service.mjs';

// `environment`: a running one. The node is what `make_service` returns, and has a `port`. `words`: more for `serve`.
// `name`: of its files, where there is a third one; `changed`: what it does to its settings.
export async function second_node(environment, binary, words = [],
  { name = 'second-node', changed = (settings) => settings } = {}) {
  const first = environment.service;
  const folder = dirname(first.settings_file);
  const [port, metrics] = await free_ports(2);
  const settings_file = join(folder, `${name}.toml`);
  const settings = readFileSync(first.settings_file, 'utf8')
    .replace(`port = ${environment.ports.kommpass}\n`, `port = ${port}\n`)
    .replace(`port = ${environment.ports.metrics}\n`, `port = ${metrics}\n`);
  writeFileSync(settings_file, changed(settings), { mode: 0o640 });
  const node = { port, settings_file, log_file: join(folder, `${name}.log`) };
  // `until`: the path that it answers with 200 by then.
  node.start = async ({ env, until = '/readyz' } = {}) => {
    node.child = start_child(name, binary, ['serve', '--config', settings_file, ...words],
      { log_file: node.log_file, cwd: folder, env });
    await wait_until_ready(node.child, () => answers_200(`https://localhost:${port}${until}`, environment.ca));
  };
  node.stop = (signal) => node.child?.stop(signal);
  return node;
}

// Listens on `port`. `ports`: of the nodes, in turns; whoever changes the list takes a node out or in.
// `seen` counts what each node got.
export async function round_robin({ environment, port, ports }) {
  const { certificate_file, key_file } = environment.tls;
  const front = { ports, seen: new Map(), next: 0 };
  const server = createServer({ cert: readFileSync(certificate_file), key: readFileSync(key_file) }, (asked, answer) => {
    const to = front.ports[front.next++ % front.ports.length];
    front.seen.set(to, (front.seen.get(to) ?? 0) + 1);
    const passed = request({ host: 'localhost', port: to, ca: environment.ca,
      method: asked.method, path: asked.url, headers: asked.headers }, (got) => {
      answer.writeHead(got.statusCode, got.headers);
      got.pipe(answer);
    });
    passed.on('error', () => answer.writeHead(502).end());
    asked.pipe(passed);
  });
  await new Promise((done) => server.listen(port, '127.0.0.1', done));
  front.close = () => {
    server.closeAllConnections?.();
    server.close();
  };
  return front;
}

// A load balancer that keeps its connections and asks `/readyz` of each node: whoever is not ready gets nobody new. It
// repeats nothing, and answers 502 where a node broke a request off. Its `ask(path, options)` is what goes through it.
export function balancer({ environment, ports, every_ms = 100 }) {
  const agent = new Agent({ keepAlive: true, ca: environment.ca });
  const made = { ready: new Set(), seen: new Map(), next: 0 };
  const look = async (port) => {
    if (await answers_200(`https://localhost:${port}/readyz`, environment.ca)) made.ready.add(port);
    else made.ready.delete(port);
  };
  const looking = setInterval(() => ports.forEach(look), every_ms);
  made.ask = (path, { method = 'GET', form, headers = {} } = {}) => {
    const all = [...made.ready];
    const port = all[made.next++ % all.length];
    made.seen.set(port, (made.seen.get(port) ?? 0) + 1);
    const body = form && new URLSearchParams(form).toString();
    return new Promise((resolve) => {
      const asked = request({ host: 'localhost', port, path, method, agent, ca: environment.ca,
        headers: { ...(form ? { 'content-type': 'application/x-www-form-urlencoded' } : {}), ...headers } }, (answer) => {
        const parts = [];
        answer.on('data', (part) => parts.push(part));
        answer.on('error', (why) => resolve({ status: 502, port, why: why.message }));
        answer.on('end', () => resolve({ status: answer.statusCode, port, body: Buffer.concat(parts).toString('utf8') }));
      });
      asked.on('error', (why) => resolve({ status: 502, port, why: why.message }));
      asked.end(body);
    });
  };
  made.look = () => Promise.all(ports.map(look));
  made.close = () => {
    clearInterval(looking);
    agent.destroy();
  };
  return made;
}
