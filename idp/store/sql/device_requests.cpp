#include "idp/store/sql/device_requests.hpp"

#define DEVICE_COLUMNS                                                               \
    "device_code_hash, user_code_hash, client, scope, resources, address, asked_at," \
    " expires_at, decision, interval_seconds, polled_at"

namespace kommpass::idp::store::sql {
namespace {

std::optional<device_request> read_one(rows answer) {
    if (!answer.next()) return std::nullopt;
    device_request found;
    long long decision = 0;
    answer.read(found.device_code_hash, found.user_code_hash, found.client, found.scope,
                found.resources, found.address, found.asked_at, found.expires_at, decision,
                found.interval_seconds, found.polled_at);
    found.decision = static_cast<device_decision>(decision);
    return found;
}

}  // namespace

device_requests::device_requests(database& on)
    : put_(on, "INSERT INTO device_request (" DEVICE_COLUMNS
               ") VALUES (?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT DO NOTHING"),
      find_(on, "SELECT " DEVICE_COLUMNS " FROM device_request WHERE device_code_hash = ?"),
      find_waiting_(on, "SELECT " DEVICE_COLUMNS
                        " FROM device_request"
                        " WHERE user_code_hash = ? AND decision = 0 AND expires_at > ?"),
      decide_(on,
              "UPDATE device_request SET decision = ? WHERE device_code_hash = ? AND decision = 0"),
      polled_(on,
              "UPDATE device_request SET polled_at = ?, interval_seconds = ?"
              " WHERE device_code_hash = ?") {}

bool device_requests::put(const device_request& one) {
    return put_.run(blob{one.device_code_hash}, blob{one.user_code_hash}, one.client, one.scope,
                    one.resources, one.address, one.asked_at, one.expires_at,
                    static_cast<long long>(one.decision), one.interval_seconds, one.polled_at) == 1;
}

std::optional<device_request> device_requests::find(std::string_view device_code_hash) {
    return read_one(find_.query(blob{device_code_hash}));
}

std::optional<device_request> device_requests::find_waiting(std::string_view user_code_hash,
                                                            instant now) {
    return read_one(find_waiting_.query(blob{user_code_hash}, now));
}

bool device_requests::decide(std::string_view device_code_hash, device_decision decision) {
    return decide_.run(static_cast<long long>(decision), blob{device_code_hash}) == 1;
}

void device_requests::polled(std::string_view device_code_hash, instant at, long long interval) {
    polled_.run(at, interval, blob{device_code_hash});
}

}  // namespace kommpass::idp::store::sql
