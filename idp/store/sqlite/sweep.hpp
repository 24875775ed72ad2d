#pragma once

#include "idp/store/sqlite/statement.hpp"

#include <cstddef>

namespace kommpass::idp::store::sqlite {

// Deletes expired rows, the oldest of each table first and a bounded number at a time.
class sweep {
public:
    explicit sweep(connection& on);
    std::size_t operator()(instant now);

private:
    statement session_clients_;
    statement sessions_;
    statement codes_;
    statement families_;
    statement access_tokens_;
    statement replays_;
    statement answers_;
    statement notices_;
};

}  // namespace kommpass::idp::store::sqlite
