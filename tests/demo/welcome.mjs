// What the demo says when it is ready. Pure.

const outcome_words = {
  signed_in: '',
  password_expired: 'password expired',
  password_must_change: 'password must be changed',
  wrong_credentials: 'account locked',
};

export function welcome({ description, folder, service }) {
  const lines = ['', 'Kommpass is running.', ''];
  for (const client of description.clients) {
    lines.push(`  ${client.application.padEnd(10)} ${client.home_uri}`);
  }
  lines.push(`  ${'kommpass'.padEnd(10)} ${description.issuer}/`);
  lines.push(`  ${'console'.padEnd(10)} ${description.issuer}/console`);
  lines.push(`  ${'metrics'.padEnd(10)} ${description.metrics}`, '');
  lines.push(`Your browser must trust ${description.ca_file}, or you confirm its warning once for each address.`);
  for (const member of new Set(description.accounts.map((account) => account.member))) {
    lines.push('', `${member}:`);
    for (const account of description.accounts.filter((one) => one.member === member)) {
      lines.push(account_line(account));
    }
  }
  lines.push('', 'Sign in with the mail address, or with the user name and the member from the list.');
  lines.push('At the console: joerg.krueger (Lebus), ralf.huebner (approves there), martina.schwarz (DIKOM),');
  lines.push('ilona.baer (audits for DIKOM), henry.paulick (operates the groupware).');
  lines.push(`For tools: ${folder}/demo.json. Logs: ${service.log_file} and beside it.`);
  lines.push('Ctrl-C stops everything.');
  return lines.join('\n');
}

function account_line({ user_name, mail, password, expected }) {
  const roles = Object.values(expected.applications).flatMap(({ roles }) => roles);
  const remark = outcome_words[expected.outcome] || roles.join(' ') || 'no roles';
  return `  ${user_name.padEnd(22)} ${mail.padEnd(38)} ${password.padEnd(24)} ${remark}`;
}
