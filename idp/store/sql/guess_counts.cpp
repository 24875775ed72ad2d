#include "idp/store/sql/guess_counts.hpp"

#include "idp/store/sql/transaction.hpp"

#include <algorithm>
#include <stdexcept>

#define GUESS_COLUMNS                                                                           \
    "name, wrong, wrong_of_known, running, last_wrong, last_of_known, last_reserved, began_at," \
    " kept_until, version"

namespace kommpass::idp::store {

guess_count_store& guess_counts(transaction& t) {
    return dynamic_cast<sql::all_concerns&>(t).guess_counts();
}

}  // namespace kommpass::idp::store

namespace kommpass::idp::store::sql {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t longest_name = 64;

std::optional<milliseconds> since(instant then, instant now) {
    if (then == instant{}) return std::nullopt;
    return std::max(std::chrono::duration_cast<milliseconds>(now - then), milliseconds(0));
}

}  // namespace

guess_counts::guess_counts(database& on)
    : on_(on),
      version_(on,
               "INSERT INTO guess_version (name, version) VALUES ('all', 1) ON CONFLICT (name)"
               " DO UPDATE SET version = guess_version.version + 1 RETURNING version"),
      find_(on, "SELECT " GUESS_COLUMNS " FROM guess_count WHERE name = ?"),
      put_(on, "INSERT INTO guess_count (" GUESS_COLUMNS
               ") VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10) ON CONFLICT (name) DO UPDATE SET"
               " wrong = ?2, wrong_of_known = ?3, running = ?4, last_wrong = ?5,"
               " last_of_known = ?6, last_reserved = ?7, began_at = ?8, kept_until = ?9,"
               " version = ?10"),
      changed_(on, "SELECT " GUESS_COLUMNS
                   " FROM guess_count WHERE version > ? ORDER BY version LIMIT ?"),
      seen_(on,
            "INSERT INTO node (name, seen_at) VALUES (?1, ?2)"
            " ON CONFLICT (name) DO UPDATE SET seen_at = ?2"),
      left_(on, "DELETE FROM node WHERE name = ?"),
      beside_(on, "SELECT name FROM node WHERE name <> ? AND seen_at > ? LIMIT 1000"),
      forget_nodes_(on, "DELETE FROM node WHERE seen_at < ?") {}

long long guess_counts::next_version() {
    auto answer = version_.query();
    long long version = 0;
    while (answer.next()) answer.read(version);
    return version;
}

guess_counts::row guess_counts::read(rows& from) {
    row r;
    from.read(r.name, r.wrong, r.wrong_of_known, r.running, r.last_wrong, r.last_of_known,
              r.last_reserved, r.began_at, r.kept_until, r.version);
    return r;
}

void guess_counts::bring_up_to_date(row& of, instant shared_now,
                                    std::optional<std::chrono::seconds> kept_for) {
    if (kept_for && of.last_wrong + *kept_for <= shared_now) of.wrong = of.wrong_of_known = 0;
    if (of.running > 0 && of.last_reserved + longest_reservation <= shared_now) {
        of.wrong += of.running;
        of.running = 0;
        of.last_wrong = std::max(of.last_wrong, of.last_reserved);
    }
    if (of.kept_until > shared_now) return;
    of = {.name = std::move(of.name), .began_at = shared_now, .version = of.version};
}

guess_count guess_counts::told(const row& of, instant shared_now) {
    return {of.name,
            of.wrong,
            of.wrong_of_known,
            of.running,
            since(of.last_wrong, shared_now),
            since(of.last_of_known, shared_now),
            since(of.began_at, shared_now).value_or(milliseconds(0))};
}

guess_counts::row guess_counts::current(std::string_view name, instant shared_now,
                                        std::optional<std::chrono::seconds> kept_for) {
    auto answer = find_.query(blob{name});
    row found;
    found.name = std::string(name);
    while (answer.next()) found = read(answer);
    bring_up_to_date(found, shared_now, kept_for);
    return found;
}

guess_count guess_counts::add(const guess_difference& d, instant shared_now, long long version) {
    if (d.name.empty() || d.name.size() > longest_name || d.kept_for.count() <= 0)
        throw std::invalid_argument("a count without a name or a time");
    auto r = current(d.name, shared_now, d.kept_for);
    const bool was_nothing = r.wrong == 0 && r.running == 0;
    r.wrong = std::max(r.wrong + d.wrong, 0LL);
    r.wrong_of_known = std::clamp(r.wrong_of_known + d.wrong_of_known, 0LL, r.wrong);
    r.running = std::max(r.running + d.running, 0LL);
    if (d.since_wrong) r.last_wrong = std::max(r.last_wrong, shared_now - *d.since_wrong);
    if (d.since_of_known)
        r.last_of_known = std::max(r.last_of_known, shared_now - *d.since_of_known);
    if (d.running > 0) r.last_reserved = shared_now;
    if (was_nothing) r.began_at = shared_now;
    r.kept_until = std::max<instant>(r.kept_until, shared_now + d.kept_for);
    r.version = version;
    put_.send(blob{r.name}, r.wrong, r.wrong_of_known, r.running, r.last_wrong, r.last_of_known,
              r.last_reserved, r.began_at, r.kept_until, r.version);
    return told(r, shared_now);
}

guess_count guess_counts::find(std::string_view name, instant shared_now) {
    return told(current(name, shared_now), shared_now);
}

guess_counts_seen guess_counts::changed_since(long long version, std::size_t limit,
                                              instant shared_now) {
    guess_counts_seen seen{{}, version};
    auto answer = changed_.query(version, static_cast<long long>(limit));
    while (answer.next()) {
        auto r = read(answer);
        // The last unit of a full page may go on behind it: from its beginning the next time.
        seen.version = seen.rows.size() + 1 == limit ? std::max(r.version - 1, version) : r.version;
        bring_up_to_date(r, shared_now);
        seen.rows.push_back(told(r, shared_now));
    }
    return seen;
}

void guess_counts::node_lives_on(std::string_view node, instant shared_now) {
    seen_.send(node, shared_now);
    forget_nodes_.send(shared_now - 2 * node_lives);
}

void guess_counts::node_left(std::string_view node) { left_.send(node); }

std::vector<std::string> guess_counts::nodes_beside(std::string_view node, instant shared_now) {
    const instant seen_after = shared_now - node_lives;
    auto answer = beside_.query(node, seen_after);
    std::vector<std::string> names;
    while (answer.next()) answer.read(names.emplace_back());
    return names;
}

}  // namespace kommpass::idp::store::sql
