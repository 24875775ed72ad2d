// Makes one C++ file of the pages' templates, texts and styles: node embed_assets.mjs <web folder> <kern folder> <output>.
// The styles are those of KERN that the templates use, with its dark theme tied to the person's own setting, since
// a page without script cannot set the attribute that KERN waits for.
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

const [web, kern, output] = process.argv.slice(2);
const text = (file) => readFileSync(file, 'utf8');
const short_hash = (content) => createHash('sha256').update(content).digest('hex').slice(0, 12);

const templates = readdirSync(join(web, 'templates')).filter((name) => name.endsWith('.mustache'));
const used = new Set(templates.flatMap((name) => text(join(web, 'templates', name)).match(/kern-[a-z0-9_-]+/g) ?? []));
for (const severity of ['danger', 'warning', 'info', 'success']) {
  used.add(`kern-alert--${severity}`).add(`kern-icon--${severity}`).add(`kern-badge--${severity}`);
}

// Splits a style sheet into its top-level rules.
function rules_of(css) {
  const rules = [];
  let depth = 0;
  let start = 0;
  let quote = '';
  for (let at = 0; at < css.length; ++at) {
    const c = css[at];
    if (quote) quote = c === quote ? '' : quote;
    else if (c === '"' || c === "'") quote = c;
    else if (c === '{') ++depth;
    else if ((c === '}' && --depth === 0) || (c === ';' && depth === 0)) {
      rules.push(css.slice(start, at + 1).trim());
      start = at + 1;
    }
  }
  return rules;
}

function without_unused(rule) {
  const brace = rule.indexOf('{');
  if (brace < 0) return rule.startsWith('@charset') ? '' : rule;
  const head = rule.slice(0, brace);
  if (head.startsWith('@media') || head.startsWith('@supports')) {
    const inner = rules_of(rule.slice(brace + 1, -1)).map(without_unused).filter(Boolean);
    return inner.length ? `${head}{${inner.join('')}}` : '';
  }
  if (head.startsWith('@')) return rule;
  const kept = head.split(',').filter((selector) => (selector.match(/\.kern-[a-z0-9_-]+/g) ?? []).every((name) => used.has(name.slice(1))));
  return kept.length ? `${kept.join(',')}${rule.slice(brace)}` : '';
}

function themed(rule) {
  const brace = rule.indexOf('{');
  const head = rule.slice(0, brace);
  if (head.startsWith('[data-kern-theme=dark]') && rule.includes('--kern-color')) {
    return `@media (prefers-color-scheme:dark){:root${rule.slice(brace)}}`;
  }
  if (head.startsWith('[data-kern-theme=light]') && rule.includes('--kern-color')) return `:root${rule.slice(brace)}`;
  return rule;
}

const fonts = [['FiraSans-Regular', 400], ['FiraSans-Medium', 500], ['FiraSans-SemiBold', 600]].map(([name, weight]) => {
  const file = join(kern, 'dist', 'fonts', 'fira-sans', `${name}.woff2`);
  return { file, weight, path: `/static/${name.toLowerCase()}.${short_hash(readFileSync(file))}.woff2` };
});
const faces = fonts.map(({ weight, path }) =>
  `@font-face{font-family:"Fira Sans";font-weight:${weight};font-display:swap;src:url("${basename(path)}") format("woff2")}`);
const kern_rules = rules_of(text(join(kern, 'dist', 'kern.min.css')).replace(/\/\*[\s\S]*?\*\//g, ''));
// Themes first: their selectors carry the very attribute that the pruning would not miss.
const css = [...faces, ...kern_rules.map(themed).map(without_unused), text(join(web, 'styles', 'kommpass.css'))].join('\n');
mkdirSync(dirname(output), { recursive: true });
const css_file = join(dirname(output), 'kommpass.css');
writeFileSync(css_file, css);

const logo = join(web, 'styles', 'logo.svg');
const script = join(web, 'scripts', 'console.mjs');
const assets = [
  ...templates.map((name) => ({ kind: 'template', path: basename(name, '.mustache'), type: '', file: join(web, 'templates', name) })),
  ...['de', 'en', 'dsb', 'console.de', 'console.en', 'refusals.de', 'refusals.en', 'upkeep.de', 'upkeep.en'].map((name) => ({ kind: 'text', path: name, type: '', file: join(web, 'texts', `${name}.toml`) })),
  { kind: 'stylesheet', path: `/static/kommpass.${short_hash(css)}.css`, type: 'text/css; charset=utf-8', file: css_file },
  { kind: 'logo', path: `/static/logo.${short_hash(text(logo))}.svg`, type: 'image/svg+xml', file: logo },
  { kind: 'script', path: `/static/console.${short_hash(text(script))}.mjs`, type: 'text/javascript; charset=utf-8', file: script },
  ...fonts.map(({ file, path }) => ({ kind: 'font', path, type: 'font/woff2', file })),
];

const block = ({ file }, index) => `__asm__(".section .rodata\\n.global kommpass_asset_${index}\\n.balign 16\\nkommpass_asset_${index}:\\n"
        ".incbin \\"${file}\\"\\n.global kommpass_asset_end_${index}\\nkommpass_asset_end_${index}:\\n.byte 0\\n.previous\\n");
extern "C" const char kommpass_asset_${index}[];
extern "C" const char kommpass_asset_end_${index}[];`;
const row = ({ kind, path, type }, index) =>
  `    {"${kind}", "${path}", "${type}", {kommpass_asset_${index}, static_cast<std::size_t>(kommpass_asset_end_${index} - kommpass_asset_${index})}},`;
writeFileSync(output, `// Made by embed_assets.mjs.
#include "idp/web/embedded_assets.hpp"

${assets.map(block).join('\n')}

namespace kommpass::idp::web {

const std::vector<embedded_asset>& embedded_assets() {
    static const std::vector<embedded_asset> all{
${assets.map(row).join('\n')}
    };
    return all;
}

}  // namespace kommpass::idp::web
`);
