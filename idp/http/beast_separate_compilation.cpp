// Beast's and Asio's SSL code, compiled once for all (BOOST_BEAST_SEPARATE_COMPILATION,
// BOOST_ASIO_SEPARATE_COMPILATION).
#include <boost/beast/src.hpp>

#include <boost/asio/ssl/impl/src.hpp>
