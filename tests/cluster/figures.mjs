// What people saw of a failure, out of the attempts that load.mjs noted.

// The longest time that one and the same worker had nothing but failures, from the end of the first until it
// succeeded again, in milliseconds; `what`: of one kind.
export function longest_without(attempts, what) {
  const failing_since = new Map();
  let longest = 0;
  for (const one of attempts.filter((each) => each.what === what).sort((a, b) => a.at + a.ms - b.at - b.ms)) {
    const end = one.at + one.ms;
    if (one.ok) {
      longest = Math.max(longest, end - (failing_since.get(one.who) ?? end));
      failing_since.delete(one.who);
    } else if (!failing_since.has(one.who)) failing_since.set(one.who, end);
  }
  return longest;
}

// The slowest answer in milliseconds, good or bad.
export const slowest = (attempts, what) => Math.max(0, ...attempts.filter((one) => one.what === what).map((one) => one.ms));

// How many succeeded and failed.
export function counts(attempts) {
  const made = {};
  for (const { what, ok } of attempts) {
    made[what] ??= { ok: 0, failed: 0 };
    ++made[what][ok ? 'ok' : 'failed'];
  }
  return made;
}

const seconds = (ms) => (ms / 1000).toFixed(1);

// One line for each failure: how long the databases had no primary, and how long people had nothing but errors.
export function table(rows) {
  const heads = ['what broke', 'no primary', 'sign-in', 'refresh', 'sign-out', 'discovery', 'slowest sign-in', 'done', 'refused'];
  const lines = rows.map(({ name, without_primary_ms, attempts }) => {
    const all = counts(attempts);
    const sum = (key) => Object.values(all).reduce((total, one) => total + one[key], 0);
    return [name, seconds(without_primary_ms), ...['sign-in', 'refresh', 'sign-out', 'discovery'].map((what) => seconds(longest_without(attempts, what))),
      seconds(slowest(attempts, 'sign-in')), String(sum('ok')), String(sum('failed'))];
  });
  const width = heads.map((head, i) => Math.max(head.length, ...lines.map((line) => line[i].length)));
  return [heads, ...lines].map((line) => line.map((cell, i) => (i ? cell.padStart(width[i]) : cell.padEnd(width[i]))).join('  ')).join('\n');
}
