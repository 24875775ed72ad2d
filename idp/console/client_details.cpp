#include "idp/console/client_details.hpp"

#include "idp/http/decimal_number.hpp"
#include "idp/web/catalogue.hpp"
#include "policies/words.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace kommpass::idp::console {
namespace {

namespace words = policies::words;
using policies::client;
using seconds = std::optional<std::chrono::seconds>;

constexpr std::string_view refresh_token = "refresh_token";  // has a field of its own

// Each group once, for showing and for reading. A field is named as the catalogue's label.
struct requests {
    static constexpr auto title = "clients.details_requests";
    template <class Visitor, class Client>
    static void visit(Visitor& v, Client& c) {
        v.truth("require_pkce", c.require_pkce);
        v.truth("require_pushed", c.require_pushed_authorization_requests);
        v.truth("require_signed", c.require_signed_request_object);
        v.choice("request_object_alg", c.request_object_alg, words::algorithms);
        v.lines("request_uris", c.request_uris);
        v.list("details_types", c.authorization_details_types);
        v.list("response_modes", c.response_modes);
        v.choice("response_alg", c.authorization_response_alg, words::algorithms);
    }
};

struct sign_ins {
    static constexpr auto title = "clients.details_sign_ins";
    template <class Visitor, class Client>
    static void visit(Visitor& v, Client& c) {
        v.time("default_max_age", c.default_max_age);
        v.list("default_acr_values", c.default_acr_values);
        v.truth("require_auth_time", c.require_auth_time);
        v.text("initiate_login_uri", c.initiate_login_uri);
        v.text("policy_uri", c.policy_uri);
        v.text("tos_uri", c.tos_uri);
        v.text("logo_uri", c.logo_uri);
    }
};

struct tokens {
    static constexpr auto title = "clients.details_tokens";
    template <class Visitor, class Client>
    static void visit(Visitor& v, Client& c) {
        v.grants("grant_types", c.grant_types);
        v.ids("token_exchange_targets", c.token_exchange_targets);
        v.text("sector", c.sector);
        v.time("access_token_lifetime", c.access_token_lifetime);
        v.time("refresh_token_lifetime", c.refresh_token_lifetime);
        v.time("refresh_token_idle_time", c.refresh_token_idle_time);
        v.choice("access_token_format", c.access_token_format, words::access_token_formats);
        v.choice("logout_token_typ", c.logout_token_typ, words::logout_token_typs);
        v.choice("id_token_alg", c.id_token_alg, words::algorithms);
        v.choice("access_token_alg", c.access_token_alg, words::algorithms);
        v.choice("userinfo_alg", c.userinfo_alg, words::algorithms);
        v.choice("introspection_alg", c.introspection_alg, words::algorithms);
        v.choice("id_token_encryption_alg", c.id_token_encryption_alg, words::key_managements);
        v.choice("id_token_encryption_enc", c.id_token_encryption_enc, words::content_encryptions);
        v.choice("userinfo_encryption_alg", c.userinfo_encryption_alg, words::key_managements);
        v.choice("userinfo_encryption_enc", c.userinfo_encryption_enc, words::content_encryptions);
    }
};

enum class kind { truth, text, lines, time, choice };

class shown_fields {
public:
    explicit shown_fields(const console_request& v) : v_(v) {}

    void truth(const std::string& name, bool value) {
        auto& row = add(name, kind::truth, value ? "yes" : "");
        web::flag(row, "field_truth", value);
    }
    void text(const std::string& name, const std::string& value) { add(name, kind::text, value); }
    void lines(const std::string& name, const std::vector<std::string>& all) {
        add(name, kind::lines, joined(all, "\n"));
    }
    void list(const std::string& name, const std::vector<std::string>& all) {
        add(name, kind::text, joined(all, " "));
    }
    void ids(const std::string& name, const std::vector<client_id>& all) {
        std::string text;
        for (const auto& one : all) text += (text.empty() ? "" : " ") + one.str();
        add(name, kind::text, text);
    }
    void grants(const std::string& name, std::vector<std::string> all) {
        std::erase(all, refresh_token);
        list(name, all);
    }
    void time(const std::string& name, const seconds& value) {
        add(name, kind::time, value ? std::to_string(value->count()) : "");
    }
    template <class Enum, class Table>
    void choice(const std::string& name, const Enum& value, const Table& known) {
        put_choice(name, std::string(words::word_for(known, value)), every_word(known));
    }
    template <class Enum, class Table>
    void choice(const std::string& name, const std::optional<Enum>& value, const Table& known) {
        auto all = every_word(known);
        all.emplace(all.begin(), "", v_.text("clients.unset"));
        put_choice(name, value ? std::string(words::word_for(known, *value)) : "", all);
    }

