#include "idp/store/copying/side.hpp"
#include "idp/store/postgresql/connection.hpp"
#include "idp/store/postgresql/copy_mark.hpp"
#include "idp/store/postgresql/migrate.hpp"
#include "idp/store/postgresql/pooler.hpp"

namespace kommpass::idp::store::copying {
namespace {

namespace pg = postgresql;

// A page of a big table may take a while, and the holder stays inside a transaction all the time.
pg::deadlines patient() {
    pg::deadlines limits;
    limits.answering = std::chrono::minutes(10);
    limits.statement = std::chrono::minutes(9);
    limits.idle_in_transaction = std::chrono::milliseconds(0);  // none
    return limits;
}

class postgresql_side final : public side {
public:
    explicit postgresql_side(pg::address to)
        : address_(std::move(to)), connection_(address_, pg::connection::use::writing, patient()) {
        connection_.open();
    }

    sql::database& on() override { return connection_; }
    [[nodiscard]] bool is_postgresql() const override { return true; }
    pg::connection& connected() { return connection_; }
    [[nodiscard]] const pg::address& where() const { return address_; }

    // Every node that writes locks this row first.
    void hold() override {
        holder_ =
            std::make_unique<pg::connection>(address_, pg::connection::use::writing, patient());
        holder_->open();
        holder_->queue("BEGIN");
        holder_->ask("SELECT 1 FROM writer_turn WHERE one = 1 FOR UPDATE");
    }
    void begin() override { connection_.queue("BEGIN ISOLATION LEVEL READ COMMITTED"); }
    void commit() override { connection_.commit(); }

    std::string mark() override {
        if (pg::objection_to_copy(connection_).empty()) return {};
        const auto answer = connection_.ask("SELECT source FROM store_copy");
        return answer.rows() == 0 ? std::string() : std::string(answer.bytes(0, 0));
    }
    void set_mark(const std::string& source) override {
        connection_.queue("CREATE TABLE store_copy (source text COLLATE \"C\" PRIMARY KEY)");
        sql::statement(connection_, "INSERT INTO store_copy VALUES (?)")
            .run(std::string_view(source));
    }
    void remove_mark() override { connection_.queue("DROP TABLE store_copy"); }

    long long last_number(const table& of) override {
        const auto text =
            "SELECT coalesce(max(last_value), 0)::bigint FROM pg_sequences WHERE"
            " schemaname = current_schema() AND sequencename = '" +
            of.name + "_" + of.columns[of.key.front()].name + "_seq'";
        return connection_.ask(text.c_str()).integer(0, 0);
    }
    void go_on_behind(const table& of, long long number) override {
        if (number == 0) return;
        const auto text = "SELECT setval(pg_get_serial_sequence('" + of.name + "', '" +
                          of.columns[of.key.front()].name + "'), " + std::to_string(number) + ")";
        connection_.ask(text.c_str());
    }

private:
    const pg::address address_;
    pg::connection connection_;
    std::unique_ptr<pg::connection> holder_;
};

}  // namespace

std::unique_ptr<side> open_postgresql_side(const std::string& url, bool is_target) {
    auto to = pg::read_address(url);
    if (!to) throw refusal(to.error());
    const auto quoted = "the store " + to->shown + " ";
    auto made = std::make_unique<postgresql_side>(std::move(*to));
    auto& on = made->connected();
    const auto known = pg::known_migrations();
    if (auto wrong = pg::objection(on, known); !wrong.empty()) throw refusal(quoted + wrong);
    if (auto wrong = pg::objection_to_pooler(on, made->where(), patient()); !wrong.empty())
        throw refusal(quoted + wrong);
    if (!is_target && pg::schema_version(on) != known.back().number)
        throw refusal(quoted +
                      "was written by an older Kommpass; start this one on it once, which "
                      "brings it up to date");
    if (!is_target) {
        if (auto wrong = pg::objection_to_copy(on); !wrong.empty()) throw refusal(quoted + wrong);
    } else if (auto applied = pg::apply_missing(on, known); !applied) {
        throw refusal(quoted + "cannot be used: " + applied.error());
    }
    return made;
}

}  // namespace kommpass::idp::store::copying
