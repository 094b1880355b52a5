// SPDX-License-Identifier: Apache-2.0
#include "net/resolver.hpp"

#include "net/look_ups.hpp"

#include <utility>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/query.hpp>
#include <boost/asio/this_coro.hpp>

namespace net {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;

Task<Result<std::vector<tcp::endpoint>>> resolve(std::string host, std::uint16_t port, Deadline deadline) {
    boost::system::error_code not_an_address;
    const auto address = asio::ip::make_address(host, not_an_address);
    if (!not_an_address) co_return std::vector<tcp::endpoint>{tcp::endpoint{address, port}};

    const Executor executor = co_await asio::this_coro::executor;
    auto& look_ups = asio::use_service<LookUps>(asio::query(executor, asio::execution::context));
    const auto found = co_await look_ups.find(std::move(host), deadline);
    if (!found) co_return found.error();
    std::vector<tcp::endpoint> endpoints;
    for (const auto& one : *found) endpoints.emplace_back(one, port);
    co_return endpoints;
}

}  // namespace net
