#include "idp/store/postgresql/pooler.hpp"

namespace kommpass::idp::store::postgresql {
namespace {

constexpr const char* which = "SELECT pg_backend_pid()::bigint";

}  // namespace

// While the other one is inside a transaction it holds the server that it was given. In session
// mode that was never ours, and ours stays the same.
std::string objection_to_pooler(connection& on, const address& to, deadlines limits) {
    if (!on.is_through_pooler()) return {};
    const std::string refusal =
        "is reached through a pooler that changes connections between transactions; set pool_mode "
        "= session (pgbouncer.ini), or name the server itself in [store] url";
    try {
        connection other(to, connection::use::reading, limits);
        const auto ours = on.ask(which).integer(0, 0);
        other.open();
        other.queue("BEGIN");
        const auto others = other.ask(which).integer(0, 0);
        const auto still_ours = on.ask(which).integer(0, 0);
        other.roll_back();
        return ours == others || ours != still_ours ? refusal : std::string();
    } catch (const connection_lost&) {
        throw;
    } catch (const std::exception&) {
        return refusal;  // pool_mode = statement takes no BEGIN
    }
}

}  // namespace kommpass::idp::store::postgresql
