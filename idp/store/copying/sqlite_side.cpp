#include "idp/store/copying/side.hpp"
#include "idp/store/sqlite/connection.hpp"
#include "idp/store/sqlite/migrate.hpp"

#include <filesystem>

namespace kommpass::idp::store::copying {
namespace {

constexpr std::chrono::milliseconds busy_timeout{5'000};

// The source is held by a second connection that has begun to write: other writers wait behind it,
// and the copy reads past it.
class sqlite_side final : public side {
public:
    explicit sqlite_side(const std::filesystem::path& file)
        : file_(file), connection_(file, busy_timeout) {
        connection_.execute("PRAGMA synchronous = FULL; PRAGMA secure_delete = ON");
    }

    sql::database& on() override { return connection_; }
    [[nodiscard]] bool is_postgresql() const override { return false; }

    void hold() override {
        holder_ = std::make_unique<sqlite::connection>(file_, busy_timeout);
        holder_->execute("BEGIN IMMEDIATE");
    }
    void begin() override { connection_.execute("BEGIN IMMEDIATE"); }
    void commit() override { connection_.execute("COMMIT"); }

    std::string mark() override {
        if (connection_.integer("SELECT count(*) FROM sqlite_master WHERE name = 'store_copy'") ==
            0)
            return {};
        std::string source;
        sql::statement read(connection_, "SELECT source FROM store_copy");
        auto answer = read.query();
        if (answer.next()) answer.read(source);
        return source;
    }
    void set_mark(const std::string& source) override {
        connection_.execute("CREATE TABLE store_copy (source TEXT PRIMARY KEY) STRICT");
        sql::statement(connection_, "INSERT INTO store_copy VALUES (?)")
            .send(std::string_view(source));
    }
    void remove_mark() override { connection_.execute("DROP TABLE store_copy"); }

    long long last_number(const table& of) override {
        // Only such a table remembers numbers of rows that are gone.
        sql::statement read(connection_, "SELECT seq FROM sqlite_sequence WHERE name = ?");
        long long number = 0;
        auto answer = read.query(std::string_view(of.name));
        if (answer.next()) answer.read(number);
        return number;
    }
    void go_on_behind(const table& of, long long number) override {
        if (of.name != "outbox" || number == 0) return;
        sql::statement(connection_, "DELETE FROM sqlite_sequence WHERE name = ?")
            .send(std::string_view(of.name));
        sql::statement(connection_, "INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)")
            .send(std::string_view(of.name), number);
    }

private:
    std::filesystem::path file_;
    sqlite::connection connection_;
    std::unique_ptr<sqlite::connection> holder_;
};

long long version_of(sqlite::connection& on) {
    return on.integer("SELECT coalesce(max(number), 0) FROM schema_version");
}

}  // namespace

std::unique_ptr<side> open_sqlite_side(const std::string& name, bool is_target) {
    const std::filesystem::path file(name);
    const auto known = sqlite::known_migrations();
    const auto quoted = "the store " + name + " ";
    if (is_target) {
        if (auto ready = sqlite::prepare_file(file, busy_timeout, known); !ready)
            throw refusal(ready.error());
        return std::make_unique<sqlite_side>(file);
    }
    std::error_code error;
    if (!std::filesystem::exists(file, error)) throw refusal(quoted + "is not there");
    {
        sqlite::connection on(file, sqlite::look_only{});
        const auto newest = known.back().number;
        if (auto wrong = sqlite::objection(on, newest); !wrong.empty())
            throw refusal(quoted + wrong);
        if (version_of(on) != newest)
            throw refusal(quoted +
                          "was written by an older Kommpass; start this one on it once, "
                          "which brings it up to date");
    }
    return std::make_unique<sqlite_side>(file);
}

}  // namespace kommpass::idp::store::copying
