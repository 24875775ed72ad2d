// `./dev cluster`: starts an installation of three nodes, says how to use it, stays until it is told to stop.
import { start_failure } from '../demo/children.mjs';
import { welcome } from '../demo/welcome.mjs';
import { start_cluster } from './cluster.mjs';

const [folder, binary, slapd_root] = process.argv.slice(2);
const told_to_stop = new Promise((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, resolve);
});

try {
  const cluster = await start_cluster({ folder, binary, slapd_root, say: (what) => console.log(`starting ${what}`) });
  console.log(welcome(cluster.environment));
  const primary = await cluster.databases.primary();
  console.log(['', 'Three nodes behind HAProxy, on three PostgreSQL servers:',
    ...cluster.nodes.map((node) => `  ${node.name.padEnd(8)} https://localhost:${node.port}/readyz  pid ${node.child.pid}  ${node.log_file}`),
    ...cluster.databases.members.map((one) =>
      `  ${one.name.padEnd(8)} 127.0.0.1:${one.port}${one === primary ? '  primary' : ''}  Patroni http://127.0.0.1:${one.rest}/cluster  pid ${one.child.pid}`),
    'Kill what you like: `./dev cluster try` does, and says what people saw of it.'].join('\n'));
  await told_to_stop;
  console.log('\nstopping');
  await cluster.stop();
  process.exit(0);
} catch (error) {
  console.error(`\ncluster: ${error instanceof start_failure ? error.message : error.stack}`);
  process.exit(1);
}
