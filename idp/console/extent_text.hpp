#pragma once

#include "idp/admin/everybody.hpp"
#include "idp/console/console_request.hpp"

#include <string>

namespace kommpass::idp::console {

// What a reading of a member's directory left out, for people; empty: nothing.
[[nodiscard]] inline std::string extent_text(const console_request& v,
                                             const admin::reading_extent& came) {
    std::string text;
    if (!came.everybody()) text = v.text("console.cut_off") + " " + came.cut_off_by + ".";
    if (came.half_known > 0) {
        text += (text.empty() ? "" : " ") + v.text("console.half_known") + " " +
                std::to_string(came.half_known) + " (" +
                joined(admin::names_of_half_known(came, admin::reading_extent::most_named)) + ").";
    }
    return text;
}

}  // namespace kommpass::idp::console
