#include "directory/diagnosis/tls_probe.hpp"

#include "directory/ldap_handle.hpp"
#include "directory/line/address_book.hpp"
#include "directory/server_address.hpp"

#include <algorithm>

namespace kommpass::directory::diagnosis {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using steady = std::chrono::steady_clock;

constexpr std::int64_t soon = 30L * 24 * 3600;

microseconds since(steady::time_point began) {
    return std::chrono::duration_cast<microseconds>(steady::now() - began);
}

std::string account_of(const directory_settings& settings) {
    if (!settings.client_certificate_file.empty()) return settings.client_certificate_file;
    return settings.bind_dn.empty() ? "anonymous" : settings.bind_dn;
}

class probing {
public:
    probing(const directory_settings& settings, const std::string& url, const clock& time,
            report& said, std::vector<seen_certificate>* chain, purpose what)
        : settings_(settings), url_(url), time_(time), said_(said), chain_(chain), purpose_(what) {}

    bool run(const address_book& book) {
        const auto place = split_directory_url(url_);
        const auto began = steady::now();
        const auto found = book.addresses_of(place);
        if (!found) {
            tell(said_, found.error(), url_, since(began));
            return false;
        }
        tell_addresses(*found, since(began));
        std::vector<report> heard;
        std::vector<bool> works;
        for (const auto& one : found->usable) {
            report here;
            works.push_back(try_address(one, subject_of(one, *found), here));
            heard.push_back(std::move(here));
        }
        const bool any = std::find(works.begin(), works.end(), true) != works.end();
        for (const auto& one : heard) said_.append(one, any);
        // One that is not permitted is not asked; that matters where no other is there.
        for (const auto& one : found->forbidden)
            said_.add(words_of(fault::address_forbidden).id, url_,
                      one.where.text() + ", " + one.why, {}, any);
        return any;
    }

private:
    void tell_addresses(const address_book::entry& found, microseconds took) {
        std::string all;
        for (const auto& one : found.usable) all += (all.empty() ? "" : ", ") + one.text();
        for (const auto& one : found.forbidden) all += (all.empty() ? "" : ", ") + one.where.text();
        said_.add("name.resolved", url_, all, took);
    }

    std::string subject_of(const socket_address& one, const address_book::entry& found) const {
        const bool only_one = found.usable.size() + found.forbidden.size() == 1;
        return only_one ? url_ : url_ + " (" + one.text() + ")";
    }

    static void tell(report& into, const connect_fault& wrong, const std::string& subject,
                     microseconds took = {}) {
        into.add(words_of(wrong.what).id, subject, wrong.detail, took);
    }

    bool try_address(const socket_address& where, const std::string& subject, report& here) {
        const auto began = steady::now();
        opening_steps steps;
        const auto now = to_unix_seconds(time_.now());
        auto opened =
            open_handle_at(settings_, url_, where, purpose_, settings_.connect_timeout, now, steps);
        if (steps.tcp.count() > 0) here.add("tcp.connected", subject, {}, steps.tcp);
        tell_certificates(steps.chain, subject, now, here);
        if (steps.tls.count() > 0)
            here.add("tls.secured", subject, steps.tls_parameters, steps.tls);
        if (!opened) {
            for (const auto& one : opened.error().faults) tell(here, one, subject, since(began));
            return false;
        }
        if (settings_.transport == directory_transport::plain) here.add("tls.none", subject);
        tell_if_slow(steps.tcp + steps.tls + steps.bind, subject, here);
        return purpose_ != purpose::search || question(*opened, subject, steps.bind, here);
    }

    bool question(const ldap_handle& opened, const std::string& subject, microseconds took,
                  report& here) {
        here.add("bind.accepted", subject, account_of(settings_), took);
        const auto began = steady::now();
        const auto wrong = ask_root_dse(opened, settings_.deadline);
        for (const auto& one : wrong) tell(here, one, subject, since(began));
        if (wrong.empty()) tell_if_slow(since(began), subject, here);
        return wrong.empty();
    }

    void tell_if_slow(microseconds took, const std::string& subject, report& here) const {
        if (is_slow(took, settings_.deadline))
            here.add("answer.slow", subject, in_milliseconds(took), took);
    }

    void tell_certificates(const std::vector<seen_certificate>& shown, const std::string& subject,
                           std::int64_t now, report& here) {
        for (const auto& one : shown) {
            here.add("tls.certificate", subject, in_one_line(one));
            if (chain_ != nullptr && std::none_of(chain_->begin(), chain_->end(), [&](auto& known) {
                    return known.sha256 == one.sha256;
                }))
                chain_->push_back(one);
        }
        if (shown.empty()) return;
        const auto ends = shown.front().ends_at;
        if (ends >= now && ends < now + soon)
            here.add("tls.expires_soon", subject, shown.front().until);
    }

    const directory_settings& settings_;
    const std::string& url_;
    const clock& time_;
    report& said_;
    std::vector<seen_certificate>* chain_;
    purpose purpose_;
};

}  // namespace

bool probe_server(const directory_settings& settings, const std::string& url,
                  const address_book& book, const clock& time, report& said,
                  std::vector<seen_certificate>* chain) {
    return probing(settings, url, time, said, chain, purpose::bind).run(book);
}

bool probe_server_and_account(const directory_settings& settings, const std::string& url,
                              const address_book& book, const clock& time, report& said) {
    return probing(settings, url, time, said, nullptr, purpose::search).run(book);
}

}  // namespace kommpass::directory::diagnosis
