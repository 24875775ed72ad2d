// The line between a node and a database: what it cuts is neither closed nor reset, packets just do not arrive any
// more, as when a cable is pulled or a firewall forgets a connection.
import { connect, createServer } from 'node:net';

// Gives a port that leads to 127.0.0.1:`to`; `cut()` and `mend()`. What was underway when it was cut stays lost after
// the mending: those connections never answer again.
export async function line_to(to) {
  const made = { is_cut: false };
  const open = new Set();
  const server = createServer((near) => {
    if (made.is_cut) return silent(near);
    const far = connect(to, '127.0.0.1');
    const pair = { near, far };
    open.add(pair);
    for (const [from, into] of [[near, far], [far, near]]) {
      from.setNoDelay(true);
      from.pipe(into);
      from.on('error', () => into.destroy());
      from.on('close', () => {
        open.delete(pair);
        if (!pair.silent) into.destroy();
      });
    }
  });
  const silent = (socket) => {
    socket.on('error', () => {});
    socket.pause();
  };
  made.cut = () => {
    made.is_cut = true;
    for (const pair of open) {
      pair.silent = true;
      pair.near.unpipe(pair.far);
      pair.far.unpipe(pair.near);
      silent(pair.near);
      silent(pair.far);
    }
  };
  made.mend = () => {
    made.is_cut = false;
  };
  made.close = () => {
    server.close();
    for (const { near, far } of open) [near, far].forEach((one) => one.destroy());
  };
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  server.unref();
  made.port = server.address().port;
  return made;
}
