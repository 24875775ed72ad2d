#pragma once

#include "idp/api/call.hpp"
#include "tests/idp/attacks/world.hpp"

#include <optional>
#include <span>
#include <string>
#include <vector>

// Arguments for every operation of the table, own and foreign, right and wrong. A parameter is
// known by its name: a new operation whose parameters have names that are known joins by itself,
// and for another name the test says which to add.
namespace kommpass::tests::attacks {

struct api_request {
    const idp::api::endpoint* what;
    std::string path;  // below /api/v1, with its query
    std::string body;  // JSON; empty: none
};
[[nodiscard]] api_request arguments_for(const idp::api::endpoint&, world&, dice&);

// A text for a parameter, a field of a document or of a form; nothing for a name that nobody knows.
// `path`: of the operation, which says what an "id" is the id of; may be empty.
[[nodiscard]] std::optional<std::string> text_for(std::string_view name, std::string_view path,
                                                  world&, dice&);

// "putMapping: mapping": parameters of the table that nobody knows values for.
[[nodiscard]] std::vector<std::string> unknown_parameters(std::span<const idp::api::endpoint>);

}  // namespace kommpass::tests::attacks
