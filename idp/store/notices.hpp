#pragma once

#include "config/vocabulary/clock.hpp"

#include <string>
#include <vector>

namespace kommpass::idp::store {

// Which notices were sent, so that each is sent once. Keys hold ids, no names and no addresses.
class notice_store {
public:
    virtual ~notice_store() = default;
    // Those of the keys that were not.
    virtual std::vector<std::string> unsent(const std::vector<std::string>& keys) = 0;
    virtual void mark_sent(const std::vector<std::string>& keys, instant forget_after) = 0;
};

}  // namespace kommpass::idp::store
