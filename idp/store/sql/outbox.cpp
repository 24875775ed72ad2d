#include "idp/store/sql/outbox.hpp"

#define OUTBOX                                                                               \
    "SELECT sequence, topic, lane, payload_json, created_at, due_at, attempts, last_error, " \
    "dead_at FROM outbox "

namespace kommpass::idp::store::sql {
namespace {

std::vector<outbox_entry> entries_of(rows answer) {
    std::vector<outbox_entry> all;
    while (answer.next()) {
        auto& e = all.emplace_back();
        long long attempts = 0;
        answer.read(e.sequence, e.topic, e.lane, e.payload_json, e.created_at, e.due_at, attempts,
                    e.last_error, e.dead_at);
        e.attempts = static_cast<unsigned>(attempts);
    }
    return all;
}

}  // namespace

outbox::outbox(database& on)
    : insert_(on,
              "INSERT INTO outbox (topic, lane, payload_json, created_at, due_at)"
              " VALUES (?,?,?,?,?) RETURNING sequence"),
      // Goes from lane to lane in the index: what one lane has in store costs nothing.
      due_(on,
           "WITH RECURSIVE lanes (lane) AS ("
           "  SELECT min(lane) FROM outbox WHERE topic = ?1 AND dead_at = 0"
           "  UNION ALL"
           "  SELECT (SELECT min(lane) FROM outbox"
           "          WHERE topic = ?1 AND dead_at = 0 AND lane > lanes.lane)"
           "  FROM lanes WHERE lanes.lane IS NOT NULL) " OUTBOX
           "WHERE sequence IN ("
           "  SELECT (SELECT min(sequence) FROM outbox"
           "          WHERE topic = ?1 AND dead_at = 0 AND lane = lanes.lane)"
           "  FROM lanes WHERE lanes.lane IS NOT NULL)"
           " AND due_at <= ?2 ORDER BY sequence LIMIT ?3"),
      delivered_(on, "DELETE FROM outbox WHERE sequence = ? AND dead_at = 0"),
      postpone_(on,
                "UPDATE outbox SET attempts = attempts + 1, due_at = ?, last_error = ?"
                " WHERE sequence = ? AND dead_at = 0"),
      bury_(on,
            "UPDATE outbox SET attempts = attempts + 1, dead_at = ?, last_error = ?"
            " WHERE sequence = ? AND dead_at = 0"),
      find_(on, OUTBOX "WHERE sequence = ?"),
      dead_(on, OUTBOX "WHERE dead_at <> 0 AND sequence > ? ORDER BY sequence LIMIT ?"),
      revive_(on,
              "UPDATE outbox SET dead_at = 0, attempts = 0, due_at = ?"
              " WHERE sequence = ? AND dead_at <> 0"),
      drop_(on, "DELETE FROM outbox WHERE sequence = ? AND dead_at <> 0"),
      counts_(on,
              "SELECT topic, count(*) FILTER (WHERE dead_at = 0),"
              " count(*) FILTER (WHERE dead_at <> 0),"
              " coalesce(min(CASE WHEN dead_at = 0 THEN created_at END), 0)"
              " FROM outbox GROUP BY topic ORDER BY topic") {}

long long outbox::put(std::string_view topic, std::string_view lane, std::string_view payload_json,
                      instant now) {
    check_outbox_entry(topic, payload_json);
    auto answer = insert_.query(topic, lane, payload_json, now, now);
    long long sequence = 0;
    while (answer.next()) answer.read(sequence);
    return sequence;
}

std::vector<outbox_entry> outbox::due(std::string_view topic, instant now, std::size_t limit) {
    return entries_of(due_.query(topic, now, static_cast<long long>(limit)));
}

bool outbox::delivered(long long sequence) { return delivered_.run(sequence) > 0; }

bool outbox::postpone(long long sequence, instant due_at, std::string_view error) {
    const auto kept = kept_error(error);
    return postpone_.run(due_at, kept, sequence) > 0;
}

bool outbox::bury(long long sequence, std::string_view error, instant now) {
    const auto kept = kept_error(error);
    return bury_.run(now, kept, sequence) > 0;
}

std::optional<outbox_entry> outbox::find(long long sequence) {
    auto found = entries_of(find_.query(sequence));
    if (found.empty()) return std::nullopt;
    return std::move(found.front());
}

std::vector<outbox_entry> outbox::dead(long long after, std::size_t limit) {
    return entries_of(dead_.query(after, static_cast<long long>(limit)));
}

bool outbox::revive(long long sequence, instant now) { return revive_.run(now, sequence) > 0; }

bool outbox::drop(long long sequence) { return drop_.run(sequence) > 0; }

std::vector<outbox_count> outbox::counts() {
    std::vector<outbox_count> all;
    auto answer = counts_.query();
    while (answer.next()) {
        auto& one = all.emplace_back();
        answer.read(one.topic, one.waiting, one.dead, one.oldest_waiting);
    }
    return all;
}

}  // namespace kommpass::idp::store::sql
