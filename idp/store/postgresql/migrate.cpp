#include "idp/store/postgresql/migrate.hpp"

#include "idp/store/postgresql/connection.hpp"
#include "idp/store/postgresql/pause.hpp"

#include <string_view>

namespace kommpass::idp::store::postgresql {
namespace {

using std::chrono_literals::operator""min;

// The lock under which schemas are changed: "KOMP".
constexpr const char* take_lock = "SELECT pg_advisory_xact_lock(1263488336)";

constexpr const char* make_versions =
    "CREATE TABLE IF NOT EXISTS schema_version (number bigint PRIMARY KEY,"
    " name text COLLATE \"C\" NOT NULL, applied_at bigint NOT NULL,"
    " oldest_program bigint NOT NULL);"  // the last schema that it must know
    "COMMENT ON TABLE schema_version IS 'Kommpass'";

bool is_true(const query_result& answer, int column = 0) { return answer.integer(0, column) != 0; }

bool is_ours(connection& on) {
    return is_true(
        on.ask("SELECT coalesce(obj_description(to_regclass('schema_version'),"
               " 'pg_class') = 'Kommpass', false)"));
}

std::string wrong_with_rights(connection& on, bool needs_tables) {
    const auto role = on.ask(
        "SELECT current_user::text, coalesce(current_schema(), '')::text,"
        " coalesce(has_schema_privilege(current_schema(), 'CREATE'), false)");
    const std::string user(role.bytes(0, 0));
    const std::string schema(role.bytes(0, 1));
    if (schema.empty())
        return "the role " + user +
               " has no schema in its search_path: GRANT USAGE, CREATE ON "
               "SCHEMA public TO " +
               user;
    if (needs_tables && !is_true(role, 2))
        return "the role " + user + " may not make tables: GRANT CREATE ON SCHEMA " + schema +
               " TO " + user + ", or make it the database's owner";
    const auto tables = on.ask(
        "SELECT c.relname::text FROM pg_class c WHERE c.relkind = 'r' AND"
        " c.relnamespace = current_schema()::regnamespace AND NOT (has_table_privilege(c.oid,"
        " 'SELECT') AND has_table_privilege(c.oid, 'INSERT') AND has_table_privilege(c.oid,"
        " 'UPDATE') AND has_table_privilege(c.oid, 'DELETE')) ORDER BY 1 LIMIT 1");
    if (tables.rows() == 0) return {};
    return "the role " + user + " may not read and write the table " +
           std::string(tables.bytes(0, 0)) +
           ": GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES "
           "IN SCHEMA " +
           schema + " TO " + user;
}

bool apply_one(connection& on, const migration& one, long long works_with) {
    on.queue("BEGIN");
    on.queue("SET LOCAL lock_timeout = '1s'");
    on.queue("SET LOCAL statement_timeout = 0");
    on.queue("SET LOCAL idle_in_transaction_session_timeout = 0");
    on.ask(take_lock);
    const bool applied = is_ours(on) && schema_version(on) >= one.number;
    if (applied) {
        on.roll_back();
        return false;
    }
    on.execute(make_versions, 10min);
    on.execute(one.sql, 10min);
    const auto number = std::to_string(one.number);
    const auto oldest = std::to_string(works_with);
    on.queue(
        "INSERT INTO schema_version VALUES ($1, $2,"
        " (extract(epoch FROM clock_timestamp()) * 1000)::bigint, $3)",
        {{number.c_str(), 0, false},
         {one.name, static_cast<int>(std::string_view(one.name).size()), true},
         {oldest.c_str(), 0, false}});
    on.commit();
    return true;
}

}  // namespace

long long schema_version(connection& on) {
    if (!is_ours(on)) return 0;
    return on.ask("SELECT coalesce(max(number), 0) FROM schema_version").integer(0, 0);
}

std::string objection(connection& on, std::span<const migration> known) {
    const auto encoding = on.ask("SELECT current_setting('server_encoding')");
    if (encoding.bytes(0, 0) != "UTF8")
        return "has the encoding " + std::string(encoding.bytes(0, 0)) +
               "; make it anew: createdb --encoding=UTF8 --locale=C --template=template0 NAME";
    const auto newest = known.back().number;
    if (!is_ours(on)) {
        const auto other = on.ask(
            "SELECT relname::text FROM pg_class WHERE relkind = 'r' AND"
            " relnamespace = current_schema()::regnamespace ORDER BY 1 LIMIT 1");
        if (other.rows() > 0)
            return "holds another program's tables (" + std::string(other.bytes(0, 0)) +
                   "); give Kommpass a database of its own";
        return wrong_with_rights(on, true);
    }
    if (auto wrong = wrong_with_rights(on, false); !wrong.empty()) return wrong;
    const auto found = on.ask(
        "SELECT coalesce(max(number), 0), coalesce(max(oldest_program), 0) FROM schema_version");
    if (found.integer(0, 1) > newest)
        return "was brought up to date by a newer Kommpass (schema " +
               std::to_string(found.integer(0, 0)) + ", this program knows up to " +
               std::to_string(newest) + "); start that version or restore a backup";
    if (found.integer(0, 0) < newest) return wrong_with_rights(on, true);
    return {};
}

result<void, std::string> apply_missing(connection& on, std::span<const migration> known,
                                        const migration_course& course) {
    const auto until = std::chrono::steady_clock::now() + course.patience;
    long long works_with = 0;
    int attempt = 0;
    for (auto one = known.begin(); one != known.end();) {
        const bool expands = std::string_view(one->sql).starts_with("-- expand");
        if (!expands) works_with = one->number;
        try {
            const bool applied =
                schema_version(on) < one->number && apply_one(on, *one, works_with);
            if (applied && course.tell) course.tell(std::string("schema ") + one->name);
            ++one;
            attempt = 0;
        } catch (const conflict& failure) {
            on.roll_back();
            if (std::chrono::steady_clock::now() > until)
                return std::string("the schema cannot be changed to ") + one->name +
                       ": somebody holds its tables (" + failure.what() + ")";
            if (attempt == 0 && course.tell)
                course.tell(std::string("waits to change the schema to ") + one->name);
            pause(++attempt);
        } catch (const connection_lost&) {
            throw;
        } catch (const std::exception& failure) {
            on.roll_back();
            return std::string("the schema cannot be changed to ") + one->name + ": " +
                   failure.what();
        }
    }
    return {};
}

}  // namespace kommpass::idp::store::postgresql
