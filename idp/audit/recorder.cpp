#include "idp/audit/recorder.hpp"

#include "config/vocabulary/clock.hpp"
#include "idp/audit/events.hpp"
#include "idp/audit/shared_append.hpp"
#include "idp/audit/unproven_records.hpp"
#include "idp/http/request.hpp"
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
    note(durable, event, request);
    co_return durable;
}

// A full disk refuses every record: said once with the first of them, and at its end how many.
void recorder::note(bool durable, std::string_view event, std::string_view request) {
    if (durable && lost_ > 0)
        log_.warning("audit.written_again", {{"not_written", static_cast<long long>(lost_)}});
    if (!durable && lost_ == 0)
        log_.error("audit.not_written", {{"event", event}, {"request", request}});
    lost_ = durable ? 0 : lost_ + 1;
}

}  // namespace kommpass::idp::audit
