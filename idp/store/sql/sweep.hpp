#pragma once

#include "idp/store/sql/statement.hpp"

#include <cstddef>

namespace kommpass::idp::store::sql {

// Deletes expired rows, the oldest of each table first and a bounded number at a time.
class sweep {
public:
    explicit sweep(database& on);
    std::size_t operator()(instant now);

private:
    statement session_clients_;
    statement sessions_;
    statement codes_;
    statement families_;
    statement access_tokens_;
    statement pushed_requests_;
    statement replays_;
    statement answers_;
    statement notices_;
    statement devices_;
    statement opaque_tokens_;
    statement guess_counts_;
};

}  // namespace kommpass::idp::store::sql
