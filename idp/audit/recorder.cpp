#include "idp/audit/recorder.hpp"

#include "config/vocabulary/clock.hpp"
#include "idp/audit/shared_append.hpp"
#include "idp/audit/unproven_records.hpp"
#include "idp/observe/log.hpp"
#include "idp/store/audit_log.hpp"

namespace kommpass::idp::audit {

store::audit_record recorder::record_of(const http::request& request, event kind,
                                        std::string_view result) const {
    store::audit_record record;
    record.at = time_.now();
    record.event = name_of(kind);
    record.result = result;
    record.request = request.id;
    record.address = request.peer.to_string();
    return record;
}

boost::asio::awaitable<bool> recorder::append(store::audit_record record) {
    if (!unproven_.lets_through(record)) co_return true;
    const auto event = record.event;
    const auto request = record.request;
    const bool durable = co_await append_.append(std::move(record));
    if (!durable) log_.error("audit.not_written", {{"event", event}, {"request", request}});
    co_return durable;
}

}  // namespace kommpass::idp::audit
