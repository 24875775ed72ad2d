#include "tests/idp/attacks/page_forms.hpp"

#include "idp/http/form.hpp"

#include <algorithm>

namespace kommpass::tests::attacks {
namespace {

constexpr std::string_view issuer = "https://idp.example";

std::string unescaped(std::string text) {
    static const std::pair<std::string, std::string> entities[] = {
        {"&quot;", "\""}, {"&#39;", "'"}, {"&lt;", "<"}, {"&gt;", ">"}, {"&amp;", "&"}};
    for (const auto& [entity, character] : entities) {
        for (auto at = text.find(entity); at != std::string::npos; at = text.find(entity, at + 1))
            text.replace(at, entity.size(), character);
    }
    return text;
}

std::string attribute(const std::string& tag, const std::string& name) {
    const auto at = tag.find(" " + name + "=\"");
    if (at == std::string::npos) return {};
    const auto begin = at + name.size() + 3;
    return unescaped(tag.substr(begin, tag.find('"', begin) - begin));
}

bool has_word(const std::string& tag, const std::string& word) {
    const auto at = tag.find(" " + word);
    if (at == std::string::npos) return false;
    const auto end = at + 1 + word.size();
    return end >= tag.size() || tag[end] == ' ' || tag[end] == '=' || tag[end] == '/';
}

// "form action=... method=..." of each tag, in order, with where its text begins.
template <class Visit>
void each_tag(const std::string& html, Visit visit) {
    for (auto at = html.find('<'); at != std::string::npos; at = html.find('<', at + 1)) {
        const auto end = html.find('>', at);
        if (end == std::string::npos) return;
        visit(html.substr(at + 1, end - at - 1), end + 1);
    }
}

bool is_tag(const std::string& tag, const std::string& name) {
    return tag == name || tag.starts_with(name + " ");
}

}  // namespace

form_field* page_form::input(std::string_view name) {
    const auto found = std::find_if(inputs.begin(), inputs.end(),
                                    [&](const form_field& one) { return one.name == name; });
    return found == inputs.end() ? nullptr : &*found;
}

const form_field* page_form::button(std::string_view value_start) const {
    const auto found = std::find_if(buttons.begin(), buttons.end(), [&](const form_field& one) {
        return one.value.starts_with(value_start);
    });
    return found == buttons.end() ? nullptr : &*found;
}

fields page_form::filled_in(const form_field* pressed) const {
    fields all;
    for (const auto& one : inputs) all.emplace_back(one.name, one.value);
    if (pressed != nullptr && !pressed->name.empty())
        all.emplace_back(pressed->name, pressed->value);
    return all;
}

std::vector<page_form> forms_of(const std::string& html) {
    std::vector<page_form> forms;
    bool inside = false;
    each_tag(html, [&](const std::string& tag, std::size_t text_at) {
        if (is_tag(tag, "form")) {
            inside = true;
            forms.push_back({attribute(tag, "action"), attribute(tag, "method") == "post", {}, {}});
            return;
        }
        if (tag == "/form") inside = false;
        if (!inside) return;
        auto& form = forms.back();
        const auto name = attribute(tag, "name");
        const auto type = attribute(tag, "type");
        if (is_tag(tag, "button")) {
            form.buttons.push_back({name, attribute(tag, "value"), "submit"});
        } else if (is_tag(tag, "input") && !name.empty()) {
            const bool of_choice = type == "checkbox" || type == "radio";
            if (!of_choice || has_word(tag, "checked"))
                form.inputs.push_back({name, attribute(tag, "value"), type});
        } else if (is_tag(tag, "select")) {
            form.inputs.push_back({name, "", "select"});
        } else if (is_tag(tag, "option") && !form.inputs.empty()) {
            if (form.inputs.back().value.empty() || has_word(tag, "selected"))
                form.inputs.back().value = attribute(tag, "value");
        } else if (is_tag(tag, "textarea")) {
            form.inputs.push_back(
                {name, unescaped(html.substr(text_at, html.find('<', text_at) - text_at)),
                 "textarea"});
        }
    });
    return forms;
}

std::vector<std::string> links_of(const std::string& html) {
    std::vector<std::string> links;
    each_tag(html, [&](const std::string& tag, std::size_t) {
        if (!is_tag(tag, "a")) return;
        const auto to = attribute(tag, "href");
        if (to.starts_with('/')) links.push_back(to);
    });
    return links;
}

answer visitor::once(const std::string& address) {
    const auto question = std::min(address.find('?'), address.size());
    fields query;
    if (question < address.size()) {
        const auto form = idp::http::form::parse(address.substr(question + 1));
        if (form) query = form->all();
    }
    return idp_.get(address.substr(0, question), query);
}

answer visitor::follow(answer got) {
    for (int i = 0; i < 10 && got.status() == 303; ++i) {
        auto to = got.location();
        if (to.starts_with(issuer)) to.erase(0, issuer.size());
        if (!to.starts_with('/')) break;
        got = once(to);
    }
    return got;
}

answer visitor::visit(const std::string& address) {
    std::swap(idp_.cookies(), cookies_);
    auto got = follow(once(address));
    std::swap(idp_.cookies(), cookies_);
    return got;
}

answer visitor::submit(const page_form& form, const fields& filled_in) {
    std::swap(idp_.cookies(), cookies_);
    auto got = form.posts ? idp_.post(form.action, filled_in) : idp_.get(form.action, filled_in);
    got = follow(std::move(got));
    std::swap(idp_.cookies(), cookies_);
    return got;
}

}  // namespace kommpass::tests::attacks
