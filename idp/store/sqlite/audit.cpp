#include "idp/store/sqlite/audit.hpp"

namespace kommpass::idp::store::sqlite {

audit::audit(connection& on)
    : insert_(on,
              "INSERT INTO audit (at, event, result, member, person, client, request, address,"
              " detail_json) VALUES (?,?,?,?,?,?,?,?,?)"),
      after_(on,
             "SELECT sequence, at, event, result, member, person, client, request, address,"
             " detail_json FROM audit WHERE sequence > ? ORDER BY sequence LIMIT ?") {}

void audit::append(const audit_record& r) {
    insert_.run(r.at, r.event, r.result, r.member, r.person, r.client, r.request, r.address,
                r.detail_json);
}

std::vector<stored_audit_record> audit::read(long long after, std::size_t limit) {
    std::vector<stored_audit_record> all;
    auto answer = after_.query(after, static_cast<long long>(limit));
    while (answer.next()) {
        auto& [sequence, r] = all.emplace_back();
        answer.read(sequence, r.at, r.event, r.result, r.member, r.person, r.client, r.request,
                    r.address, r.detail_json);
    }
    return all;
}

}  // namespace kommpass::idp::store::sqlite
