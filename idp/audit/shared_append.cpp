#include "idp/audit/shared_append.hpp"

#include "idp/store/audit_log.hpp"
#include "idp/store/transaction.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include "idp/store/store.hpp"

namespace kommpass::idp::audit {

using boost::asio::awaitable;

struct shared_append::batch {
    explicit batch(boost::asio::io_context& io)
        : done(io, boost::asio::steady_timer::time_point::max()) {}
    std::vector<store::audit_record> records;
    boost::asio::steady_timer done;
    bool durable = false;
};

awaitable<bool> shared_append::append(store::audit_record record) {
    if (!next_) next_ = std::make_shared<batch>(io_);
    const auto own = next_;
    own->records.push_back(std::move(record));
    if (!writing_) {
        writing_ = true;
        boost::asio::co_spawn(io_, write_until_empty(), boost::asio::detached);
    }
    boost::system::error_code woken;
    co_await own->done.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, woken));
    co_return own->durable;
}

awaitable<void> shared_append::write_until_empty() {
    while (next_) {
        const auto current = std::exchange(next_, nullptr);
        auto work = [&current](store::transaction& t) {
            for (const auto& record : current->records) t.audit().append(record);
        };
        const auto written = co_await memory_.write(work);
        current->durable = written.has_value();
        current->done.cancel();
    }
    writing_ = false;
}

}  // namespace kommpass::idp::audit
