#pragma once

#include "config/vocabulary/clock.hpp"

#include <string_view>

namespace kommpass::idp::store {

class replay_store {
public:
    virtual ~replay_store() = default;
    // True the first time; false while the id is remembered. `scope` keeps kinds and clients apart.
    virtual bool first_use(std::string_view scope, std::string_view id, instant forget_after) = 0;
};

}  // namespace kommpass::idp::store
