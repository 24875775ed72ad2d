#include "idp/audit/recording.hpp"

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
    auto work = [&record](store::transaction& t) { t.audit().append(record); };
    const auto done = co_await p.memory.write(work);
    if (!done)
        p.log.error("audit.not_written", {{"event", record.event}, {"request", record.request}});
    co_return done.has_value();
}

}  // namespace kommpass::idp::audit
