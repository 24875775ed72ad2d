// `./dev demo`: starts everything, says how to use it, stays until it is told to stop.
import { start_failure } from './children.mjs';
import { demo_ports, start_environment, test_ports } from './environment.mjs';
import { welcome } from './welcome.mjs';

const [folder, binary, slapd_root, ...options] = process.argv.slice(2);
if (!slapd_root) {
  console.error('usage: node demo.mjs <folder> <kommpass binary> <slapd root> [--free-ports] [--port=<name>:<port>]');
  process.exit(2);
}

// Fixed ports, so that the addresses can be known and linked to; others if asked for.
async function chosen_ports() {
  const ports = options.includes('--free-ports') ? await test_ports() : { ...demo_ports };
  for (const option of options) {
    const wish = /^--port=([a-z]+):(\d+)$/.exec(option);
    if (wish && wish[1] in ports) ports[wish[1]] = Number(wish[2]);
    else if (option !== '--free-ports') throw new start_failure(`unknown option ${option}`);
  }
  return ports;
}

const stopping = new AbortController();
const told_to_stop = new Promise((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      stopping.abort();
      resolve();
    });
  }
});

try {
  const environment = await start_environment({
    folder, binary, slapd_root, ports: await chosen_ports(), stopping: stopping.signal,
    say: (what) => console.log(`starting ${what}`),
  });
  console.log(welcome(environment));
  const unwanted_end = Promise.race(environment.children().map((child) =>
    child.ended.then((how) => `${child.name} ended (${how}); see ${child.log_file}`)));
  const reason = await Promise.race([told_to_stop, unwanted_end]);
  if (reason) console.error(`\n${reason}`);
  console.log('\nstopping');
  await environment.stop();
  process.exit(reason ? 1 : 0);
} catch (error) {
  if (error.name === 'AbortError') {
    console.log('\nstopped');
    process.exit(0);
  }
  console.error(`\ndemo: ${error instanceof start_failure ? error.message : error.stack}`);
  process.exit(1);
}
