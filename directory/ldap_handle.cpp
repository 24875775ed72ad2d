#include "directory/ldap_handle.hpp"

#include "directory/ldap_opening.hpp"
#include "directory/line/address_book.hpp"
#include "directory/line/ldap_layer.hpp"
#include "directory/line/server_certificate.hpp"
#include "directory/line/tcp_race.hpp"
#include "directory/server_address.hpp"

#include <fcntl.h>
#include <sys/socket.h>

#include <algorithm>
#include <optional>

namespace kommpass::directory {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using steady = std::chrono::steady_clock;
using faults = std::vector<connect_fault>;

microseconds since(steady::time_point began) {
    return std::max(microseconds(1),
                    std::chrono::duration_cast<microseconds>(steady::now() - began));
}

// What no other address and no waiting mends.
bool is_a_mistake(fault what) {
    return what == fault::plain_text || what == fault::address_forbidden ||
           what == fault::ca_unreadable || what == fault::client_certificate ||
           what == fault::password_unreadable || what == fault::bind_refused;
}

failure_kind kind_of(fault what) {
    switch (what) {
        case fault::plain_text:
        case fault::address_forbidden:
        case fault::password_unreadable:
        case fault::bind_refused:
        case fault::bind_failed:
        case fault::starttls_refused:
        case fault::ca_unreadable:
        case fault::client_certificate:
            return failure_kind::refused;
        case fault::name_unresolved:
        case fault::tcp_refused:
        case fault::tcp_unreachable:
        case fault::tcp_silent:
            return failure_kind::connect;
        case fault::starttls_silent:
        case fault::tls_silent:
        case fault::ldap_silent:
            return failure_kind::timeout;
        case fault::starttls_cut:
        case fault::starttls_garbage:
        case fault::ldap_cut:
        case fault::ldap_garbage:
            return failure_kind::lost;
        default:
            return failure_kind::tls;
    }
}

connect_failure failure_of(faults wrong, std::string where) {
    const auto what = wrong.front().what;
    auto detail = std::move(where) + ": " + in_words(wrong);
    return {is_a_mistake(what) ? connect_error::misconfigured : connect_error::unreachable,
            kind_of(what), std::move(detail), std::move(wrong)};
}

bool plain_text_is_allowed(const directory_settings& settings, const std::string& host) {
    return settings.transport != directory_transport::plain || settings.allow_plain_text ||
           is_loopback(host);
}

std::string place_of(const std::string& url, const socket_address& where) {
    return url + " (" + where.text() + ")";
}

// Lets the watch end what waits on a descriptor that libldap may close at any time.
class lever {
public:
    lever(connect_watch& watch, int descriptor)
        : watch_(watch), copy_(::fcntl(descriptor, F_DUPFD_CLOEXEC, 0)) {
        if (!watch_.watch(copy_.get())) ::shutdown(copy_.get(), SHUT_RDWR);
        watch_.let_go(descriptor);
    }
    ~lever() { watch_.let_go(copy_.get()); }
    lever(const lever&) = delete;

private:
    connect_watch& watch_;
    owned_descriptor copy_;
};

// One after the other of a server's addresses, until one lets us.
class address_tour {
public:
    address_tour(const directory_settings& settings, const std::string& url, purpose what,
                 const address_book& book, connect_watch& watch, milliseconds limit,
                 std::int64_t now_unix_seconds)
        : settings_(settings),
          url_(url),
          purpose_(what),
          book_(book),
          watch_(watch),
          until_(steady::now() + limit),
          now_unix_seconds_(now_unix_seconds) {}

    result<ldap_handle, connect_failure> run() {
        const auto place = split_directory_url(url_);
        if (!plain_text_is_allowed(settings_, place.host))
            return failure_of({{fault::plain_text, {}}}, url_);
        auto found = book_.addresses_of(place);
        if (!found) return failure_of({found.error()}, url_);
        if (found->usable.empty()) return only_forbidden(found->forbidden);
        left_ = std::move(found->usable);
        while (!left_.empty() && steady::now() < until_ && !watch_.was_cut()) {
            if (auto opened = try_next()) return *std::move(opened);
            if (failed_ && failed_->error == connect_error::misconfigured) break;
        }
        if (failed_) return *std::move(failed_);
        return failure_of({{fault::tcp_silent, {}}}, url_);
    }

private:
    connect_failure only_forbidden(const std::vector<address_book::forbidden_address>& all) const {
        std::string why;
        for (const auto& one : all)
            why += (why.empty() ? "" : ", ") + one.where.text() + " is " + one.why;
        return failure_of({{fault::address_forbidden,
                            why + "; the operator may allow its network, see [directories] in the "
                                  "settings"}},
                          url_);
    }

