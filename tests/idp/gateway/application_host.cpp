#include "tests/idp/gateway/application_host.hpp"

#include "idp/http/form.hpp"
#include "idp/http/request.hpp"
#include "idp/http/response.hpp"
#include "policies/registry.hpp"

namespace kommpass::tests {
namespace {

struct split_uri {
    std::string path, query;
};

split_uri split(const std::string& uri) {
    const auto mark = uri.find('?');
    return {uri.substr(0, mark), mark == std::string::npos ? std::string() : uri.substr(mark + 1)};
}

fields query_of(const std::string& uri) {
    const auto form = idp::http::form::parse(split(uri).query);
    return form ? form->all() : fields{};
}

}  // namespace

void open_gateways(test_idp& idp) {
    idp.change_registry([](policies::registry& all) {
        auto& dms = all.applications.at(application_key("dms"));
        dms.roles.push_back({role_name("dms.fachadmin"), {"Fachadministration", {}}, {}});
        dms.gateway.hosts = {akten};
        dms.gateway.headers.subject = "Remote-Subject";
        dms.gateway.headers.acr = "Remote-Level";
        dms.gateway.headers.assertion = "Kommpass-Assertion";
        dms.gateway.rules = {
            {.path = "/public/", .open = true},
            {.path = "/admin/", .roles = {role_name("dms.fachadmin")}},
            {.path = "/siegel/", .require_acr = {"urn:kommpass:acr:second-factor"}}};
        all.applications.at(application_key("groupware")).gateway.hosts = {postfach};
    });
}

answer application_host::ask(const std::string& path, const std::string& query,
                             const fields& forwarded, const fields& more) {
    idp::http::request request;
    request.path = path;
    request.query = query;
    request.headers = forwarded;
    request.headers.insert(request.headers.end(), more.begin(), more.end());
    std::string cookie;
    for (const auto& [name, value] : cookies)
        cookie += (cookie.empty() ? "" : "; ") + name + "=" + value;
    if (!cookie.empty()) request.headers.emplace_back("cookie", cookie);
    // This host's cookies are none of the service's own address.
    const auto own = idp_.cookies();
    auto got = idp_.send(std::move(request));
    idp_.cookies() = own;
    for (const auto& [name, value] : got.raw->headers) {
        if (name != "Set-Cookie") continue;
        const auto pair = value.substr(0, value.find(';'));
        const auto equals = pair.find('=');
        cookies[pair.substr(0, equals)] = pair.substr(equals + 1);
        if (pair.ends_with('=')) cookies.erase(pair.substr(0, equals));
    }
    return got;
}

answer application_host::check(const std::string& uri, const fields& more,
                               const std::string& method, const std::string& answers) {
    return ask("/gateway/check", answers.empty() ? "" : "answers=" + answers,
               {{"x-forwarded-proto", "https"},
                {"x-forwarded-host", host_},
                {"x-forwarded-uri", uri},
                {"x-forwarded-method", method}},
               more);
}

answer application_host::handed(const std::string& uri, const fields& more) {
    const auto [path, query] = split(uri);
    return ask(path, query,
               {{"x-forwarded-proto", "https"},
                {"x-forwarded-host", host_},
                {"x-forwarded-uri", uri},
                {"x-forwarded-method", "GET"}},
               more);
}

answer application_host::follow(const std::string& address) {
    const auto own = "https://" + host_;
    if (!address.starts_with(own + "/.kommpass/"))
        throw std::runtime_error("not handed through: " + address);
    return handed(address.substr(own.size()));
}

std::string application_host::way_back(const answer& kept_out, const std::string& user,
                                       const std::string& password) {
    const auto started = follow(kept_out.location());
    const auto to = started.location();
    constexpr std::string_view own = "https://idp.example";
    if (!to.starts_with(own)) throw std::runtime_error("not to the sign-in: " + to);
    auto page = idp_.get("/gateway/sign-in", query_of(to));
    if (page.status() == 200 && page.header("Refresh").empty())
        page = idp_.fill_in(page, user, password);
    return idp_.follow(page).location();
}

answer application_host::sign_in(const std::string& uri, const std::string& user,
                                 const std::string& password) {
    return follow(way_back(check(uri), user, password));
}

}  // namespace kommpass::tests
