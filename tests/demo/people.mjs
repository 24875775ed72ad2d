// The people of the three demo members: the same ones every time. Pure.
import { createHash } from 'node:crypto';

// Departments with the number that German municipalities give them, and the directory group.
const departments = {
  hauptamt: { name: 'Hauptamt', number: '10', group: 'GG_Hauptamt' },
  registratur: { name: 'Registratur', number: '16', group: 'GG_Registratur' },
  it: { name: 'Informationstechnik', number: '17', group: 'GG_IT' },
  kaemmerei: { name: 'Kämmerei', number: '20', group: 'GG_Kaemmerei' },
  kasse: { name: 'Kasse', number: '21', group: 'GG_Kasse' },
  meldeamt: { name: 'Meldeamt', number: '33', group: 'GG_Meldeamt' },
  standesamt: { name: 'Standesamt', number: '34', group: 'GG_Standesamt' },
};

// Each row: user name (left out: made from the name), given name, family name, department, and
// what is special about the account.
const rosters = {
  lebus: {
    domain: 'amt-lebus.example',
    user_name: (given, family) => `${given}.${family}`,
    people: [
      ['anna.noack', 'Anna', 'Noack', 'meldeamt'],
      ['mueller', 'Jürgen', 'Müller', 'kaemmerei', { password: 'Oderbruch-Reiher-33' }],
      [null, 'Sabine', 'Schönfeld', 'registratur'],
      [null, 'Jörg', 'Krüger', 'it', { also: ['GG_Kommpass_Verwaltung'] }],
      [null, 'Gerda', 'Weiß', 'hauptamt', { only_groups: ['GG_Groupware'] }],
      [null, 'Torsten', 'Lange', 'kasse', { state: 'locked' }],
      [null, 'Petra', 'Jäger', 'meldeamt', { state: 'expired' }],
      [null, 'Käthe', 'Grünberg', 'standesamt', { state: 'must_change' }],
      [null, 'Bärbel', 'Größler', 'standesamt'],
      [null, 'Günter', 'Förster', 'hauptamt'],
      [null, 'Hanka', 'Šołćina', 'meldeamt'],
      [null, 'Uwe', 'Lehmann', 'kasse'],
      [null, 'Kerstin', 'Schütze', 'kaemmerei'],
      [null, 'Renée', 'Böhme', 'hauptamt'],
      [null, 'Ralf', 'Hübner', 'it', { also: ['GG_Kommpass_Freigabe'] }],
      [null, 'Ute', 'Kühn', 'registratur'],
      [null, 'Dörte', 'Mühlberg', 'meldeamt'],
      [null, 'Karl-Heinz', 'Voß', 'kasse'],
      [null, 'Silke', 'Dähne', 'standesamt'],
      [null, 'Björn', 'Röhl', 'hauptamt'],
      [null, 'Heike', "D'Alton", 'kaemmerei'],
      [null, 'Anke', 'von der Heide', 'registratur'],
      [null, 'Jana', 'Mroß', 'meldeamt'],
      [null, 'Praktikum', 'Sommer', 'hauptamt', { only_groups: [] }],
    ],
  },
  cottbus: {
    domain: 'cottbus.example',
    user_name: (given, family) => `${family}${given[0]}`,
    people: [
      ['mueller', 'Monika', 'Müller', 'meldeamt', { password: 'Oderbruch-Reiher-33' }],
      [null, 'Měrćin', 'Nowak', 'meldeamt'],
      [null, 'Lejna', 'Krawcojc', 'standesamt'],
      [null, 'Pětš', 'Rychtaŕ', 'it'],
      [null, 'Hańža', 'Šejcowa', 'registratur'],
      [null, 'Jürgen', 'Kschischan', 'kaemmerei'],
      [null, 'Liane', 'Bösche', 'kasse', { state: 'expired' }],
      [null, 'Zuza', 'Kowalojc', 'hauptamt'],
      [null, 'Frank', 'Lehnigk', 'kasse'],
      [null, 'Wórša', 'Bartušojc', 'meldeamt'],
      [null, 'Kito', 'Žur', 'it', { also: ['GG_Kommpass_Verwaltung'] }],
      [null, 'Sören', 'Päschke', 'hauptamt'],
      [null, 'Ramona', 'Döring', 'standesamt'],
      [null, 'Tomaš', 'Kubica', 'kaemmerei'],
      [null, 'Edelgard', 'Groß', 'registratur'],
      [null, 'Juro', 'Mudra', 'meldeamt'],
      [null, 'Cornelia', 'Würfel', 'kasse'],
      [null, 'Marjana', 'Lenikojc', 'hauptamt'],
      [null, 'Detlef', 'Pötschick', 'standesamt'],
      [null, 'Ines', 'Löwe', 'kaemmerei'],
      [null, 'Wylem', 'Słodeńk', 'hauptamt'],
      [null, 'Birgit', 'Zech', 'meldeamt'],
      [null, 'André', 'Koßack', 'it'],
      [null, 'Aushilfe', 'Wahl', 'hauptamt', { only_groups: [] }],
    ],
  },
  senftenberg: {
    domain: 'senftenberg.example',
    user_name: (given, family) => `${given[0]}${family}`,
    people: [
      ['j.schuster', 'Jana', 'Schuster', 'meldeamt'],
      [null, 'Měto', 'Wićaz', 'standesamt'],
      [null, 'Lutz', 'Gärtner', 'it'],
      [null, 'Rosemarie', 'Kräupl', 'registratur'],
      [null, 'Jank', 'Hanušk', 'kaemmerei'],
      [null, 'Viola', 'Nötzold', 'kasse'],
      [null, 'Steffen', 'Jährig', 'hauptamt', { only_groups: ['GG_Groupware'] }],
      [null, 'Liza', 'Budarjowa', 'meldeamt'],
      [null, 'Gisela', 'Süß', 'hauptamt'],
      [null, 'Hanzo', 'Domaška', 'kasse'],
      [null, 'Mandy', 'Röthig', 'standesamt'],
      [null, 'Gerd', 'Höhne', 'it', { also: ['GG_Kommpass_Verwaltung'] }],
      [null, 'Katja', 'Schäfer', 'meldeamt'],
      [null, 'Olaf', 'Kießling', 'kaemmerei'],
      [null, 'Lubina', 'Šěrakojc', 'registratur'],
      [null, 'Dieter', 'Düring', 'hauptamt'],
      [null, 'Antje', 'Möbus', 'kasse'],
      [null, 'Ronny', 'Pfützner', 'it'],
      [null, 'Marlis', 'Böttcher', 'standesamt'],
      [null, 'Bernd', 'Zschörnig', 'kaemmerei'],
      [null, 'Yvonne', 'Thürmann', 'meldeamt'],
      [null, 'Sven', 'Kühnel', 'hauptamt', { state: 'expired' }],
    ],
  },
  // The association itself: central administration, service desk, audit.
  dikom: {
    domain: 'dikom.example',
    user_name: (given, family) => `${given}.${family}`,
    people: [
      [null, 'Martina', 'Schwarz', 'it', { also: ['GG_Kommpass_Zentrale'] }],
      [null, 'Stefan', 'Lorenz', 'it', { also: ['GG_Kommpass_Zentrale'] }],
      [null, 'Jutta', 'Klinke', 'hauptamt', { also: ['GG_Kommpass_Servicestelle'] }],
      [null, 'Ilona', 'Baer', 'hauptamt', { also: ['GG_Kommpass_Revision'] }],
      [null, 'Henry', 'Paulick', 'it', { also: ['GG_Kommpass_Betrieb'] }],
    ],
  },
};

