#pragma once

#include "config/settings.hpp"
#include "config/vocabulary/live.hpp"
#include "config/vocabulary/randomness.hpp"
#include "idp/outgoing/https_caller.hpp"
#include "policies/grant_types.hpp"
#include "policies/registry.hpp"
#include "policies/snapshot.hpp"
#include "tests/support/remembered_directories.hpp"
#include "tests/support/turned_clock.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json/object.hpp>

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kommpass::idp::admin {
struct operation_services;
struct process_state;
}  // namespace kommpass::idp::admin
namespace kommpass::idp::audit {
class unproven_records;
}
namespace kommpass::idp::http {
struct request;
struct response;
class router;
}  // namespace kommpass::idp::http
namespace kommpass::idp::jose {
class key_ring;
}
namespace kommpass::idp::login {
class throttle;
}
namespace kommpass::idp::observe {
class log;
}
namespace kommpass::idp::oauth {
class client_authorities;
class client_keys;
class request_references;
class grants;
}  // namespace kommpass::idp::oauth
namespace kommpass::idp::service {
class endpoints;
struct shared_parts;
}  // namespace kommpass::idp::service
namespace kommpass::idp::store {
class outages;
class store;
struct stored_audit_record;
}  // namespace kommpass::idp::store
namespace kommpass::policies {
struct registry;
class snapshot;
}  // namespace kommpass::policies

namespace kommpass::tests {

using fields = std::vector<std::pair<std::string, std::string>>;

// An answer of the service with what tests ask of it.
struct answer {
    answer();
    explicit answer(idp::http::response);
    std::shared_ptr<const idp::http::response> raw;  // never null

    [[nodiscard]] unsigned status() const;
    [[nodiscard]] const std::string& body() const;
    [[nodiscard]] std::string header(std::string_view name) const;  // empty if absent
    [[nodiscard]] std::string location() const { return header("Location"); }
    // A parameter of the redirect's query; empty if absent.
    [[nodiscard]] std::string redirected(std::string_view name) const;
    [[nodiscard]] boost::json::object json() const;
    [[nodiscard]] std::string text(
        std::string_view member) const;  // of the JSON body; empty if absent
    [[nodiscard]] std::string error() const { return text("error"); }
    // The value of a hidden input of the page; empty if absent.
    [[nodiscard]] std::string hidden(std::string_view name) const;
    // The member that a sign-in page names before a password is typed; empty: none.
    [[nodiscard]] std::string town() const;
    [[nodiscard]] bool shows(std::string_view words) const {
        return body().find(words) != std::string::npos;
    }
};

// The whole service without sockets: real endpoints, store, keys and registry; a directory that is
// a table; a clock that is turned by hand. One browser's cookies are kept as a browser keeps them.
class test_idp {
public:
    // Makes the directories that the service asks, in place of the table; the table outlives them.
    // They answer at once, without I/O of their own.
    using directories_around = std::function<std::unique_ptr<directory::member_directories>(
        remembered_directories& table)>;

    test_idp();
    // What its settings are beside those of every test.
    using settings_change = std::function<void(config::settings&)>;
    explicit test_idp(const directories_around&, const settings_change& = {});
    ~test_idp();

    // As a browser, with cookies.
    answer get(const std::string& path, const fields& query = {});
    // Follows the redirect to the page that shows what became of the form, and goes on where that
    // page goes on by itself: then the answer is a redirect to there.
    answer post(const std::string& path, const fields& form);
    // The same for the answer to a form that was sent by `send`.
    answer follow(answer);
    // As an application's server, without cookies.
    answer call(const std::string& path, const fields& form, const fields& headers = {});
    answer call_get(const std::string& path, const fields& headers);
    // With the client's own way of authentication added.
    answer call_as(const std::string& client, const std::string& path, fields form);
    [[nodiscard]] idp::http::request as_call_of(const std::string& client, const std::string& path,
                                                fields form) const;
    answer send(idp::http::request);
    // All at once: each runs on while another waits for the store or a directory. Answers come in
    // the order of the requests.
    std::vector<answer> send_together(std::vector<idp::http::request>);
    // The requests that `post`, `redeem` and `refresh` send.
    [[nodiscard]] idp::http::request as_post(const std::string& path, const fields& form) const;
    [[nodiscard]] idp::http::request redemption_of(const std::string& client,
                                                   const answer& redirect,
                                                   const fields& more = {}) const;
    [[nodiscard]] idp::http::request refresh_of(const std::string& client,
                                                const std::string& refresh_token,
                                                const fields& more = {}) const;

