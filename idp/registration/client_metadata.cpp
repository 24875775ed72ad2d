#include "idp/registration/client_metadata.hpp"

#include "idp/jose/strict_object.hpp"
#include "idp/oauth/scope.hpp"
#include "policies/grammar.hpp"
#include "policies/words.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace kommpass::idp::registration {
namespace {

namespace json = boost::json;
namespace words = policies::words;
using policies::client;
using policies::client_authentication;

constexpr std::size_t longest_text = 2000;
constexpr std::size_t longest_purpose = 200;
constexpr std::size_t most_items = 20;
constexpr std::size_t longest_keys = 12 * 1024;
constexpr long long longest_age = 366LL * 24 * 3600;

// What stands in the registry as it is sent.
constexpr std::array<std::pair<const char*, std::string client::*>, 12> plain_texts{
    {{"backchannel_logout_uri", &client::backchannel_logout_uri},
     {"frontchannel_logout_uri", &client::frontchannel_logout_uri},
     {"jwks_uri", &client::jwks_uri},
     {"initiate_login_uri", &client::initiate_login_uri},
     {"logo_uri", &client::logo_uri},
     {"policy_uri", &client::policy_uri},
     {"tos_uri", &client::tos_uri},
     {"tls_client_auth_subject_dn", &client::tls_client_auth_subject_dn},
     {"tls_client_auth_san_dns", &client::tls_client_auth_san_dns},
     {"tls_client_auth_san_uri", &client::tls_client_auth_san_uri},
     {"tls_client_auth_san_ip", &client::tls_client_auth_san_ip},
     {"tls_client_auth_san_email", &client::tls_client_auth_san_email}}};

constexpr std::array<std::pair<const char*, bool client::*>, 5> truths{
    {{"require_auth_time", &client::require_auth_time},
     {"dpop_bound_access_tokens", &client::dpop_bound_access_tokens},
     {"tls_client_certificate_bound_access_tokens",
      &client::tls_client_certificate_bound_access_tokens},
     {"require_pushed_authorization_requests", &client::require_pushed_authorization_requests},
     {"require_signed_request_object", &client::require_signed_request_object}}};

constexpr std::array<std::pair<const char*, std::vector<std::string> client::*>, 5> lists{
    {{"redirect_uris", &client::redirect_uris},
     {"post_logout_redirect_uris", &client::post_logout_redirect_uris},
     {"request_uris", &client::request_uris},
     {"default_acr_values", &client::default_acr_values},
     {"grant_types", &client::grant_types}}};

// Unset: as the registry has it without them.
constexpr std::array<std::pair<const char*, std::optional<signing_algorithm> client::*>, 4>
    algorithms{{{"userinfo_signed_response_alg", &client::userinfo_alg},
                {"introspection_signed_response_alg", &client::introspection_alg},
                {"request_object_signing_alg", &client::request_object_alg},
                {"authorization_signed_response_alg", &client::authorization_response_alg}}};

// Of a logout address: `sid` always goes along (OpenID Connect Front-Channel Logout, 2).
constexpr std::array<std::pair<const char*, std::string client::*>, 2> session_demands{
    {{"backchannel_logout_session_required", &client::backchannel_logout_uri},
     {"frontchannel_logout_session_required", &client::frontchannel_logout_uri}}};

metadata_error wrong(std::string_view name, std::string_view what) {
    return {"invalid_client_metadata", as_description(std::string(name) + " " + std::string(what))};
}

template <class Table>
std::string every_word(const Table& table) {
    std::string all;
    for (const auto& [word, value] : table) all.append(all.empty() ? "" : ", ").append(word);
    return all;
}

// Goes over what was sent; the first mistake is the answer.
class metadata_reader {
public:
    explicit metadata_reader(const json::object& sent) : sent_(sent) {}

