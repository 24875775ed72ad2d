// Who should get what in the demo, worked out from the people alone and without asking the service:
// tests compare what the service says with this. Says in code what `config/demo/registry` says in
// TOML. Pure.
import { all_groups_of } from './people.mjs';

const everyone = ['lebus', 'cottbus', 'senftenberg'];
export const subscriptions = { groupware: everyone, dms: everyone };  // dikom has booked neither

const in_group = (name) => (member, person) => all_groups_of(member, person.user_name).has(name);
const in_department = (number) => (_, person) => person.department.number === number;
const in_it = (_, person) => person.dn.includes(',ou=it,');

const rules = [
  { members: everyone, roles: ['groupware.postfach'], holds: in_group('GG_Groupware') },
  { members: everyone, roles: ['groupware.betrieb'], holds: in_it },
  { members: everyone, roles: ['dms.lesen', 'dms.bearbeiten'], holds: in_group('GG_Meldeamt') },
  { members: everyone, roles: ['dms.registratur'], holds: in_group('GG_Registratur') },
  { members: ['senftenberg'], roles: ['dms.freigabe'], holds: in_department('33') },
];

const outcomes = {
  active: 'signed_in',
  expired: 'password_expired',
  must_change: 'password_must_change',
  locked: 'wrong_credentials',  // OpenLDAP refuses before it compares: nothing is proven
};

// {outcome, applications: {groupware: {access, roles}, ...}}; `access` is granted, no_role or
// not_subscribed.
export function expectation(member, person) {
  const applications = {};
  for (const [application, subscribed] of Object.entries(subscriptions)) {
    const roles = roles_of(member, person, application);
    const access = !subscribed.includes(member.slug) ? 'not_subscribed'
      : roles.length === 0 ? 'no_role' : 'granted';
    applications[application] = { access, roles: access === 'granted' ? roles : [] };
  }
  return { outcome: outcomes[person.state], applications };
}

function roles_of(member, person, application) {
  const held = rules
    .filter((rule) => rule.members.includes(member.slug) && rule.holds(member, person))
    .flatMap((rule) => rule.roles)
    .filter((role) => role.startsWith(`${application}.`));
  return [...new Set(held)].sort();
}
