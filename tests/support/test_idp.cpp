#include "tests/support/test_idp.hpp"

#include "config/vocabulary/base64url.hpp"
#include "idp/admin/process_state.hpp"
#include "idp/audit/unproven_records.hpp"
#include "idp/http/form.hpp"
#include "idp/http/request.hpp"
#include "idp/http/response.hpp"
#include "idp/jose/foreign_jwt.hpp"
#include "idp/jose/key_file.hpp"
#include "idp/login/throttle.hpp"
#include "idp/oauth/certificate_authentication.hpp"
#include "idp/oauth/client_keys.hpp"
#include "idp/oauth/request_references.hpp"
#include "idp/observe/log.hpp"
#include "idp/registry/revisions.hpp"
#include "idp/service/endpoints.hpp"
#include "idp/store/audit_log.hpp"
#include "idp/store/outages.hpp"
#include "idp/store/sqlite_store.hpp"
#include "idp/store/store.hpp"
#include "idp/store/transaction.hpp"
#include "policies/registry_files.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/json/parse.hpp>

#include <atomic>
#include <stdexcept>

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

namespace kommpass::tests {
namespace {

using namespace idp;

std::string form_encoded(const fields& pairs) {
    std::string text = http::with_query("", pairs);
    return text.empty() ? text : text.substr(1);
}

std::filesystem::path fresh_folder() {
    static std::atomic<int> count{0};
    auto folder = std::filesystem::temp_directory_path() /
                  ("kommpass-idp-" + std::to_string(::getpid()) + "-" + std::to_string(count++));
    std::filesystem::create_directories(folder);
    return folder;
}

// Key files take RSA keys to make: one for all tests of the process.
jose::key_ring_ptr shared_keys(randomness& random, instant now) {
    static const jose::key_ring_ptr keys = [&] {
        const auto folder = fresh_folder();
        const auto opened = jose::open_key_file((folder / "keys.json").string(), random, now);
        if (!opened) throw std::runtime_error(opened.error().message);
        std::filesystem::remove_all(folder);
        return *opened;
    }();
    return keys;
}

policies::snapshot_ptr compiled(policies::registry documents, long long revision) {
    auto made = policies::compile(std::move(documents), revision);
    if (made) return *made;
    throw std::runtime_error(made.error().front().to_string());
}

std::string unescaped(std::string text) {
    static const std::pair<std::string, std::string> entities[] = {
        {"&quot;", "\""}, {"&#39;", "'"}, {"&lt;", "<"}, {"&gt;", ">"}, {"&amp;", "&"}};
    for (const auto& [entity, character] : entities) {
        for (auto at = text.find(entity); at != std::string::npos; at = text.find(entity, at + 1)) {
            text.replace(at, entity.size(), character);
        }
    }
    return text;
}

boost::json::object decoded_part(std::string_view jws, int part) {
    for (int i = 0; i < part; ++i) jws.remove_prefix(jws.find('.') + 1);
    const auto bytes = base64url::decode(jws.substr(0, jws.find('.')));
    return boost::json::parse(*bytes).as_object();
}

}  // namespace

answer::answer() : answer(http::response()) {}
answer::answer(http::response made)
    : raw(std::make_shared<const http::response>(std::move(made))) {}

unsigned answer::status() const { return raw->status; }
const std::string& answer::body() const { return raw->body; }

std::string answer::header(std::string_view name) const {
    for (const auto& [key, value] : raw->headers) {
        if (key == name) return value;
    }
    return {};
}

std::string answer::redirected(std::string_view name) const {
    const auto uri = location();
    const auto query = uri.find('?');
    if (query == std::string::npos) return {};
    const auto form = http::form::parse(uri.substr(query + 1));
    return form ? std::string(form->get(name).value_or(std::string_view())) : std::string();
}

boost::json::object answer::json() const { return boost::json::parse(body()).as_object(); }

std::string answer::text(std::string_view member) const {
    const auto object = json();
    const auto* value = object.if_contains(member);
    return value != nullptr && value->is_string() ? std::string(value->get_string())
                                                  : std::string();
}

std::string answer::hidden(std::string_view name) const {
    const auto tag = body().find("name=\"" + std::string(name) + "\"");
    if (tag == std::string::npos) return {};
    const auto begin = body().rfind('<', tag);
    const auto element = body().substr(begin, body().find('>', tag) - begin);
    const auto value = element.find("value=\"");
    if (value == std::string::npos) return {};
    return unescaped(element.substr(value + 7, element.find('"', value + 7) - value - 7));
}

std::string answer::town() const {
    constexpr std::string_view begin = "class=\"kp-town__name\">";
    const auto at = body().find(begin);
    if (at == std::string::npos) return {};
    const auto name = at + begin.size();
    return unescaped(body().substr(name, body().find('<', name) - name));
}

test_idp::null_device::null_device() : descriptor(::open("/dev/null", O_WRONLY | O_CLOEXEC)) {}
test_idp::null_device::~null_device() { ::close(descriptor); }

test_idp::test_idp() : test_idp(directories_around()) {}

boost::asio::awaitable<result<outgoing::fetched, outgoing::call_failure>> test_idp::fetched(
    outgoing::fetch what) {
    ++fetches[what.uri];
    const auto found = published.find(what.uri);
    if (found == published.end())
        co_return outgoing::call_failure{false, what.uri + " does not answer"};
    const auto type = published_types.find(what.uri);
    co_return outgoing::fetched{found->second,
                                type == published_types.end() ? "application/json" : type->second};
}

test_idp::test_idp(const directories_around& around, const settings_change& change)
    : folder_(fresh_folder()) {
    settings_.issuer = "https://idp.example";
    settings_.key_file = folder_ / "keys.json";
    if (change) change(settings_);
    settings_.directory_networks = {"127.0.0.0/8", "::1"};
    settings_.dynamic_registration = true;
    settings_.mail.from = "kommpass@idp.example";
    auto opened = store::open_sqlite_store(folder_ / "store.db");
    if (!opened) throw std::runtime_error(opened.error());
    store_ = std::move(*opened);
    registry_ = std::make_unique<live<policies::snapshot>>(compiled(test_registry(), 1));
    keys_ = std::make_unique<live<jose::key_ring>>(shared_keys(random_, time.now()));
    throttle_ = std::make_unique<login::throttle>(settings_.throttle, time);
    log_ = std::make_unique<observe::log>(config::log_format::logfmt, config::log_level::error,
                                          time, null_.descriptor);
    state_ = std::make_unique<admin::process_state>(random_, time);
    client_keys_ = std::make_unique<oauth::client_keys>(
        time, [this](outgoing::fetch what) { return fetched(std::move(what)); });
    request_references_ = std::make_unique<oauth::request_references>(
        time, [this](outgoing::fetch what) { return fetched(std::move(what)); });
    authorities_ = std::make_unique<oauth::client_authorities>(settings_.mtls.ca_file);
    unproven_ = std::make_unique<audit::unproven_records>(time);
    outages_ = std::make_unique<store::outages>();
    const auto first = registry::append_revision(
        *store_, {registry_->get()->documents(), 0, "test", "first", time.now()});
    if (!first) throw std::runtime_error(first.error());
    parts_ = std::make_unique<service::shared_parts>(service::shared_parts{settings_,
                                                                           time,
                                                                           random_,
                                                                           *store_,
                                                                           *registry_,
                                                                           *keys_,
                                                                           *throttle_,
                                                                           *unproven_,
                                                                           *log_,
                                                                           *state_,
                                                                           *client_keys_,
                                                                           *request_references_,
                                                                           *authorities_,
                                                                           *outages_,
                                                                           {}});
    if (around) around_ = around(directories);
    endpoints_ =
        std::make_unique<service::endpoints>(*parts_, io_, around_ ? *around_ : directories);
    router_ = std::make_unique<http::router>();
    endpoints_->add_to(*router_);

    auto& anna = directories.add("lebus", "anna.noack", "Spreewald-7").who;
    anna.display_name = "Anna Noack";
    anna.given_name = "Anna";
    anna.family_name = "Noack";
    anna.mail = "anna.noack@amt-lebus.example";
    anna.phone = "+49 33604 445";
    anna.groups = {{"cn=GG_Groupware,ou=groups,dc=lebus,dc=example", "GG_Groupware", {}},
                   {"cn=GG_Registratur,ou=groups,dc=lebus,dc=example", "GG_Registratur", {}}};
    auto& jan = directories.add("cottbus", "jan.kowal", "Chosebuz-8").who;
    jan.display_name = "Jan Kowal";
    jan.groups = {{"cn=GG_Groupware,ou=groups,dc=cottbus,dc=example", "GG_Groupware", {}}};
}

test_idp::~test_idp() {
    // As the service does: a test may leave a job running that reads the store.
    state_->stop();
    store_.reset();
    std::filesystem::remove_all(folder_);
}

answer test_idp::send(http::request request) {
    std::vector<http::request> one;
    one.push_back(std::move(request));
    return std::move(send_together(std::move(one)).front());
}

std::vector<answer> test_idp::send_together(std::vector<http::request> requests) {
    static std::atomic<long> count{0};
    std::vector<std::optional<http::response>> responses(requests.size());
    std::exception_ptr failure;
    for (std::size_t n = 0; n < requests.size(); ++n) {
        auto& request = requests[n];
        request.id = "test-" + std::to_string(++count);
        if (request.peer.is_unspecified())
            request.peer = boost::asio::ip::make_address("192.0.2.7");
        const auto match = router_->find(request.method, request.path);
        if (match.other_method != nullptr) {
            responses[n] = http::json(405, "{}");
        } else if (match.found == nullptr) {
            responses[n] = router_->not_found()(request);
        } else if (const auto* now = std::get_if<http::immediate_handler>(&match.found->handle)) {
            responses[n] = (*now)(request);
        } else {
            boost::asio::co_spawn(io_, std::get<http::handler>(match.found->handle)(request),
                                  [&, n](std::exception_ptr error, http::response done) {
                                      if (error) failure = error;
                                      responses[n] = std::move(done);
                                  });
        }
    }
    io_.restart();
    io_.run();
    if (failure) std::rethrow_exception(failure);
    std::vector<answer> answers;
    for (auto& response : responses) {
        answers.emplace_back(*std::move(response));
        keep_cookies(answers.back());
    }
    return answers;
}

void test_idp::keep_cookies(const answer& made) {
    for (const auto& [name, value] : made.raw->headers) {
        if (name != "Set-Cookie") continue;
        const auto pair = value.substr(0, value.find(';'));
        const auto equals = pair.find('=');
        cookies_[pair.substr(0, equals)] = pair.substr(equals + 1);
    }
}

void test_idp::add_cookies(http::request& request) const {
    std::string cookie;
    for (const auto& [name, value] : cookies_)
        cookie += (cookie.empty() ? "" : "; ") + name + "=" + value;
    if (!cookie.empty()) request.headers.emplace_back("cookie", cookie);
}

answer test_idp::get(const std::string& path, const fields& query) {
    http::request request;
    request.path = path;
    request.query = form_encoded(query);
    add_cookies(request);
    return send(std::move(request));
}

answer test_idp::post(const std::string& path, const fields& form) {
    return follow(send(as_post(path, form)));
}

answer test_idp::follow(answer got) {
    const auto shows_what_became = [](const std::string& to) {
        return to.starts_with("/sign-in?page=") || to.starts_with("/sign-out?page=") ||
               to.starts_with("/device?done=") || to.find("carried=") != std::string::npos;
    };
    for (int hops = 0; hops < 5 && shows_what_became(got.location()); ++hops) {
        const auto to = got.location();
        const auto mark = to.find('?');
        got = get(to.substr(0, mark), http::form::parse(to.substr(mark + 1))->all());
    }
    constexpr std::string_view at_once = "0;url=";
    const auto refresh = got.header("Refresh");
    if (!refresh.starts_with(at_once)) return got;
    auto onward = *got.raw;
    onward.status = 303;
    onward.headers.emplace_back("Location", refresh.substr(at_once.size()));
    return answer(std::move(onward));
}

http::request test_idp::as_post(const std::string& path, const fields& form) const {
    http::request request;
    request.method = http::method::post;
    request.path = path;
    request.body = form_encoded(form);
    request.headers.emplace_back("content-type", "application/x-www-form-urlencoded");
    request.headers.emplace_back("sec-fetch-site", "same-origin");
    add_cookies(request);
    return request;
}

answer test_idp::call(const std::string& path, const fields& form, const fields& headers) {
    return send(as_call(path, form, headers));
}

http::request test_idp::as_call(const std::string& path, const fields& form,
                                const fields& headers) const {
    http::request request;
    request.method = http::method::post;
    request.path = path;
    request.body = form_encoded(form);
    request.headers = headers;
    request.headers.emplace_back("content-type", "application/x-www-form-urlencoded");
    return request;
}

answer test_idp::call_get(const std::string& path, const fields& headers) {
    http::request request;
    request.path = path;
    request.headers = headers;
    return send(std::move(request));
}

const oauth::grants& test_idp::grants() { return endpoints_->grants(); }

const admin::operation_services& test_idp::operations() { return endpoints_->operations(); }

std::vector<store::stored_audit_record> test_idp::audit() {
    std::vector<store::stored_audit_record> records;
    const auto done =
        store_->read_now([&](store::transaction& t) { records = t.audit().read(0, 10'000); });
    if (!done) throw std::runtime_error("the store does not answer");
    return records;
}

bool test_idp::audited(std::string_view event) {
    for (const auto& stored : audit()) {
        if (stored.record.event == event) return true;
    }
    return false;
}

void test_idp::sql(const std::string& text) {
    sqlite3* raw = nullptr;
    sqlite3_open((folder_ / "store.db").c_str(), &raw);
    const std::unique_ptr<sqlite3, decltype(&sqlite3_close)> handle(raw, &sqlite3_close);
    sqlite3_busy_timeout(raw, 5'000);
    if (sqlite3_exec(raw, text.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
        throw std::runtime_error(sqlite3_errmsg(raw));
}

void test_idp::change_registry(const std::function<void(policies::registry&)>& change,
                               const std::string& why) {
    auto documents = registry_->get()->documents();
    change(documents);
    const auto number = registry::append_revision(
        *store_, {documents, registry_->get()->revision(), "test", why, time.now()});
    if (!number) throw std::runtime_error(number.error());
    registry_->replace(compiled(std::move(documents), *number));
}

boost::json::object test_idp::payload(std::string_view jws) { return decoded_part(jws, 1); }
boost::json::object test_idp::header_of(std::string_view jws) { return decoded_part(jws, 0); }

}  // namespace kommpass::tests