    // All values, to tell whether they are what a client has that says nothing.
    [[nodiscard]] const std::vector<std::string>& values() const { return values_; }
    [[nodiscard]] std::vector<web::page_data> rows() && { return std::move(rows_); }

private:
    using choices = std::vector<std::pair<std::string, std::string>>;

    template <class Table>
    static choices every_word(const Table& known) {
        choices all;
        for (const auto& [word, unused] : known) all.emplace_back(word, word);
        return all;
    }
    void put_choice(const std::string& name, const std::string& value, const choices& all) {
        auto& row = add(name, kind::choice, value);
        web::put_list(row, "field_options", options(all, value));
    }
    web::page_data& add(const std::string& name, kind how, const std::string& value) {
        web::page_data row;
        web::put(row, "field", name);
        web::put(row, "field_label", v_.text("clients." + name));
        const auto* hint = web::catalogue::of(v_.lang).find("clients." + name + "_hint");
        web::put(row, "field_hint", hint == nullptr ? std::string() : *hint);
        web::put(row, "field_value", value);
        web::flag(row, "is_truth", how == kind::truth);
        web::flag(row, "is_text", how == kind::text);
        web::flag(row, "is_lines", how == kind::lines);
        web::flag(row, "is_time", how == kind::time);
        web::flag(row, "is_choice", how == kind::choice);
        rows_.push_back(std::move(row));
        values_.push_back(value);
        return rows_.back();
    }

    const console_request& v_;
    std::vector<web::page_data> rows_;
    std::vector<std::string> values_;
};

class taken_fields {
public:
    explicit taken_fields(const console_request& v) : v_(v) {}

    void truth(const std::string& name, bool& into) { into = v_.in_form(name) == "yes"; }
    void text(const std::string& name, std::string& into) { into = v_.in_form(name); }
    void lines(const std::string& name, std::vector<std::string>& into) { list(name, into); }
    void list(const std::string& name, std::vector<std::string>& into) {
        into = words_in(v_.in_form(name));
    }
    void ids(const std::string& name, std::vector<client_id>& into) {
        into.clear();
        for (auto& one : words_in(v_.in_form(name))) into.emplace_back(std::move(one));
    }
    void grants(const std::string& name, std::vector<std::string>& into) {
        const bool refreshes = std::find(into.begin(), into.end(), refresh_token) != into.end();
        list(name, into);
        std::erase(into, refresh_token);
        if (refreshes) into.emplace_back(refresh_token);
    }
    void time(const std::string& name, seconds& into) {
        constexpr long long most = 999'999'999;  // some thirty years
        const auto text = v_.in_form(name);
        if (text.empty()) return into.reset();
        const auto number = http::decimal_number(text);
        if (!number || *number > most) {
            if (!problem_) problem_ = invalid(name, "must_be_seconds");
            return;
        }
        into = std::chrono::seconds(*number);
    }
    template <class Enum, class Table>
    void choice(const std::string& name, Enum& into, const Table& known) {
        const auto text = v_.in_form(name);
        for (const auto& [word, value] : known) {
            if (word == text) into = value;
        }
    }
    template <class Enum, class Table>
    void choice(const std::string& name, std::optional<Enum>& into, const Table& known) {
        const auto text = v_.in_form(name);
        if (text.empty()) return into.reset();
        for (const auto& [word, value] : known) {
            if (word == text) into = value;
        }
    }
    [[nodiscard]] const std::optional<refusal>& problem() const { return problem_; }

private:
    const console_request& v_;
    std::optional<refusal> problem_;
};

template <class Group>
web::page_data group_of(const console_request& v, const client& one) {
    shown_fields fields(v);
    shown_fields unsaid(v);
    const client plain;
    Group::visit(fields, one);
    Group::visit(unsaid, plain);
    web::page_data group;
    web::put(group, "group", v.text(Group::title));
    web::flag(group, "group_open", fields.values() != unsaid.values());
    web::put_list(group, "group_fields", std::move(fields).rows());
    return group;
}

}  // namespace

void put_details(const console_request& v, web::page_data& data, const client& one) {
    std::vector<web::page_data> groups;
    groups.push_back(group_of<requests>(v, one));
    groups.push_back(group_of<sign_ins>(v, one));
    groups.push_back(group_of<tokens>(v, one));
    web::put_list(data, "groups", std::move(groups));
}

std::optional<refusal> take_details(const console_request& v, client& one) {
    if (v.in_form("details") != "yes") return std::nullopt;
    taken_fields fields(v);
    requests::visit(fields, one);
    sign_ins::visit(fields, one);
    tokens::visit(fields, one);
    return fields.problem();
}

}  // namespace kommpass::idp::console
