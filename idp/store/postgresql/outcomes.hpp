#pragma once

#include "idp/store/sql/statement.hpp"

#include <chrono>
#include <string>

namespace kommpass::idp::store::postgresql {

class connection;

enum class verdict { kept, void_, undecided };

// What became of a transaction whose COMMIT nobody answered. Each transaction that writes puts a
// random id into `tx_outcome` before anything else. Whoever does not know tries to put the same id
// there as void: the unique index lets that wait until the other transaction has ended, and then
// either the id is there (it was committed) or ours is (it never will be).
class outcomes {
public:
    explicit outcomes(connection& on);

    // First in an open transaction.
    void begin(const std::string& id);

    // On a fresh connection to the server that writes, again and again until it is decided or the
    // time is over. The decision is as durable as a commit, and comes only once a standby that is
    // waited for has it too. Leaves the connection open and outside of a transaction, or closed.
    verdict decide(const std::string& id, std::chrono::milliseconds within);

    // Removes old ids, a few at a time, inside an open transaction.
    void forget_old();

    [[nodiscard]] static std::string new_id();

private:
    connection& connection_;
    sql::statement note_;
    sql::statement ask_;
    sql::statement forget_;
};

}  // namespace kommpass::idp::store::postgresql
