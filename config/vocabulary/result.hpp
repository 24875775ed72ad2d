#pragma once

#include <boost/system/result.hpp>

namespace kommpass {

// A value or the layer's own error. Read it with `if (!r) return r.error();` and `*r`;
// `.value()` is not used, since errors are not exceptions here.
template <class T, class E>
using result = boost::system::result<T, E>;

}  // namespace kommpass