// In Cottbus groups lie in groups, and two of them even in each other.
const nested_groups = {
  cottbus: {
    GG_Buergerservice: ['GG_Meldeamt', 'GG_Standesamt'],
    GG_Finanzen: ['GG_Kaemmerei', 'GG_Kasse'],
    GG_Zentrale_Dienste: ['GG_Hauptamt', 'GG_Registratur', 'GG_IT'],
    GG_Alle: ['GG_Buergerservice', 'GG_Finanzen', 'GG_Zentrale_Dienste', 'GG_Verteiler_Haus'],
    GG_Verteiler_Haus: ['GG_Alle'],
    GG_Groupware: ['GG_Alle'],
  },
};

// {slug, domain, base, people: [...], groups: Map(name -> {people: [user names], groups: [names]})}
export function demo_member(slug) {
  const roster = rosters[slug];
  const base = `dc=${slug},dc=example`;
  const people = roster.people.map((row, index) => person(slug, base, roster, row, index));
  return { slug, domain: roster.domain, base, people, groups: groups_of(slug, people) };
}

export const demo_slugs = Object.keys(rosters);

// Every group that the person is in, directly or through other groups.
export function all_groups_of(member, user_name) {
  const reached = new Set();
  const visit = (name) => {
    if (reached.has(name)) return;
    reached.add(name);
    for (const [outer, group] of member.groups) if (group.groups.includes(name)) visit(outer);
  };
  for (const [name, group] of member.groups) if (group.people.includes(user_name)) visit(name);
  return reached;
}

