#include "tests/idp/attacks/page_attacks.hpp"

#include "idp/console/console_endpoint.hpp"
#include "idp/http/form.hpp"
#include "idp/http/method.hpp"
#include "tests/idp/attacks/arguments.hpp"

#include <algorithm>

namespace kommpass::tests::attacks {
namespace {

std::string known(world& w, dice& d, const std::string& pool) { return w.any_known(pool, d); }

// Something with a name: whatever it is.
std::string any_id(world& w, dice& d) {
    return known(w, d,
                 d.of({"member", "person", "mapping", "grant", "application", "client", "role",
                       "document", "id", "exception", "constraint", "group"}));
}

// "/console/persons/P-1" with one segment taken from elsewhere.
std::string with_other_ids(const std::string& address, world& w, dice& d) {
    std::vector<std::size_t> starts;
    for (std::size_t at = address.find('/', 1); at != std::string::npos;
         at = address.find('/', at + 1))
        starts.push_back(at + 1);
    if (starts.size() < 2) return address;
    const auto begin = starts[1 + d.below(starts.size() - 1)];
    auto made = address;
    return made.replace(begin, std::min(address.find_first_of("/?", begin), address.size()) - begin,
                        any_id(w, d));
}

bool asks_for_sign_in(const answer& page) { return !page.hidden("transaction").empty(); }

answer open(world& w, hostile_person& who, const std::string& address) {
    auto page = w.browser(who.cookies).visit(address);
    if (!asks_for_sign_in(page)) return page;
    (void)w.sign_in(who.cookies, "groupware-web", who.user, "Falsch-1", hostile_member, {}, false);
    return w.browser(who.cookies).visit(address);
}

void tell_page(world& w, const hostile_person& who, const std::string& what, const answer& got) {
    w.story.push_back(
        (who.user + ": " + what + " -> " + std::to_string(got.status())).substr(0, 700));
    w.answers.push_back(got.body());
    w.learn_documents();
    for (const auto& link : links_of(got.body())) {
        w.learn("page", link);
        for (auto at = link.find('/', 1); at != std::string::npos; at = link.find('/', at + 1))
            w.learn("segment", link.substr(at + 1, link.find_first_of("/?", at + 1) - at - 1));
    }
    for (const auto& form : forms_of(got.body())) {
        const auto last = form.action.rfind('/');
        if (last != std::string::npos) w.learn("segment", form.action.substr(last + 1));
        for (const auto& button : form.buttons) w.learn("word", button.value);
        for (const auto& field : form.inputs) w.learn("field", field.name);
    }
}

std::string described(const fields& form) {
    std::string text;
    for (const auto& [name, value] : form) {
        if (name != "csrf" && name != "transaction") text += " " + name + "=" + value.substr(0, 80);
    }
    return text;
}

}  // namespace

answer attack_page(world& w, hostile_person& who, dice& d) {
    for (const auto* start : {"/console", "/account", "/account/role", "/account/password"})
        w.learn("page", start);
    auto address = known(w, d, "page");
    if (d.one_in(2)) address = with_other_ids(address, w, d);
    auto page = open(w, who, address);
    tell_page(w, who, "opens " + address, page);
    auto forms = forms_of(page.body());
    // The switch of the language stands on every page.
    std::erase_if(forms, [&](const page_form& one) {
        return one.action.empty() || (one.action.ends_with("/language") && !d.one_in(20));
    });
    if (forms.empty()) return page;
    auto form = d.of(forms);
    for (auto& input : form.inputs) {
        const bool secret = input.name == "csrf" || input.name == "transaction";
        if (secret ? !d.one_in(30) : !d.one_in(3)) continue;
        input.value = text_for(input.name, {}, w, d).value_or(any_id(w, d));
    }
    const auto* pressed = form.buttons.empty() ? nullptr : &d.of(form.buttons);
    if (d.one_in(6)) form.action = with_other_ids(form.action, w, d);
    const auto filled_in = form.filled_in(pressed);
    auto got = w.browser(who.cookies).submit(form, filled_in);
    tell_page(w, who, "sends " + form.action + described(filled_in), got);
    return got;
}

namespace {

struct console_request {
    page_form to;
    fields form;
};

// To any address of the console, with the page's own value of one of this person's pages.
console_request any_console_request(world& w, hostile_person& who, dice& d) {
    const auto all = idp::console::addresses();
    const auto& one = all[d.below(all.size())];
    std::string path = "/console";
    std::string before;
    for (std::size_t at = 0; at < one.pattern.size();) {
        const auto end = std::min(one.pattern.find('/', at), one.pattern.size());
        std::string segment(one.pattern.substr(at, end - at));
        const auto thing = before.empty() ? before : before.substr(0, before.size() - 1);
        const bool is_of_pool = !thing.empty() && !w.known(thing).empty() && !d.one_in(10);
        const auto value = is_of_pool ? known(w, d, thing) : known(w, d, "segment");
        path += "/" + (segment == "*" ? value : segment);
        before = std::move(segment);
        at = end + 1;
    }
    console_request made{{path, one.method == idp::http::method::post, {}, {}}, {}};
    const auto home = open(w, who, "/console");
    if (!made.to.posts) return made;
    for (const auto& name : w.known("field")) {
        if (name == "csrf" || name == "transaction" || d.one_in(3)) continue;
        made.form.emplace_back(name, text_for(name, {}, w, d).value_or(any_id(w, d)));
    }
    made.form.emplace_back("action", known(w, d, "word"));
    made.form.emplace_back("csrf", home.hidden("csrf"));
    return made;
}

}  // namespace

answer attack_console_address(world& w, hostile_person& who, dice& d) {
    const auto made = any_console_request(w, who, d);
    auto got = w.browser(who.cookies).submit(made.to, made.form);
    tell_page(w, who, (made.to.posts ? "posts " : "gets ") + made.to.action + described(made.form),
              got);
    return got;
}

void lead_astray(world& w, honest_person& who, hostile_person& by, dice& d) {
    auto made = any_console_request(w, by, d);
    if (d.one_in(2)) {
        made.to.action =
            d.of({"/sign-in", "/sign-out", "/account", "/account/password", "/account/role",
                  "/end-session", "/break-glass", "/invitation", "/device"});
        made.to.posts = !d.one_in(4);
        cookie_jar new_browser;
        std::swap(w.idp.cookies(), new_browser);
        const auto page = w.idp.authorize("groupware-web");
        std::swap(w.idp.cookies(), new_browser);
        made.form.insert(made.form.end(), {{"transaction", page.hidden("transaction")},
                                           {"username", by.user},
                                           {"password", "Falsch-1"},
                                           {"member", hostile_member}});
        std::erase_if(made.form, [](const auto& one) { return one.first == "action"; });
        made.form.emplace_back("action", d.of({"sign-in", "end-all", "sign-out", "allow",
                                               "change-password", "own", "end"}));
    }
    const auto got = w.browser(who.cookies).submit(made.to, made.form);
    w.story.push_back(who.user + ": is led to " + made.to.action +
                      described(made.form).substr(0, 400) + " -> " + std::to_string(got.status()));
}

}  // namespace kommpass::tests::attacks
