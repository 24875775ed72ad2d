#pragma once

#include "config/vocabulary/randomness.hpp"

#include <cstdint>
#include <string>

namespace kommpass::idp::http {

// Makes request ids of 18 characters: a random beginning of this server on this thread, drawn at
// start, and a counter. Unique across threads and restarts; not meant to be unguessable.
class request_ids {
public:
    explicit request_ids(randomness&);
    void write_next(std::string& into);

private:
    std::string next_;
};

}  // namespace kommpass::idp::http