function person(slug, base, roster, [given_user_name, given, family, key, special = {}], index) {
  const department = departments[key];
  const user_name = given_user_name ?? roster.user_name(plain(given), plain(family));
  const place = key === 'it' ? `ou=it,ou=people,${base}` : `ou=people,${base}`;
  return {
    member: slug,
    user_name,
    given,
    family,
    name: `${given} ${family}`,
    mail: `${plain(given)}.${plain(family)}@${roster.domain}`,
    dn: `uid=${user_name},${place}`,
    department,
    direct_groups: [...(special.only_groups ?? own_groups(slug, department)), ...(special.also ?? [])],
    password: special.password ?? password_of(slug, user_name),
    state: special.state ?? 'active',
    number: index + 1,
  };
}

// Where groups are nested, nobody stands in the outer ones directly.
function own_groups(slug, department) {
  return nested_groups[slug] ? [department.group] : ['GG_Groupware', department.group];
}

function groups_of(slug, people) {
  const groups = new Map();
  const names = ['GG_Groupware', ...Object.values(departments).map(({ group }) => group)];
  const nested = nested_groups[slug] ?? {};
  const own = people.flatMap((p) => p.direct_groups);
  for (const name of new Set([...names, ...Object.keys(nested), ...own])) {
    const inside = people.filter((p) => p.direct_groups.includes(name)).map((p) => p.user_name);
    const outer = nested[name] ?? [];
    // A group without anybody is none: groupOfNames wants a member.
    if (inside.length > 0 || outer.length > 0) groups.set(name, { people: inside, groups: outer });
  }
  return groups;
}

// "Größler" -> "groessler", "Šołćina" -> "solcina": as town halls make user names.
function plain(name) {
  return name
    .toLowerCase()
    .replaceAll('ä', 'ae').replaceAll('ö', 'oe').replaceAll('ü', 'ue').replaceAll('ß', 'ss')
    .replaceAll('ł', 'l')
    .normalize('NFD')
    .replace(/[^a-z-]/g, '');
}

const first_words = ['Kahn', 'Storch', 'Linde', 'Kiefer', 'Otter', 'Fischer', 'Heide', 'Biber',
  'Schilf', 'Gurke', 'Mühle', 'Deich', 'Kranich', 'Libelle', 'Birke', 'Ginster'];
const second_words = ['Spree', 'Oder', 'Elster', 'Neisse', 'Havel', 'Dosse', 'Dahme', 'Nuthe',
  'Rhin', 'Plane', 'Schlaube', 'Malxe', 'Berste', 'Löcknitz', 'Stepenitz', 'Pulsnitz'];

// Readable, different for each account, the same every time.
function password_of(slug, user_name) {
  const digest = createHash('sha256').update(`${slug}/${user_name}`).digest();
  const number = 10 + (digest[2] % 90);
  return `${first_words[digest[0] % 16]}-${second_words[digest[1] % 16]}-${number}`;
}
