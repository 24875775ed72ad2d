#include "idp/audit/recording.hpp"

#include "idp/audit/shared_append.hpp"
#include "idp/observe/log.hpp"

namespace kommpass::idp::audit {

store::audit_record record_of(const provider& p, const http::request& request, event kind,
                              std::string_view result) {
    store::audit_record record;
    record.at = p.time.now();
    record.event = name_of(kind);
    record.result = result;
    record.request = request.id;
    record.address = request.peer.to_string();
    return record;
}

boost::asio::awaitable<bool> append(provider& p, store::audit_record record) {
    const auto event = record.event;
    const auto request = record.request;
    const bool durable = co_await p.audit.append(std::move(record));
    if (!durable) p.log.error("audit.not_written", {{"event", event}, {"request", request}});
    co_return durable;
}

}  // namespace kommpass::idp::audit
