// SPDX-License-Identifier: Apache-2.0
// Asio's and Beast's function bodies, compiled once for everybody (BOOST_ASIO_SEPARATE_COMPILATION).
#include <boost/asio/impl/src.hpp>
#include <boost/beast/src.hpp>