    void text(std::string_view name, std::string& into, std::size_t most = longest_text) {
        const auto* value = find(name);
        if (value == nullptr) return;
        if (!value->is_string() || value->get_string().size() > most)
            return refuse(name, "must be a text of at most " + std::to_string(most) + " bytes");
        into = std::string(value->get_string());
    }
    void truth(std::string_view name, bool& into) {
        const auto* value = find(name);
        if (value == nullptr) return;
        if (!value->is_bool()) return refuse(name, "must be true or false");
        into = value->get_bool();
    }
    void texts(std::string_view name, std::vector<std::string>& into) {
        const auto* value = find(name);
        if (value == nullptr) return;
        const auto* list = value->if_array();
        if (list == nullptr || list->size() > most_items)
            return refuse(name, "must be a list of at most 20 texts");
        into.clear();
        for (const auto& one : *list) {
            if (!one.is_string() || one.get_string().size() > longest_text)
                return refuse(name, "must be a list of at most 20 texts");
            into.emplace_back(one.get_string());
        }
    }
    void seconds(std::string_view name, std::optional<std::chrono::seconds>& into) {
        const auto* value = find(name);
        if (value == nullptr) return;
        if (!value->is_int64() || value->get_int64() < 0 || value->get_int64() > longest_age)
            return refuse(name, "must be a number of seconds, at most a year");
        into = std::chrono::seconds(value->get_int64());
    }
    // `Value` is an enum or an optional of one.
    template <class Value, class Table>
    void choice(std::string_view name, Value& into, const Table& table) {
        const auto* value = find(name);
        if (value == nullptr) return;
        for (const auto& [word, meaning] : table) {
            if (value->is_string() && value->get_string() == word) {
                into = meaning;
                return;
            }
        }
        refuse(name, "is not offered; known are " + every_word(table));
    }
    void refuse(std::string_view name, std::string_view what) {
        if (!error_) error_ = wrong(name, what);
    }
    void refuse(metadata_error error) {
        if (!error_) error_ = std::move(error);
    }
    [[nodiscard]] const json::value* find(std::string_view name) const {
        const auto* value = sent_.if_contains(name);
        return value == nullptr || value->is_null() ? nullptr : value;
    }
    [[nodiscard]] const std::optional<metadata_error>& error() const { return error_; }

private:
    const json::object& sent_;
    std::optional<metadata_error> error_;
};

// What other servers offer and this one does not: silence would let the client believe it has it.
void refuse_what_is_not_offered(metadata_reader& v) {
    if (v.find("software_statement") != nullptr)
        v.refuse({"unapproved_software_statement",
                  "this server trusts no issuer of software statements; send the metadata itself"});
    if (v.find("sector_identifier_uri") != nullptr)
        v.refuse("sector_identifier_uri",
                 "is not taken: clients of one application have the same subjects here");
    for (const auto* name :
         {"request_object_encryption_alg", "authorization_encrypted_response_alg",
          "introspection_encrypted_response_alg"}) {
        if (v.find(name) != nullptr) v.refuse(name, "is not offered");
    }
}

// A client that sends its secret along by mistake is told, before it stands in the registry.
bool has_secret_key(const json::value& jwks) {
    const auto* keys = jwks.as_object().if_contains("keys");
    const auto* list = keys == nullptr ? nullptr : keys->if_array();
    if (list == nullptr) return false;
    return std::any_of(list->begin(), list->end(), [](const json::value& one) {
        const auto* key = one.if_object();
        return key != nullptr && (key->contains("d") || key->contains("k"));
    });
}

// Whatever it authenticates by: stock clients register the keys that they have (RFC 7591, 2).
void read_keys(metadata_reader& v, client& into) {
    const auto* keys = v.find("jwks");
    if (keys == nullptr) return;
    auto text = json::serialize(*keys);
    if (!keys->is_object() || text.size() > longest_keys)
        return v.refuse("jwks", "must be a JSON object of at most 12 KiB");
    if (has_secret_key(*keys)) return v.refuse("jwks", "must hold public keys only");
    into.jwks = std::move(text);
}

// Stock clients register addresses of requests that they do not sign. These are not served, and
// what is told back says so (RFC 7591, 3.2.1).
void leave_out_unsigned_requests(client& made) {
    if (made.jwks.empty() && made.jwks_uri.empty()) made.request_uris.clear();
}

void read_response_types(metadata_reader& v) {
    std::vector<std::string> types{"code"};
    v.texts("response_types", types);
    for (const auto& one : types) {
        if (one != "code") v.refuse("response_types", "is not offered; known is code");
    }
}

void read_scopes(metadata_reader& v, client& into) {
    std::string text;
    v.text("scope", text);
    if (text.empty()) return;
    const auto asked = oauth::parse_scope(text);
    if (!asked || asked->size() > most_items) return v.refuse("scope", "must be a list of scopes");
    for (const auto& one : *asked) {
        if (std::find(oauth::scopes::all.begin(), oauth::scopes::all.end(), one) ==
            oauth::scopes::all.end())
            return v.refuse("scope", "has one that cannot be registered so: " + one);
    }
    into.scopes = *asked;
}

void judge_addresses(metadata_reader& v, const client& made) {
    const bool is_public = made.authentication == client_authentication::none;
    for (const auto& uri : made.redirect_uris) {
        const auto problem = policies::grammar::redirect_uri_problem(uri, is_public);
        if (!problem.empty())
            v.refuse({"invalid_redirect_uri",
                      as_description("redirect_uris: " + uri + " " + std::string(problem))});
    }
    const bool needs_one =
        std::find(made.grant_types.begin(), made.grant_types.end(),
                  policies::grant_types::authorization_code) != made.grant_types.end();
    if (needs_one && made.redirect_uris.empty())
        v.refuse({"invalid_redirect_uri", "redirect_uris is missing"});
}

template <class Table, class Enum>
void put_word(json::object& into, std::string_view name, const Table& table,
              const std::optional<Enum>& value) {
    if (value) into[name] = words::word_for(table, *value);
}

json::array list_of(const std::vector<std::string>& all) {
    json::array list;
    for (const auto& one : all) list.emplace_back(one);
    return list;
}

}  // namespace

