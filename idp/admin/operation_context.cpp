#include "idp/admin/operation_context.hpp"

#include "idp/admin/actor.hpp"
#include "idp/audit/events.hpp"
#include "idp/store/audit_log.hpp"
#include "idp/store/store.hpp"
#include "idp/store/transaction.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace kommpass::idp::admin {

store::audit_record record_of(
    const operation_context& at, const std::string& actor, audit::event kind,
    std::string_view result,
    std::initializer_list<std::pair<std::string_view, std::string_view>> fields) {
    constexpr std::size_t longest_value = 300;
    store::audit_record record;
    record.at = at.time.now();
    record.event = audit::name_of(kind);
    record.result = result;
    record.request = at.request;
    record.address = at.address;
    boost::json::object detail;
    detail["who"] = actor;
    for (const auto& [name, value] : fields) detail[name] = value.substr(0, longest_value);
    record.detail_json = boost::json::serialize(detail);
    return record;
}

boost::asio::awaitable<void> note_refused(operation_context& at, const actor& who,
                                          std::string_view code, std::string what) {
    if (who.is_host()) co_return;
    auto record = record_of(at, who.id(), audit::event::access_refused, code, {{"what", what}});
    record.person = who.person();
    record.member = who.member();
    auto write = [&record](store::transaction& t) { t.audit().append(record); };
    (void)co_await at.memory.write(write);
}

}  // namespace kommpass::idp::admin
