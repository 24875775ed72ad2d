// A browser without a screen: follows redirects at the issuer, keeps cookies, fills in forms. Fast
// enough to sign in everybody.
import { Agent, request } from 'node:https';

export class visitor {
  #cookies = new Map();
  #agent;
  #issuer;
  #ca;

  constructor({ issuer, ca }) {
    this.#issuer = issuer;
    this.#ca = ca;
    this.#agent = new Agent({ keepAlive: true, ca });
  }

  // Follows redirects as long as they stay at the issuer. `location` of the answer: where it wanted
  // to send us otherwise.
  async get(url) {
    return this.#follow(await this.#exchange('GET', new URL(url, this.#issuer)));
  }

  async post(url, fields) {
    const body = new URLSearchParams(fields).toString();
    return this.#follow(await this.#exchange('POST', new URL(url, this.#issuer), body));
  }

  // Presses the button `action` of the form that has it, with `fields` filled in.
  async press(answer, action, fields = {}) {
    const form = forms_of(answer).find((one) => one.actions.includes(action));
    if (!form) throw new Error(`no button "${action}" on the page:\n${text_of(answer.body)}`);
    return this.post(new URL(form.target, answer.url), { ...form.fields, ...fields, action });
  }

  // From an authorization URL through name and password to the answer behind them.
  async sign_in(url, account, password = account.password) {
    let page = await this.get(url);
    if (has_field(page, 'username') && !has_field(page, 'password')) {
      page = await this.press(page, 'continue', { username: account.mail });
    }
    if (!has_field(page, 'password')) return page;
    return this.press(page, 'sign-in', { username: account.mail, password });
  }

  close() {
    this.#agent.destroy();
  }

  // A page that goes on by itself counts as a redirect.
  async #follow(answer) {
    let hops = 0;
    while (answer.location && new URL(answer.location).origin === new URL(this.#issuer).origin) {
      if (++hops > 10) throw new Error(`redirected in circles: ${answer.location}`);
      answer = await this.#exchange('GET', new URL(answer.location));
    }
    return answer;
  }

  #exchange(method, url, body) {
    const headers = { cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; '),
      accept: 'text/html', 'accept-language': 'de' };
    if (this.#cookies.size === 0) delete headers.cookie;
    if (body !== undefined) {
      headers['content-type'] = 'application/x-www-form-urlencoded';
      headers.origin = new URL(this.#issuer).origin;
    }
    return new Promise((resolve, reject) => {
      const asked = request(url, { method, headers, agent: this.#agent, ca: this.#ca, timeout: 20_000 },
        (answer) => {
          const parts = [];
          answer.on('data', (part) => parts.push(part));
          answer.on('error', reject);
          answer.on('end', () => {
            this.#remember(answer.headers['set-cookie'] ?? []);
            const { refresh } = answer.headers;
            const location = answer.headers.location ?? /^0;url=(.*)$/.exec(refresh ?? '')?.[1];
            resolve({ url, status: answer.statusCode, headers: answer.headers,
              location: location && new URL(location, url).href,
              body: Buffer.concat(parts).toString('utf8') });
          });
        });
      asked.on('timeout', () => asked.destroy(new Error(`no answer from ${url}`)));
      asked.on('error', reject);
      asked.end(body);
    });
  }

  #remember(lines) {
    for (const line of lines) {
      const [pair, ...attributes] = line.split(';').map((part) => part.trim());
      const [name, value] = [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)];
      const over = attributes.some((one) => /^max-age=0$/i.test(one));
      if (over) this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
  }
}

const has_field = (page, name) => new RegExp(`<input[^>]*\\bname="${name}"`).test(page.body);

export function text_of(html) {
  return unescape_html(html.replace(/<(style|script)[\s\S]*?<\/\1>/g, '').replace(/<[^>]*>/g, ' '))
    .replace(/\s+/g, ' ').trim();
}

function forms_of({ body }) {
  return [...body.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/g)].map(([, head, inside]) => {
    const fields = {};
    for (const [, tag] of inside.matchAll(/<input\b([^>]*)>/g)) {
      const type = attribute(tag, 'type');
      if ((type === 'checkbox' || type === 'radio') && !/\bchecked\b/.test(tag)) continue;
      const name = attribute(tag, 'name');
      if (name) fields[name] = attribute(tag, 'value') ?? '';
    }
    const actions = [...inside.matchAll(/<button\b([^>]*)>/g)].map(([, tag]) => attribute(tag, 'value'));
    return { target: attribute(head, 'action') ?? '', fields, actions };
  });
}

function attribute(tag, name) {
  const found = new RegExp(`\\b${name}="([^"]*)"`).exec(tag);
  return found && unescape_html(found[1]);
}

function unescape_html(text) {
  return text
    .replace(/&#x([0-9a-f]+);/gi, (_, hex) => String.fromCodePoint(parseInt(hex, 16)))
    .replace(/&#(\d+);/g, (_, number) => String.fromCodePoint(Number(number)))
    .replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'").replaceAll('&nbsp;', ' ').replaceAll('&amp;', '&');
}