std::string as_description(std::string_view text) {
    constexpr std::size_t most = 300;
    std::string made;
    for (const char c : text.substr(0, most)) {
        const bool allowed = c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
        made.push_back(allowed ? c : '\'');
    }
    return made;
}

result<client, metadata_error> read_client_metadata(std::string_view body) {
    const auto sent = jose::parse_strict_object(body);
    if (!sent)
        return metadata_error{"invalid_client_metadata",
                              "the body is no JSON object, or says something twice"};
    metadata_reader v(*sent);
    client made;
    made.id_token_alg = signing_algorithm::rs256;  // OpenID Connect Registration, 2
    refuse_what_is_not_offered(v);
    v.choice("token_endpoint_auth_method", made.authentication, words::authentications);
    v.text("client_name", made.purpose, longest_purpose);
    for (const auto& [name, field] : plain_texts) v.text(name, made.*field);
    for (const auto& [name, field] : truths) v.truth(name, made.*field);
    for (const auto& [name, field] : lists) v.texts(name, made.*field);
    for (const auto& [name, field] : algorithms) v.choice(name, made.*field, words::algorithms);
    for (const auto& [name, unused] : session_demands) {
        bool always = true;
        v.truth(name, always);
    }
    read_response_types(v);
    read_scopes(v, made);
    read_keys(v, made);
    leave_out_unsigned_requests(made);
    v.seconds("default_max_age", made.default_max_age);
    v.choice("subject_type", made.subject, words::subjects);
    v.choice("id_token_signed_response_alg", made.id_token_alg, words::algorithms);
    v.choice("id_token_encrypted_response_alg", made.id_token_encryption_alg,
             words::key_managements);
    v.choice("id_token_encrypted_response_enc", made.id_token_encryption_enc,
             words::content_encryptions);
    v.choice("userinfo_encrypted_response_alg", made.userinfo_encryption_alg,
             words::key_managements);
    v.choice("userinfo_encrypted_response_enc", made.userinfo_encryption_enc,
             words::content_encryptions);
    judge_addresses(v, made);
    if (v.error()) return *v.error();
    return made;
}

json::object client_metadata(const client& one) {
    json::object made;
    made["token_endpoint_auth_method"] =
        words::word_for(words::authentications, one.authentication);
    if (!one.purpose.empty()) made["client_name"] = one.purpose;
    for (const auto& [name, field] : plain_texts) {
        if (!(one.*field).empty()) made[name] = one.*field;
    }
    for (const auto& [name, field] : truths) made[name] = one.*field;
    for (const auto& [name, field] : lists) made[name] = list_of(one.*field);
    for (const auto& [name, field] : algorithms)
        put_word(made, name, words::algorithms, one.*field);
    for (const auto& [name, field] : session_demands) {
        if (!(one.*field).empty()) made[name] = true;
    }
    made["response_types"] = json::array{"code"};
    made["scope"] = oauth::to_text(one.scopes);
    if (!one.jwks.empty()) {
        json::error_code error;
        auto keys = json::parse(one.jwks, error);
        if (!error) made["jwks"] = std::move(keys);
    }
    if (one.default_max_age) made["default_max_age"] = one.default_max_age->count();
    made["subject_type"] = words::word_for(words::subjects, one.subject);
    made["id_token_signed_response_alg"] = words::word_for(words::algorithms, one.id_token_alg);
    if (one.id_token_encryption_alg) {
        put_word(made, "id_token_encrypted_response_alg", words::key_managements,
                 one.id_token_encryption_alg);
        put_word(made, "id_token_encrypted_response_enc", words::content_encryptions,
                 std::optional(one.id_token_encryption_enc));
    }
    if (one.userinfo_encryption_alg) {
        put_word(made, "userinfo_encrypted_response_alg", words::key_managements,
                 one.userinfo_encryption_alg);
        put_word(made, "userinfo_encrypted_response_enc", words::content_encryptions,
                 std::optional(one.userinfo_encryption_enc));
    }
    return made;
}

}  // namespace kommpass::idp::registration
