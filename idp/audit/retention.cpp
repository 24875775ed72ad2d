#include "idp/audit/retention.hpp"

#include "idp/audit/events.hpp"
#include "idp/store/audit_log.hpp"
#include "idp/store/store.hpp"
#include "idp/store/transaction.hpp"

#include <array>

namespace kommpass::idp::audit {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t bite = 2000;
constexpr auto why = "retention"sv;

constexpr std::array sign_ins{"sign_in"sv, "session"sv, "password"sv};
constexpr std::array tokens{"authorization"sv, "token"sv, "refresh_token"sv, "code"sv, "consent"sv};
// Not what vouches for an emptiness: audit.content_removed and person.erased stay.
constexpr std::array views{"audit.viewed"sv, "audit.exported"sv, "access"sv};
constexpr std::array administration{"registry"sv,    "grant"sv,  "campaign"sv,
                                    "break_glass"sv, "key"sv,    "persons"sv,
                                    "invitation"sv,  "client"sv, "directory"sv};

constexpr std::array<retention_category, 4> categories{
    {{"sign_ins", sign_ins, &config::retention_settings::sign_ins},
     {"tokens", tokens, &config::retention_settings::tokens},
     {"views", views, &config::retention_settings::views},
     {"administration", administration, &config::retention_settings::administration}}};

store::audit_record record_of_removal(std::string_view event, long long first, long long last,
                                      std::size_t count, instant now) {
    store::audit_record record;
    record.at = now;
    record.event = name_of(event::content_removed);
    record.result = "ok";
    record.detail_json = detail({{"event", event},
                                 {"from", std::to_string(first)},
                                 {"to", std::to_string(last)},
                                 {"count", std::to_string(count)}});
    return record;
}

}  // namespace

std::span<const retention_category> retention_categories() noexcept { return categories; }

result<std::size_t, store::store_error> retention::apply(store::store& memory,
                                                         const config::retention_settings& settings,
                                                         instant now) {
    std::size_t emptied = 0;
    for (const auto& category : categories) {
        const auto period = settings.*category.period;
        if (period.count() == 0) continue;  // for good
        for (const auto event : category.events) {
            auto& looked_at = looked_at_[event];
            long long last = 0;
            std::size_t count = 0;
            const auto done = memory.write_now([&](store::transaction& t) {
                std::tie(last, count) =
                    t.audit().remove_content(looked_at, event, now - period, why, bite);
                if (count > 0)
                    t.audit().append(record_of_removal(event, looked_at + 1, last, count, now));
            });
            if (!done) return done.error();
            if (last > 0) looked_at = last;
            emptied += count;
        }
    }
    return emptied;
}

}  // namespace kommpass::idp::audit
