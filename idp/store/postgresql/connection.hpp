#pragma once

#include "idp/store/postgresql/address.hpp"
#include "idp/store/postgresql/failures.hpp"
#include "idp/store/sql/database.hpp"

#include <libpq-fe.h>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace kommpass::idp::store::postgresql {

// How long a connection waits. Every wait on the socket ends at one of these: then it is closed.
struct deadlines {
    std::chrono::milliseconds connecting{3'000};  // to one server; and for its first answers
    std::chrono::milliseconds answering{5'000};   // for everything that was sent together
    // The server's own, which end a statement before we give the connection up.
    std::chrono::milliseconds statement{4'000};
    std::chrono::milliseconds lock{3'000};
    std::chrono::milliseconds idle_in_transaction{2'000};
};

struct parameter {
    const char* data = nullptr;
    int size = 0;
    bool is_binary = true;  // false: decimal digits, with a zero byte behind them
};

class query_result {
public:
    query_result() = default;
    explicit query_result(PGresult* raw) : result_(raw) {}
    [[nodiscard]] PGresult* raw() const noexcept { return result_.get(); }
    [[nodiscard]] int rows() const noexcept { return PQntuples(result_.get()); }
    [[nodiscard]] std::string_view bytes(int row, int column) const;
    [[nodiscard]] long long integer(int row, int column) const;  // of a binary answer
    [[nodiscard]] long long changes() const;

private:
    struct clear {
        void operator()(PGresult* raw) const noexcept { PQclear(raw); }
    };
    std::unique_ptr<PGresult, clear> result_;
};

// One connection to the server that writes, for one thread. libpq works without blocking, in
// pipeline mode: what nobody needs the answer of is kept back and goes out with the next statement
// whose answer is needed. What it throws: failures.hpp, `std::invalid_argument`.
class connection final : public sql::database {
public:
    enum class use { writing, reading };

    // Opens nothing yet. `to` stays where it is.
    connection(const address& to, use, deadlines);
    ~connection() override;
    connection(const connection&) = delete;
    connection& operator=(const connection&) = delete;

    // Connects to the first server that takes writes, beginning with the one that did last time and
    // not waiting for any that says nothing; an open connection is closed before. Throws
    // `connection_lost` with what each one said.
    void open();
    void close() noexcept;
    [[nodiscard]] bool is_open() const noexcept { return handle_ != nullptr; }
    // Grows with each `open`: what was prepared before is gone.
    [[nodiscard]] unsigned generation() const noexcept { return generation_; }

    [[nodiscard]] std::unique_ptr<sql::prepared> prepare(const char* text) override;
    [[nodiscard]] instant shared_time(instant callers) override;

    // Carried out with the next exchange. `text` is a literal or stays until then.
    void queue(const char* text, const std::vector<parameter>& = {});
    // The same for a prepared statement, which is prepared first if `made_in` is not this
    // generation; sets it once the server has done that.
    void queue_prepared(const std::string& name, const std::string& text, unsigned& made_in,
                        const std::vector<parameter>&);
    // Sends what was queued and waits for the answers; gives the last one.
    query_result exchange();
    [[nodiscard]] bool has_queued() const noexcept { return !queued_.empty(); }

    // One statement outside of what was prepared, with its binary answer.
    query_result ask(const char* text, const std::vector<parameter>& = {});
    // Several statements at once, without parameters, outside of the pipeline; for migrations.
    // Waits for as long as `limit`.
    void execute(const char* statements, std::chrono::milliseconds limit);

    // Makes everything since BEGIN durable. Throws `unknown_outcome` where COMMIT was sent and its
    // success was not told, or told with a warning (a standby did not confirm).
    void commit();
    void roll_back() noexcept;

    // What is sent is carried out at once, so that what goes wrong is thrown where it was sent.
    void one_by_one(bool on) noexcept { one_by_one_ = on; }
    [[nodiscard]] bool is_one_by_one() const noexcept { return one_by_one_; }

    [[nodiscard]] const std::string& server_name() const noexcept { return server_name_; }
    // Whether somebody stands between us and the server (a pooler answers with a process id of its
    // own making).
    [[nodiscard]] bool is_through_pooler();

private:
    using clock = std::chrono::steady_clock;
    struct queued {
        const char* what;
        unsigned* made_in;  // of what this prepares; null: it prepares nothing
    };

    void begin_on(const server&, PGconn* let_in);
    void verify(clock::time_point until);
    void wait_for(bool readable, bool writable, clock::time_point until);
    void flush(clock::time_point until);
    query_result next_result(clock::time_point until);
    query_result simple(const char* statements, clock::time_point until);
    void take(const queued&, clock::time_point until, query_result& last, query_result& failed,
              const char*& failed_at);
    void sent(int ok, const char* what, unsigned* made_in);
    [[noreturn]] void fail(const query_result&, std::string_view doing);
    [[noreturn]] void lose(const std::string& why);
    static void on_notice(void* self, const PGresult*);

    const address& to_;
    const use use_;
    const deadlines deadlines_;
    PGconn* handle_ = nullptr;
    unsigned generation_ = 0;
    std::size_t last_server_ = 0;
    std::string server_name_;
    std::vector<queued> queued_;
    std::string warning_;  // the last one since it was emptied
    bool one_by_one_ = false;
};

}  // namespace kommpass::idp::store::postgresql
