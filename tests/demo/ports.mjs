// Ports: which are free, and who holds one that is not.
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { createServer } from 'node:net';

const listening = '0A';  // a socket's state in /proc/net/tcp

// As many different free ports as asked for; all are held until the last one is found.
export async function free_ports(count) {
  const held = [];
  for (let i = 0; i < count; ++i) held.push(await listen_on(0));
  const ports = held.map((server) => server.address().port);
  await Promise.all(held.map((server) => new Promise((done) => server.close(done))));
  return ports;
}

// One sentence for each of `wanted` ({name: port}) that is taken; empty if all are free.
export function taken_ports(wanted) {
  const sockets = listening_sockets();
  return Object.entries(wanted)
    .filter(([, port]) => sockets.has(port))
    .map(([name, port]) => `port ${port} (${name}) is taken by ${holder_of(sockets.get(port))}`);
}

function listen_on(port) {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ port, host: '127.0.0.1' }, () => resolve(server));
  });
}

// port -> {inode, uid}
function listening_sockets() {
  const found = new Map();
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    for (const line of lines_of(table).slice(1)) {
      const field = line.trim().split(/\s+/);
      if (field[3] !== listening) continue;
      found.set(parseInt(field[1].split(':').at(-1), 16), { uid: field[7], inode: field[9] });
    }
  }
  return found;
}

function lines_of(file) {
  try {
    return readFileSync(file, 'utf8').trimEnd().split('\n');
  } catch {
    return [];  // no IPv6 in this kernel
  }
}

function holder_of({ inode, uid }) {
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const holds = readdirSync(`/proc/${pid}/fd`).some(
        (fd) => readlinkSync(`/proc/${pid}/fd/${fd}`) === `socket:[${inode}]`);
      if (!holds) continue;
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
      return `process ${pid}: ${command.slice(0, 120)}`;
    } catch {
      continue;  // it ended meanwhile, or it is somebody else's
    }
  }
  return `a process of user id ${uid}`;
}
