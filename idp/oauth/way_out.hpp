#pragma once

#include <cstdint>

namespace kommpass::idp::oauth {

// How an answer leaves for the client.
enum class way_out : std::uint8_t {
    redirect,  // at once: no form of ours is being answered
    page,      // by a page of ours that goes on by itself, so that the form's navigation ends here
};

}  // namespace kommpass::idp::oauth
