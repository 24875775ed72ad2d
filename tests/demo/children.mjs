// Child processes that cannot outlive us: each one is told by the kernel when we are gone, and
// stops in the order that we choose when we go in peace.
import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

const stop_patience_ms = 5000;

export class start_failure extends Error {}

// Starts `command` in a process group of its own, so that the terminal's Ctrl-C reaches us only.
// `log_file` takes its output. `as`: {uid, gid} to run as somebody else (root only).
export function start_child(name, command, args, { log_file, cwd, env, as }) {
  const output = openSync(log_file, 'a', 0o640);
  const identity = as
    ? [`--reuid=${as.uid}`, `--regid=${as.gid}`, '--clear-groups']
    : [];
  const child = spawn('setpriv', ['--pdeathsig', 'TERM', ...identity, '--', command, ...args], {
    cwd,
    env: env ?? process.env,
    detached: true,
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  const ended = new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`));
    child.once('error', (error) => resolve(error.message));
  });
  const started = { name, pid: child.pid, log_file, ended, end: null };
  ended.then((how) => (started.end = how));
  started.stop = (signal = 'SIGTERM') => stop(child, started, signal);
  return started;
}

async function stop(child, started, signal) {
  if (started.end !== null || child.pid === undefined) return;
  child.kill(signal);
  const patience = new AbortController();
  const gone = await Promise.race([
    started.ended.then(() => true),
    pause(stop_patience_ms, false, { signal: patience.signal }).catch(() => false),
  ]);
  patience.abort();
  if (!gone) {
    process.kill(-child.pid, 'SIGKILL');
    await started.ended;
  }
}

// Asks `probe` again and again until it says true. Fails when the time is over or when one of the
// children it depends on has ended, and then shows the end of that child's log.
export async function wait_until_ready(child, probe, { within_ms = 60_000 } = {}) {
  const give_up_at = Date.now() + within_ms;
  for (;;) {
    if (child.end !== null) {
      throw new start_failure(`${child.name} ended at its start (${child.end})\n${log_end(child)}`);
    }
    if (await probe()) return;
    if (Date.now() > give_up_at) {
      throw new start_failure(
        `${child.name} was not ready after ${within_ms / 1000} s\n${log_end(child)}`);
    }
    await pause(50);
  }
}

function log_end(child) {
  const lines = readFileSync(child.log_file, 'utf8').trimEnd().split('\n').slice(-15);
  return [`last lines of ${child.log_file}:`, ...lines.map((line) => `  ${line}`)].join('\n');
}
