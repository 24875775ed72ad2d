// A member's directory as LDIF, in the layout that this member chose. Pure.
import { createHash } from 'node:crypto';
import { all_groups_of } from './people.mjs';

// How the three directories differ.
export const layouts = {
  lebus: { group_class: 'groupOfNames', transport: 'ldaps', member_of: true },
  cottbus: { group_class: 'groupOfUniqueNames', transport: 'starttls', member_of: false },
  senftenberg: { group_class: 'posixGroup', transport: 'starttls', member_of: false },
  dikom: { group_class: 'groupOfNames', transport: 'ldaps', member_of: true },
};

const first_uid_number = 20000;
const first_gid_number = 30000;
const locked_until_an_administrator_acts = '000001010000Z';
const long_ago = '20240102080000Z';

// `generation`: another one gives every entry another entryUUID, as another server would.
export function directory_ldif(member, service_password, generation = '') {
  const layout = layouts[member.slug];
  return [
    ...tree_entries(member, service_password),
    ...member.people.map((person) => person_entry(member, layout, person)),
    ...[...member.groups].map(([name, group]) => group_entry(member, layout, name, group)),
  ].map((entry) => ldif_of(with_uuid(entry, generation))).join('\n');
}

export const service_account = (member) => `cn=kommpass,ou=services,${member.base}`;
const group_dn = (member, name) => `cn=${name},ou=groups,${member.base}`;

function tree_entries(member, service_password) {
  const unit = (dn) => [['dn', dn], ['objectClass', 'organizationalUnit'],
    ['ou', /^ou=([^,]+)/.exec(dn)[1]]];
  return [
    [['dn', member.base], ['objectClass', 'dcObject'], ['objectClass', 'organization'],
      ['dc', member.slug], ['o', member.slug]],
    ...['ou=people', 'ou=it,ou=people', 'ou=groups', 'ou=services', 'ou=policies'].map(
      (rdn) => unit(`${rdn},${member.base}`)),
    [['dn', service_account(member)], ['objectClass', 'organizationalRole'],
      ['objectClass', 'simpleSecurityObject'], ['cn', 'kommpass'],
      ['userPassword', salted_hash(service_password)]],
    policy_entry(member, 'standard', []),
    policy_entry(member, 'ablauf', [['pwdMaxAge', '7776000']]),
    policy_entry(member, 'aendern', [['pwdMustChange', 'TRUE']]),
  ];
}

function policy_entry(member, name, rules) {
  return [['dn', `cn=${name},ou=policies,${member.base}`], ['objectClass', 'organizationalRole'],
    ['objectClass', 'pwdPolicy'], ['cn', name], ['pwdAttribute', 'userPassword'],
    ['pwdLockout', 'TRUE'], ['pwdMaxFailure', '50'], ['pwdFailureCountInterval', '900'],
    ['pwdLockoutDuration', '900'], ...rules];
}

function person_entry(member, layout, person) {
  return [
    ['dn', person.dn],
    ['objectClass', 'inetOrgPerson'],
    ...(layout.group_class === 'posixGroup' ? posix_account(member, person) : []),
    ['uid', person.user_name],
    ['cn', person.name],
    ['displayName', person.name],
    ['givenName', person.given],
    ['sn', person.family],
    ['mail', person.mail],
    ['telephoneNumber', `+49 30 5550 ${String(100 + person.number)}`],
    ['ou', person.department.name],
    ['departmentNumber', person.department.number],
    ['employeeNumber', String(1000 + person.number)],
    ['userPassword', salted_hash(person.password)],
    ...account_state(member, person),
    ...(layout.member_of
      ? [...all_groups_of(member, person.user_name)].map((name) => ['memberOf', group_dn(member, name)])
      : []),
  ];
}

// As in Unix, a person's primary group is known by its number only, not by its list of members.
const primary_group = (person) => person.direct_groups.at(-1);
const gid_number = (member, name) => String(first_gid_number + [...member.groups.keys()].indexOf(name));

function posix_account(member, person) {
  return [['objectClass', 'posixAccount'], ['uidNumber', String(first_uid_number + person.number)],
    ['gidNumber', gid_number(member, primary_group(person))],
    ['homeDirectory', `/home/${person.user_name}`]];
}

function account_state(member, person) {
  const policy = (name) => ['pwdPolicySubentry', `cn=${name},ou=policies,${member.base}`];
  switch (person.state) {
    case 'active':
      return [];
    case 'locked':
      return [['pwdAccountLockedTime', locked_until_an_administrator_acts]];
    case 'expired':
      return [policy('ablauf'), ['pwdChangedTime', long_ago]];
    case 'must_change':
      return [policy('aendern'), ['pwdReset', 'TRUE']];
    default:
      throw new Error(`unknown account state ${person.state}`);
  }
}

function group_entry(member, layout, name, group) {
  const person_of = new Map(member.people.map((person) => [person.user_name, person]));
  const head = [['dn', group_dn(member, name)], ['objectClass', layout.group_class], ['cn', name]];
  if (layout.group_class === 'posixGroup') {
    const listed = group.people.filter((user_name) => primary_group(person_of.get(user_name)) !== name);
    return [...head, ['gidNumber', gid_number(member, name)],
      ...listed.map((user_name) => ['memberUid', user_name])];
  }
  const attribute = layout.group_class === 'groupOfNames' ? 'member' : 'uniqueMember';
  const inside = [...group.people.map((user_name) => person_of.get(user_name).dn),
    ...group.groups.map((inner) => group_dn(member, inner))];
  return [...head, ...inside.map((dn) => [attribute, dn])];
}

// The same entryUUID every time: the person that an application knows from the last demo is the
// one that signs in at the next.
function with_uuid(entry, generation) {
  const hex = createHash('sha256').update(entry[0][1] + generation).digest('hex');
  const uuid = [hex.slice(0, 8), hex.slice(8, 12), `5${hex.slice(13, 16)}`, `a${hex.slice(17, 20)}`,
    hex.slice(20, 32)].join('-');
  return [...entry, ['entryUUID', uuid]];
}

function salted_hash(password) {
  const salt = createHash('sha256').update(`salt of ${password}`).digest().subarray(0, 8);
  const digest = createHash('sha1').update(password).update(salt).digest();
  return `{SSHA}${Buffer.concat([digest, salt]).toString('base64')}`;
}

function ldif_of(entry) {
  return entry.map(([attribute, value]) => ldif_line(attribute, value)).join('\n') + '\n';
}

// RFC 2849: what is not plain ASCII, or begins or ends with what a reader would trim, is base64.
function ldif_line(attribute, value) {
  const plain = /^[!-9;=-~]([ -~]*[!-~])?$/.test(value);
  return plain ? `${attribute}: ${value}` : `${attribute}:: ${Buffer.from(value).toString('base64')}`;
}