    std::optional<ldap_handle> try_next() {
        auto race = race_to(left_, until_, watch_);
        for (auto& [at, why] : race.lost)
            note(left_[at], failure_of({why}, place_of(url_, left_[at])));
        if (!race.winner) {
            left_.clear();
            return std::nullopt;
        }
        const auto where = left_[*race.winner];
        drop(race);
        const lever ends(watch_, race.line.get());
        opening_steps nobody_looks;
        // The others need their share of the time, should this one hang.
        const auto now = steady::now();
        const auto until = now + (until_ - now) / static_cast<int>(left_.size() + 1);
        auto opened = open_over(std::move(race.line), settings_, url_, purpose_, until,
                                now_unix_seconds_, nobody_looks);
        if (!opened) {
            note(where, failure_of(std::move(opened.error()), place_of(url_, where)));
            return std::nullopt;
        }
        book_.worked(where);
        return std::move(*opened);
    }

    void drop(const tcp_race& race) {
        std::vector<socket_address> rest;
        for (std::size_t i = 0; i < left_.size(); ++i) {
            const bool lost = std::any_of(race.lost.begin(), race.lost.end(),
                                          [&](const auto& one) { return one.first == i; });
            if (!lost && i != *race.winner) rest.push_back(left_[i]);
        }
        left_ = std::move(rest);
    }

    void note(const socket_address& where, connect_failure why) {
        // A refused account is nothing that the address did.
        if (why.error != connect_error::misconfigured) book_.failed(where);
        if (failed_) why.detail = failed_->detail + "; " + why.detail;
        failed_ = std::move(why);
    }

    const directory_settings& settings_;
    const std::string& url_;
    purpose purpose_;
    const address_book& book_;
    connect_watch& watch_;
    steady::time_point until_;
    std::int64_t now_unix_seconds_;
    std::vector<socket_address> left_;
    std::optional<connect_failure> failed_;
};

}  // namespace

result<ldap_handle, connect_failure> open_handle(const directory_settings& settings,
                                                 const std::string& url, purpose what,
                                                 const address_book& book, connect_watch& watch,
                                                 milliseconds limit,
                                                 std::int64_t now_unix_seconds) {
    return address_tour(settings, url, what, book, watch, limit, now_unix_seconds).run();
}

result<ldap_handle, connect_failure> open_handle_at(const directory_settings& settings,
                                                    const std::string& url,
                                                    const socket_address& where, purpose what,
                                                    milliseconds limit, std::int64_t now,
                                                    opening_steps& steps) {
    const auto until = steady::now() + limit;
    if (!plain_text_is_allowed(settings, split_directory_url(url).host))
        return failure_of({{fault::plain_text, {}}}, url);
    connect_watch nobody_cuts;
    const auto began = steady::now();
    auto race = race_to({&where, 1}, until, nobody_cuts);
    if (!race.winner) {
        auto why = race.lost.empty() ? connect_fault{fault::tcp_silent, {}} : race.lost[0].second;
        return failure_of({std::move(why)}, place_of(url, where));
    }
    steps.tcp = since(began);
    auto opened = open_over(std::move(race.line), settings, url, what, until, now, steps);
    if (!opened) return failure_of(std::move(opened.error()), place_of(url, where));
    return std::move(*opened);
}

faults ask_root_dse(const ldap_handle& handle, milliseconds limit) {
    auto* const layer = ldap_layer::of(handle.get());
    std::string nothing(LDAP_NO_ATTRS);
    char* attributes[] = {nothing.data(), nullptr};
    int id = 0;
    if (layer == nullptr || ldap_search_ext(handle.get(), "", LDAP_SCOPE_BASE, nullptr, attributes,
                                            0, nullptr, nullptr, nullptr, 1, &id) != LDAP_SUCCESS)
        return {{fault::ldap_cut, {}}};
    const auto answer = layer->wait_for(handle.get(), id, steady::now() + limit);
    if (!answer.message) return {{answer.why, {}}};
    return {};
}

}  // namespace kommpass::directory
