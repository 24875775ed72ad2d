#pragma once

#include "idp/store/sqlite/counters.hpp"
#include "idp/store/sqlite/failure_report.hpp"
#include "idp/store/sqlite/transaction.hpp"
#include "idp/store/sqlite/unit_queue.hpp"
#include "idp/store/sqlite_store.hpp"

#include <thread>

namespace kommpass::idp::store::sqlite {

// The thread that reads. All work that waits shares one read transaction, which begins after the
// work came and so sees every write that was acknowledged before.
class reader {
public:
    reader(const std::filesystem::path& file, const sqlite_options&, counters&);
    ~reader();

    [[nodiscard]] unit_queue& queue() noexcept { return queue_; }
    [[nodiscard]] std::size_t waiting() const { return queue_.size(); }
    void stop();  // after all that waits is done

private:
    void run();
    void perform(unit&);

    const std::size_t largest_batch_;
    counters& counters_;
    failure_report report_;
    connection connection_;
    all_concerns transaction_;
    statement begin_;
    statement end_;
    unit_queue queue_;
    std::thread thread_;
};

}  // namespace kommpass::idp::store::sqlite
