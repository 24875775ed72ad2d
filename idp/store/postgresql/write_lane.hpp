#pragma once

#include "idp/store/engine/counters.hpp"
#include "idp/store/engine/failure_report.hpp"
#include "idp/store/engine/unit_queue.hpp"
#include "idp/store/postgresql/connection.hpp"
#include "idp/store/postgresql/outcomes.hpp"
#include "idp/store/postgresql_store.hpp"
#include "idp/store/sql/statement.hpp"
#include "idp/store/sql/transaction.hpp"

#include <string>
#include <thread>
#include <vector>

namespace kommpass::idp::store::postgresql {

// One of the threads that write, with a connection of its own.
//
//     something waits -> BEGIN, outcome id, the turn -> take all that waits -> perform -> COMMIT
//
// The turn is a row that each writing transaction of every node locks first: so they run one after
// another, as a unit of work may expect (docs/decisions/0045), and what arrives while a lane waits
// for its turn goes into its commit. A second lane prepares while the first one commits.
class write_lane {
public:
    write_lane(unsigned number, const address&, const postgresql_options&, engine::unit_queue&,
               engine::counters&, engine::failure_report&);
    ~write_lane() { join(); }

    void join();  // once the queue is closed

private:
    enum class how { together, apart };

    void run();
    void serve();
    bool get_turn();
    void begin();
    void look_after_undecided();
    void commit_batch();
    bool attempt(how&, int& again, std::optional<store_error>& error);
    bool after_unknown(const unknown_outcome&, int& again, std::optional<store_error>& error);
    void perform_together();
    void perform_apart();
    void finish_all(std::optional<store_error>);

    const postgresql_options& options_;
    engine::unit_queue& queue_;
    engine::counters& counters_;
    engine::failure_report& report_;
    connection connection_;
    sql::all_concerns transaction_;
    outcomes outcomes_;
    sql::statement turn_;
    std::string id_;                      // of the transaction that is open
    std::vector<std::string> undecided_;  // of batches that were answered as failed
    engine::units batch_;
    std::vector<bool> undone_;  // by place in the batch; empty: none
    int failed_in_a_row_ = 0;
    unsigned commits_ = 0;
    std::thread thread_;
};

}  // namespace kommpass::idp::store::postgresql
