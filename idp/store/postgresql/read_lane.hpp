#pragma once

#include "idp/store/engine/counters.hpp"
#include "idp/store/engine/failure_report.hpp"
#include "idp/store/engine/unit_queue.hpp"
#include "idp/store/postgresql/connection.hpp"
#include "idp/store/postgresql_store.hpp"
#include "idp/store/sql/transaction.hpp"

#include <thread>

namespace kommpass::idp::store::postgresql {

// One of the threads that read, with a connection of its own. What it takes together shares one
// snapshot, taken after the work came: a read sees every write acknowledged before. A read that
// met a connection's end is done once more on a fresh one.
class read_lane {
public:
    read_lane(unsigned number, const address&, const postgresql_options&, engine::unit_queue&,
              engine::counters&, engine::failure_report&);
    ~read_lane() { join(); }

    void join();  // once the queue is closed

private:
    void run();
    void serve(const engine::units&);
    std::optional<store_error> perform(unit&);
    void begin();
    void end();

    const postgresql_options& options_;
    engine::unit_queue& queue_;
    engine::counters& counters_;
    engine::failure_report& report_;
    connection connection_;
    sql::all_concerns transaction_;
    bool in_transaction_ = false;
    int failed_in_a_row_ = 0;
    std::thread thread_;
};

}  // namespace kommpass::idp::store::postgresql
