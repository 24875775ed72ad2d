#pragma once

#include "config/vocabulary/result.hpp"

#include <boost/json/object.hpp>

#include <string>
#include <vector>

namespace kommpass::idp::admin {

// Why an operation did nothing. `code` is stable: the API shows it, and the console has a text for
// each in every language ("refusal.<code>").
struct refusal {
    enum class reason {
        not_found,    // there is no such thing, or it is not for this actor to know
        forbidden,    // known to be there, and not theirs to do
        stale,        // somebody else changed it meanwhile
        invalid,      // a field is wrong; nothing was done
        conflict,     // it would bring incompatible roles about
        unavailable,  // the store or a directory does not answer
    };
    reason why;
    std::string code;
    std::string field;                 // the field that is wrong; empty: none in particular
    std::vector<std::string> details;  // sentences, such as every mistake of a registry
    // Of a decision on a document that is no longer what was shown: what it is now.
    boost::json::object now{};
};

// The HTTP status that says so: the one place for both faces.
[[nodiscard]] unsigned status_of(const refusal&) noexcept;

template <class T>
using answer = result<T, refusal>;

[[nodiscard]] inline refusal no_such_thing() {
    return {refusal::reason::not_found, "not_found", {}, {}};
}
[[nodiscard]] inline refusal store_silent() {
    return {refusal::reason::unavailable, "store_unavailable", {}, {}};
}
[[nodiscard]] inline refusal invalid(std::string field, std::string code,
                                     std::vector<std::string> details = {}) {
    return {refusal::reason::invalid, std::move(code), std::move(field), std::move(details)};
}
[[nodiscard]] inline refusal forbidden(std::string code) {
    return {refusal::reason::forbidden, std::move(code), {}, {}};
}

}  // namespace kommpass::idp::admin
