#include "idp/web/templates.hpp"

#include "idp/web/catalogue.hpp"
#include "idp/web/embedded_assets.hpp"
#include "idp/web/frame.hpp"
#include "idp/web/language.hpp"
#include "idp/web/pages.hpp"

#include <openssl/evp.h>

#include <map>
#include <memory>
#include <stdexcept>

namespace kommpass::idp::web {
namespace {

using kainjow::mustache::data;
using kainjow::mustache::mustache;

constexpr std::string_view form_post_script = "document.forms[0].submit()";

std::string_view asset(std::string_view kind, std::string_view path) {
    for (const auto& one : embedded_assets()) {
        if (one.kind == kind && (path.empty() || one.path == path))
            return kind == "template" ? one.content : one.path;
    }
    throw std::out_of_range("no " + std::string(kind) + " " + std::string(path));
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
    for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
        text.replace(at, from.size(), to);
    }
}

// Puts the texts in for "[[t:key]]".
void put_texts(std::string& html, const catalogue& words) {
    for (auto at = html.find("[[t:"); at != std::string::npos; at = html.find("[[t:", at)) {
        const auto end = html.find("]]", at);
        const auto text =
            escaped_html(words.text(std::string_view(html).substr(at + 4, end - at - 4)));
        html.replace(at, end + 2 - at, text);
        at += text.size();
    }
}

std::string source_of(std::string_view name, language lang) {
    const bool is_console = name.starts_with("console_");
    std::string html(asset("template", is_console ? "console_layout" : "layout"));
    replace_all(html, "[[body]]", asset("template", name));
    put_texts(html, catalogue::of(lang));
    replace_all(html, "[[language]]", tag_of(lang));
    for (const auto one : {language::de, language::en, language::dsb}) {
        const auto mark = "[[pressed:" + std::string(tag_of(one)) + "]]";
        replace_all(html, mark, one == lang ? " aria-current=\"true\"" : "");
    }
    replace_all(html, "[[stylesheet]]", asset("stylesheet", {}));
    replace_all(html, "[[logo]]", asset("logo", {}));
    replace_all(html, "[[script]]", asset("script", {}));
    replace_all(html, "[[form_post_script]]", form_post_script);
    return html;
}

// kainjow's render is const in effect but not in its type; each thread has templates of its own.
mustache& parsed(std::string_view name, language lang) {
    thread_local std::map<std::pair<std::string, language>, std::unique_ptr<mustache>, std::less<>>
        known;
    auto& found = known[{std::string(name), lang}];
    if (!found) {
        found = std::make_unique<mustache>(source_of(name, lang));
        if (!found->is_valid())
            throw std::logic_error("template " + std::string(name) + ": " + found->error_message());
        found->set_custom_escape([](const std::string& text) { return escaped_html(text); });
    }
    return *found;
}

void put_frame(data& page, const frame& around) {
    page.set("request_id", around.request_id);
    // An empty text counts as there; what is empty is left out.
    if (!around.help_contact.empty()) page.set("help_contact", around.help_contact);
    if (!around.imprint_uri.empty()) page.set("imprint_uri", around.imprint_uri);
    if (!around.privacy_uri.empty()) page.set("privacy_uri", around.privacy_uri);
    if (!around.application_name.empty()) page.set("application_name", around.application_name);
    if (around.language_action.empty()) return;
    page.set("language_action", around.language_action);
    data fields = data::type::list;
    for (const auto& [name, value] : around.language_fields) {
        data one;
        one.set("name", name);
        one.set("value", value);
        fields.push_back(one);
    }
    page.set("language_fields", fields);
}

}  // namespace

std::string fill_titled(std::string_view name, const frame& around, const std::string& title,
                        page_data page) {
    put_frame(page, around);
    page.set("title", title);
    return parsed(name, around.lang).render(page);
}

std::string fill(std::string_view name, const frame& around, std::string_view title_key,
                 page_data page) {
    return fill_titled(name, around, catalogue::of(around.lang).text(title_key), std::move(page));
}

std::string escaped_html(std::string_view text) {
    std::string out;
    out.reserve(text.size() + text.size() / 8);
    for (const char c : text) {
        switch (c) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            case '"':
                out += "&quot;";
                break;
            case '\'':
                out += "&#39;";
                break;
            default:
                out.push_back(c);
        }
    }
    return out;
}

std::string_view form_post_script_hash() noexcept {
    static const std::string hash = [] {
        std::string digest(32, '\0');
        EVP_Q_digest(nullptr, "SHA256", nullptr, form_post_script.data(), form_post_script.size(),
                     reinterpret_cast<unsigned char*>(digest.data()), nullptr);
        std::string base64(EVP_MAX_MD_SIZE, '\0');
        const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(base64.data()),
                                         reinterpret_cast<const unsigned char*>(digest.data()), 32);
        return "sha256-" + base64.substr(0, static_cast<std::size_t>(size));
    }();
    return hash;
}

}  // namespace kommpass::idp::web