    // The whole way: authorization request (with `more` parameters), name and password, down to the
    // redirect.
    answer authorize(const std::string& client, const fields& more = {});
    answer sign_in(const std::string& client, const std::string& user, const std::string& password,
                   const fields& more = {});
    // Fills in the pages of a sign-in from `page` on as a person of `member` does: the name, the
    // town where it is asked for, then the password.
    answer fill_in(const answer& page, const std::string& user, const std::string& password,
                   const std::string& member = "lebus");
    // Presses a button of the sign-in page that `page` is.
    answer press(const answer& page, const std::string& action, const fields& more = {});
    // Redeems the code of a redirect; gives the token endpoint's answer.
    answer redeem(const std::string& client, const answer& redirect, const fields& more = {});
    answer refresh(const std::string& client, const std::string& refresh_token,
                   const fields& more = {});
    answer introspect(const std::string& client, const std::string& token);
    answer userinfo(const std::string& access_token);
    // Signs in as anna.noack and redeems.
    answer tokens(const std::string& client, const fields& more = {});

    void forget_cookies() { cookies_.clear(); }
    std::map<std::string, std::string>& cookies() { return cookies_; }
    std::vector<idp::store::stored_audit_record> audit();
    [[nodiscard]] bool audited(std::string_view event);
    const idp::service::shared_parts& parts() { return *parts_; }
    // What the store's outages were: a test tells of one.
    idp::store::outages& outages() { return *outages_; }
    const idp::oauth::grants& grants();
    // Every address of the service.
    [[nodiscard]] const idp::http::router& routes() const { return *router_; }
    // What operations work with.
    const idp::admin::operation_services& operations();
    // Runs SQL on the store as another program would: how a test makes it fail.
    void sql(const std::string& text);
    // Changes the registry as an applied revision would.
    void change_registry(const std::function<void(policies::registry&)>& change,
                         const std::string& why = "changed by the test");
    // Payload of a JWS of ours, unverified.
    static boost::json::object payload(std::string_view jws);
    static boost::json::object header_of(std::string_view jws);

    // What applications' servers answer when they are asked for a document, by address, and how
    // often each was asked. What does not stand here does not answer.
    std::map<std::string, std::string> published;
    std::map<std::string, std::string> published_types;  // none: application/json
    std::map<std::string, int> fetches;

    turned_clock time;
    remembered_directories directories;

    static constexpr auto verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    static constexpr auto challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    static constexpr auto secret = "groupware-secret-of-the-tests";

private:
    boost::asio::awaitable<result<idp::outgoing::fetched, idp::outgoing::call_failure>> fetched(
        idp::outgoing::fetch);
    std::string redirect_uri_of(const std::string& client) const;
    void keep_cookies(const answer&);
    void add_cookies(idp::http::request&) const;
    fields authentication_of(const std::string& client) const;
    idp::http::request as_call(const std::string& path, const fields& form,
                               const fields& headers) const;

    std::filesystem::path folder_;
    boost::asio::io_context io_;
    system_randomness random_;
    config::settings settings_;
    std::unique_ptr<idp::store::store> store_;
    std::unique_ptr<live<policies::snapshot>> registry_;
    std::unique_ptr<live<idp::jose::key_ring>> keys_;
    std::unique_ptr<idp::login::throttle> throttle_;
    struct null_device {
        null_device();
        ~null_device();
        int descriptor;
    } null_;
    std::unique_ptr<idp::observe::log> log_;
    std::unique_ptr<idp::admin::process_state> state_;
    std::unique_ptr<idp::oauth::client_keys> client_keys_;
    std::unique_ptr<idp::oauth::request_references> request_references_;
    std::unique_ptr<idp::oauth::client_authorities> authorities_;
    std::unique_ptr<idp::audit::unproven_records> unproven_;
    std::unique_ptr<idp::store::outages> outages_;
    std::unique_ptr<idp::service::shared_parts> parts_;
    std::unique_ptr<directory::member_directories> around_;
    std::unique_ptr<idp::service::endpoints> endpoints_;
    std::unique_ptr<idp::http::router> router_;
    std::map<std::string, std::string> cookies_;
};

// The registry of the tests: member lebus and cottbus; groupware, dms and meso with a client of
// each kind.
[[nodiscard]] policies::registry test_registry();

}  // namespace kommpass::tests
