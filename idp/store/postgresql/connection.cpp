#include "idp/store/postgresql/connection.hpp"

#include "idp/store/postgresql/handshakes.hpp"
#include "idp/store/postgresql/prepared_statement.hpp"

#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>

namespace kommpass::idp::store::postgresql {
namespace {

std::string_view field(const PGresult* result, int which) {
    const char* value = PQresultErrorField(result, which);
    return value == nullptr ? std::string_view() : std::string_view(value);
}

std::string set(const char* name, std::chrono::milliseconds value) {
    return std::string("SET ") + name + " = " + std::to_string(value.count()) + ";";
}

}  // namespace

connection::connection(const address& to, use what_for, deadlines limits)
    : to_(to), use_(what_for), deadlines_(limits) {}

connection::~connection() { close(); }

void connection::close() noexcept {
    if (handle_ != nullptr) PQfinish(handle_);
    handle_ = nullptr;
    queued_.clear();
}

void connection::lose(const std::string& why) {
    close();
    throw connection_lost("PostgreSQL at " + server_name_ + ": " + one_line(why));
}

void connection::open() {
    close();
    handshakes door(to_, last_server_, deadlines_.connecting);
    while (auto in = door.next()) {
        try {
            begin_on(to_.servers[in->server], in->handle.release());
            last_server_ = in->server;
            ++generation_;
            return;
        } catch (const engine_failure& failure) {
            close();
            door.add_refusal(failure.what());
        }
    }
    throw connection_lost(door.refused());
}

void connection::begin_on(const server& one, PGconn* let_in) {
    handle_ = let_in;
    server_name_ = one.name;
    PQsetNoticeReceiver(handle_, &connection::on_notice, this);
    if (PQsetnonblocking(handle_, 1) != 0) lose(PQerrorMessage(handle_));
    verify(clock::now() + deadlines_.connecting);
    if (PQenterPipelineMode(handle_) != 1) lose(PQerrorMessage(handle_));
}

void connection::verify(clock::time_point until) {
    const auto settings =
        set("statement_timeout", deadlines_.statement) + set("lock_timeout", deadlines_.lock) +
        set("idle_in_transaction_session_timeout", deadlines_.idle_in_transaction) +
        "SET client_connection_check_interval = 2000;"
        "SET bytea_output = 'hex'; SET jit = off;"
        "SELECT pg_is_in_recovery() OR current_setting('transaction_read_only')"
        " = 'on', current_setting('synchronous_commit') NOT IN ('on', 'remote_apply')";
    const auto state = simple(settings.c_str(), until);
    if (state.bytes(0, 0) == "t") lose("takes no writes (a standby, or read-only)");
    // A commit is acknowledged once it is on disk, and with a standby there: never weaker.
    if (state.bytes(0, 1) == "t") simple("SET synchronous_commit = on", until);
}

void connection::wait_for(bool readable, bool writable, clock::time_point until) {
    pollfd one{PQsocket(handle_), 0, 0};
    one.events = static_cast<short>((readable ? POLLIN : 0) | (writable ? POLLOUT : 0));
    for (;;) {
        const auto left =
            std::chrono::ceil<std::chrono::milliseconds>(until - clock::now()).count();
        if (left <= 0) lose("no answer in time");
        const int ready = ::poll(&one, 1, static_cast<int>(left));
        if (ready > 0) return;
        if (ready < 0 && errno != EINTR) lose(std::strerror(errno));
    }
}

// While the server does not read because we do not, neither would go on: so both ways.
void connection::flush(clock::time_point until) {
    for (int left = PQflush(handle_); left != 0; left = PQflush(handle_)) {
        if (left < 0) lose(PQerrorMessage(handle_));
        wait_for(true, true, until);
        if (PQconsumeInput(handle_) != 1) lose(PQerrorMessage(handle_));
    }
}

query_result connection::next_result(clock::time_point until) {
    while (PQisBusy(handle_) == 1) {
        wait_for(true, false, until);
        if (PQconsumeInput(handle_) != 1 && PQisBusy(handle_) == 1) lose(PQerrorMessage(handle_));
    }
    return query_result(PQgetResult(handle_));
}

void connection::fail(const query_result& result, std::string_view doing) {
    const std::string state(field(result.raw(), PG_DIAG_SQLSTATE));
    auto kind = kind_of(state, use_ == use::reading);
    std::string words = state.empty() ? PQresultErrorMessage(result.raw())
                                      : std::string(field(result.raw(), PG_DIAG_MESSAGE_PRIMARY));
    if (PQstatus(handle_) == CONNECTION_BAD) kind = failure_kind::connection_lost;
    words = one_line(words) + " (" + state + ") at: " + std::string(doing.substr(0, 80));
    if (kind == failure_kind::connection_lost) lose(words);
    throw_failure(kind, "PostgreSQL: " + words);
}

query_result connection::simple(const char* statements, clock::time_point until) {
    if (PQsendQuery(handle_, statements) != 1) lose(PQerrorMessage(handle_));
    flush(until);
    query_result last;
    query_result failed;
    for (;;) {
        auto one = next_result(until);
        if (one.raw() == nullptr) break;
        const auto status = PQresultStatus(one.raw());
        if (status == PGRES_FATAL_ERROR)
            failed = std::move(one);
        else
            last = std::move(one);
    }
    if (failed.raw() != nullptr) fail(failed, statements);
    return last;
}

void connection::execute(const char* statements, std::chrono::milliseconds limit) {
    if (PQexitPipelineMode(handle_) != 1) lose(PQerrorMessage(handle_));
    try {
        simple(statements, clock::now() + limit);
    } catch (...) {
        if (is_open()) PQenterPipelineMode(handle_);
        throw;
    }
    if (PQenterPipelineMode(handle_) != 1) lose(PQerrorMessage(handle_));
}

void connection::sent(int ok, const char* what, unsigned* made_in) {
    if (ok != 1) lose(PQerrorMessage(handle_));
    queued_.push_back({what, made_in});
}

namespace {

struct arrays {
    explicit arrays(const std::vector<parameter>& all) {
        for (const auto& one : all) {
            values.push_back(one.data);
            sizes.push_back(one.size);
            formats.push_back(one.is_binary ? 1 : 0);
        }
    }
    [[nodiscard]] int count() const noexcept { return static_cast<int>(values.size()); }
    std::vector<const char*> values;
    std::vector<int> sizes;
    std::vector<int> formats;
};

}  // namespace

void connection::queue(const char* text, const std::vector<parameter>& parameters) {
    if (!is_open()) lose("not connected");
    const arrays its(parameters);
    sent(PQsendQueryParams(handle_, text, its.count(), nullptr, its.values.data(), its.sizes.data(),
                           its.formats.data(), 1),
         text, nullptr);
}

void connection::queue_prepared(const std::string& name, const std::string& text, unsigned& made_in,
                                const std::vector<parameter>& parameters) {
    if (!is_open()) lose("not connected");
    if (made_in != generation_) {
        sent(PQsendPrepare(handle_, name.c_str(), text.c_str(), 0, nullptr), text.c_str(),
             &made_in);
        made_in = generation_;
    }
    const arrays its(parameters);
    sent(PQsendQueryPrepared(handle_, name.c_str(), its.count(), its.values.data(),
                             its.sizes.data(), its.formats.data(), 1),
         text.c_str(), nullptr);
}

void connection::take(const queued& one, clock::time_point until, query_result& last,
                      query_result& failed, const char*& failed_at) {
    auto answer = next_result(until);
    if (answer.raw() == nullptr) lose("an answer is missing");
    const auto status = PQresultStatus(answer.raw());
    const bool done = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
    if (!done && one.made_in != nullptr) *one.made_in = 0;  // the server did not prepare it
    if (done)
        last = std::move(answer);
    else if (status == PGRES_FATAL_ERROR && failed.raw() == nullptr) {
        failed = std::move(answer);
        failed_at = one.what;
    }
    while (next_result(until).raw() != nullptr) {
    }
}

query_result connection::exchange() {
    if (!is_open()) lose("not connected");
    const auto until = clock::now() + deadlines_.answering;
    if (PQpipelineSync(handle_) != 1) lose(PQerrorMessage(handle_));
    const auto sent_together = std::exchange(queued_, {});
    query_result last;
    query_result failed;
    const char* failed_at = "";
    try {
        flush(until);
        for (const auto& one : sent_together) take(one, until, last, failed, failed_at);
        const auto synchronised = next_result(until);
        if (PQresultStatus(synchronised.raw()) != PGRES_PIPELINE_SYNC && failed.raw() == nullptr)
            lose("the answers are out of step");
    } catch (const connection_lost&) {
        // What the server said before it went (57P01) says more than the end of its connection.
        if (failed.raw() == nullptr) throw;
        throw connection_lost("PostgreSQL at " + server_name_ + ": " +
                              one_line(field(failed.raw(), PG_DIAG_MESSAGE_PRIMARY)));
    }
    if (failed.raw() != nullptr) fail(failed, failed_at);
    return last;
}

query_result connection::ask(const char* text, const std::vector<parameter>& parameters) {
    queue(text, parameters);
    return exchange();
}

void connection::commit() {
    warning_.clear();
    queue("COMMIT");
    query_result answer;
    try {
        answer = exchange();
    } catch (const connection_lost& failure) {
        throw unknown_outcome(failure.what());
    }
    if (!warning_.empty()) {
        const auto words = "PostgreSQL at " + server_name_ + " at COMMIT: " + warning_;
        close();
        throw unknown_outcome(words);
    }
    // What the server says where the transaction had failed before.
    if (std::string_view(PQcmdStatus(answer.raw())) != "COMMIT")
        throw engine_failure("PostgreSQL rolled back instead of committing");
}

void connection::roll_back() noexcept {
    // What was kept back goes out before it, and may fail: then once more without that.
    for (int attempt = 0; is_open(); ++attempt) {
        try {
            queue("ROLLBACK");
            exchange();
            return;
        } catch (const std::exception&) {
            if (attempt > 0) close();
        }
    }
}

bool connection::is_through_pooler() {
    const auto answer = ask("SELECT pg_backend_pid()::bigint");
    return answer.integer(0, 0) != PQbackendPID(handle_);
}

instant connection::shared_time(instant) {
    const auto answer = ask("SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint");
    return instant(std::chrono::milliseconds(answer.integer(0, 0)));
}

std::unique_ptr<sql::prepared> connection::prepare(const char* text) {
    return std::make_unique<prepared_statement>(*this, text);
}

void connection::on_notice(void* self, const PGresult* notice) {
    if (field(notice, PG_DIAG_SEVERITY_NONLOCALIZED) != "WARNING") return;
    static_cast<connection*>(self)->warning_ = field(notice, PG_DIAG_MESSAGE_PRIMARY);
}

std::string_view query_result::bytes(int row, int column) const {
    if (PQgetisnull(result_.get(), row, column) == 1) return {};
    return {PQgetvalue(result_.get(), row, column),
            static_cast<std::size_t>(PQgetlength(result_.get(), row, column))};
}

// Big-endian, of the width of its type: boolean, int2, int4, int8.
long long query_result::integer(int row, int column) const {
    const auto raw = bytes(row, column);
    if (raw.empty()) return 0;
    auto value = static_cast<unsigned long long>(
        raw.size() > 1 && (static_cast<unsigned char>(raw.front()) & 0x80U) != 0 ? -1LL : 0LL);
    for (const char byte : raw) value = value << 8U | static_cast<unsigned char>(byte);
    return static_cast<long long>(value);
}

long long query_result::changes() const {
    const std::string_view digits = PQcmdTuples(result_.get());
    long long count = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), count);
    return count;
}

}  // namespace kommpass::idp::store::postgresql
