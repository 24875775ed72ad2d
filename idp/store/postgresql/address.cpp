#include "idp/store/postgresql/address.hpp"

#include <libpq-fe.h>

#include <algorithm>
#include <map>
#include <memory>

namespace kommpass::idp::store::postgresql {
namespace {

using keywords = std::map<std::string, std::string>;

struct freed {
    void operator()(PQconninfoOption* options) const noexcept { PQconninfoFree(options); }
    void operator()(char* text) const noexcept { PQfreemem(text); }
};

result<keywords, std::string> parsed(const std::string& url) {
    using answer = result<keywords, std::string>;
    char* raw_error = nullptr;
    const std::unique_ptr<PQconninfoOption, freed> options(
        PQconninfoParse(url.c_str(), &raw_error));
    const std::unique_ptr<char, freed> error(raw_error);
    if (!options) {
        std::string words = error ? error.get() : "libpq cannot read it";
        while (!words.empty() && words.back() == '\n') words.pop_back();
        return answer(words);
    }
    keywords found;
    for (const auto* one = options.get(); one->keyword != nullptr; ++one)
        if (one->val != nullptr && *one->val != '\0') found[one->keyword] = one->val;
    return answer(std::move(found));
}

std::vector<std::string> split(const std::string& list) {
    std::vector<std::string> parts;
    std::size_t from = 0;
    for (;;) {
        const auto comma = std::min(list.find(',', from), list.size());
        parts.push_back(list.substr(from, comma - from));
        if (comma == list.size()) return parts;
        from = comma + 1;
    }
}

// The item for server number `at`: lists of one hold for all.
std::string item(const keywords& all, const std::string& keyword, std::size_t at) {
    const auto found = all.find(keyword);
    if (found == all.end()) return {};
    const auto parts = split(found->second);
    return parts.size() == 1 ? parts.front() : at < parts.size() ? parts[at] : std::string();
}

bool is_here(const std::string& host, const std::string& hostaddr) {
    const auto& to = hostaddr.empty() ? host : hostaddr;
    return to.empty() || to.front() == '/' || to == "localhost" || to == "::1" ||
           to.starts_with("127.");
}

// What may not be missing, and what a list of servers is taken apart into.
constexpr const char* by_server[] = {"host", "hostaddr", "port"};

// A dead server is noticed in seconds: keep-alives, and an end to data nobody acknowledges.
const keywords always = {{"client_encoding", "UTF8"},  {"keepalives_idle", "10"},
                         {"keepalives_interval", "3"}, {"keepalives_count", "3"},
                         {"tcp_user_timeout", "5000"}, {"application_name", "kommpass"}};

}  // namespace

result<address, std::string> read_address(std::string_view url) {
    using answer = result<address, std::string>;
    const auto query = std::min(url.find('?'), url.size());
    const auto authority = url.find("://");
    const auto at = url.substr(0, query).rfind('@');
    const bool inline_password =
        authority != std::string_view::npos && at != std::string_view::npos &&
        url.substr(authority + 3, at - authority - 3).find(':') != std::string_view::npos;
    if (inline_password || url.substr(query).find("password=") != std::string_view::npos)
        return answer(std::string(
            "[store] url holds a password, which would stand in logs: take it out, and name a file "
            "with passfile=... (https://www.postgresql.org/docs/15/libpq-pgpass.html)"));

    auto all = parsed(std::string(url));
    if (!all) return answer("[store] url \"" + std::string(url) + "\": " + all.error());
    const auto hosts = split(item(*all, "host", 0).empty() && !all->contains("host")
                                 ? (all->contains("hostaddr") ? all->at("hostaddr") : "")
                                 : all->at("host"));
    address found;
    found.shown = std::string(url);
    for (std::size_t n = 0; n < hosts.size(); ++n) {
        server one;
        const auto host = item(*all, "host", n);
        const auto hostaddr = item(*all, "hostaddr", n);
        auto port = item(*all, "port", n);
        if (port.empty()) port = "5432";
        one.name =
            (host.empty() ? hostaddr.empty() ? "the local socket" : hostaddr : host) + ":" + port;
        auto its = *all;
        for (const auto* keyword : by_server) its.erase(keyword);
        for (const auto& [keyword, value] : always) its.try_emplace(keyword, value);
        if (!host.empty()) its["host"] = host;
        if (!hostaddr.empty()) its["hostaddr"] = hostaddr;
        its["port"] = port;
        if (!is_here(host, hostaddr)) {
            const auto mode = its.try_emplace("sslmode", "verify-full").first->second;
            if (mode != "verify-full")
                return answer("[store] url: sslmode=" + mode + " does not make sure that " +
                              one.name +
                              " is who answers; write sslmode=verify-full, with the "
                              "certificate authority in sslrootcert=...");
        }
        one.parameters.assign(its.begin(), its.end());
        found.servers.push_back(std::move(one));
    }
    return answer(std::move(found));
}

}  // namespace kommpass::idp::store::postgresql
