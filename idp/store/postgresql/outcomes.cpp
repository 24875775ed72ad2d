#include "idp/store/postgresql/outcomes.hpp"

#include "idp/store/postgresql/connection.hpp"
#include "idp/store/postgresql/pause.hpp"

#include <openssl/rand.h>

namespace kommpass::idp::store::postgresql {
namespace {

constexpr std::size_t id_size = 16;
#define NOW "(extract(epoch FROM clock_timestamp()) * 1000)::bigint"

}  // namespace

outcomes::outcomes(connection& on)
    : connection_(on),
      note_(on, "INSERT INTO tx_outcome (id, at, verdict) VALUES (?, " NOW ", 'kept')"),
      // It writes in either case: its own commit then waits for the standby, as the first one did.
      ask_(on, "INSERT INTO tx_outcome (id, at, verdict) VALUES (?, " NOW
               ", 'void')"
               " ON CONFLICT (id) DO UPDATE SET asked = tx_outcome.asked + 1 RETURNING verdict"),
      forget_(on,
              "DELETE FROM tx_outcome WHERE id IN (SELECT id FROM tx_outcome"
              " WHERE at < " NOW " - 3600000 ORDER BY at LIMIT 250)") {}

std::string outcomes::new_id() {
    std::string id(id_size, '\0');
    if (::RAND_bytes(reinterpret_cast<unsigned char*>(id.data()), static_cast<int>(id.size())) != 1)
        throw engine_failure("the machine gives no random numbers");
    return id;
}

void outcomes::begin(const std::string& id) { note_.send(sql::blob{id}); }

void outcomes::forget_old() { forget_.send(); }

verdict outcomes::decide(const std::string& id, std::chrono::milliseconds within) {
    const auto until = std::chrono::steady_clock::now() + within;
    for (int attempt = 0; std::chrono::steady_clock::now() < until; ++attempt) {
        try {
            if (attempt > 0) pause(attempt);
            connection_.open();
            connection_.queue("BEGIN ISOLATION LEVEL READ COMMITTED");
            std::string word;
            {
                auto answer = ask_.query(sql::blob{id});
                if (answer.next()) answer.read(word);
            }
            connection_.commit();
            return word == "kept" ? verdict::kept : verdict::void_;
        } catch (const engine_failure&) {
            // Whatever became of this question, it may be asked again.
        }
    }
    connection_.close();
    return verdict::undecided;
}

}  // namespace kommpass::idp::store::postgresql
