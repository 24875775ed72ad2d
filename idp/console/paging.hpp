#pragma once

#include "idp/console/console_request.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// Lists in pages. A page begins behind a key, not at a number: what comes or goes meanwhile moves
// nothing out of sight.
namespace kommpass::idp::console {

constexpr std::size_t rows_of_a_page = 100;

// This page's address with another `parameter`, which says behind which key the next page begins.
[[nodiscard]] std::string next_page(const console_request&, std::string_view parameter,
                                    const std::string& key);

// Puts as `list` the rows that follow the key which the query gives as `parameter`, and as
// "<list>_next" the way on, if there is one. `all` is sorted by `key_of`, which gives text;
// `row_of` makes a row.
template <class All, class Key, class Row>
void put_page(const console_request& v, web::page_data& data, const std::string& list,
              const All& all, Key key_of, Row row_of, std::string_view parameter = "after") {
    const auto after = v.in_query(parameter);
    std::vector<web::page_data> rows;
    std::string last;
    for (const auto& one : all) {
        auto key = key_of(one);
        if (key <= after) continue;
        if (rows.size() == rows_of_a_page) {
            web::put(data, list + "_next", next_page(v, parameter, last));
            break;
        }
        rows.push_back(row_of(one));
        last = std::move(key);
    }
    web::put_list(data, list, std::move(rows));
}

}  // namespace kommpass::idp::console
