#include "directory/careful_opening.hpp"

#include "directory/connect_workers.hpp"
#include "directory/line/file_version.hpp"
#include "directory/standing_refusal.hpp"

#include <functional>

namespace kommpass::directory {
namespace {

using steady = std::chrono::steady_clock;

// Of all that decides whether a server lets us in. The password itself is not looked at.
std::uint64_t version_of(const directory_settings& settings, std::uint64_t said_so) {
    std::string all = std::to_string(said_so);
    for (const auto& one :
         {settings.bind_dn, settings.bind_password_env, settings.bind_password_sealed,
          settings.ca_certificate, file_version(settings.bind_password_file),
          file_version(settings.ca_file), file_version(settings.client_certificate_file),
          file_version(settings.client_key_file)})
        all += "\n" + one;
    all += settings.bind_password.value ? "+" : "-";
    all += std::to_string(static_cast<int>(settings.transport));
    all += settings.allow_plain_text ? "+" : "-";
    return std::hash<std::string>{}(all);
}

connect_failure not_asked(const standing_refusal::refusal& known, steady::time_point now) {
    const auto ago = std::chrono::duration_cast<std::chrono::seconds>(now - known.since).count();
    return {connect_error::misconfigured,
            failure_kind::refused,
            "not asked again, as it is since " + std::to_string(ago) + " s: " + known.detail,
            {},
            false};
}

struct finding_out {
    standing_refusal& refusal;
    const bool mine;
    ~finding_out() {
        if (mine) refusal.found_out();
    }
};

}  // namespace

result<ldap_handle, connect_failure> open_unless_refused(const directory_settings& settings,
                                                         const std::string& url, purpose what,
                                                         const connect_workers& workers,
                                                         connect_watch& watch,
                                                         std::chrono::milliseconds limit,
                                                         standing_refusal& refusal) {
    const auto version = version_of(settings, workers.times_said_to_try_again());
    const auto now = steady::now();
    const auto known = refusal.known();
    const bool holds = known && known->tried_with == version;
    if (holds && now < known->until) return not_asked(*known, now);
    const finding_out turn{refusal, known != nullptr && refusal.begin_to_find_out()};
    if (known && !turn.mine) return not_asked(*known, now);
    auto opened =
        open_handle(settings, url, what, workers.addresses(), watch, limit, workers.unix_seconds());
    if (opened)
        refusal.lift();
    else if (opened.error().error == connect_error::misconfigured)
        refusal.refuse(opened.error().detail, version, steady::now());
    return opened;
}

}  // namespace kommpass::directory
