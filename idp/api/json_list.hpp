#pragma once

#include <boost/json/array.hpp>

namespace kommpass::idp::api {

// A list of what `make` makes of each.
template <class All, class Make>
[[nodiscard]] boost::json::array list_of(const All& all, Make make) {
    boost::json::array list;
    for (const auto& one : all) list.push_back(make(one));
    return list;
}

}  // namespace kommpass::idp::api
