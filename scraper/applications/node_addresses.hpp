// SPDX-License-Identifier: Apache-2.0
// The addresses that nodes have, from the watch of nodes, which is handed on: no pod's metrics are asked
// there.
#pragma once

#include "kube/objects.hpp"
#include "kube/reflector.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

#include <boost/asio/ip/address.hpp>

namespace scraper {

class NodeAddresses final : public kube::Observer<kube::Node> {
  public:
    // It must outlive this.
    explicit NodeAddresses(kube::Observer<kube::Node>& next) : next_{next} {}

    void begin_list() override;
    void end_list() override;
    void put(const kube::Node& node) override;
    void removed(const kube::Node& node) override;

    bool has(const boost::asio::ip::address& address) const { return addresses_.contains(address); }

  private:
    void forget(const std::string& node);

    kube::Observer<kube::Node>& next_;
    std::map<std::string, std::vector<boost::asio::ip::address>, std::less<>> nodes_;
    std::multiset<boost::asio::ip::address> addresses_;
    // Of the list that is coming.
    std::set<std::string> listed_;
};

}  // namespace scraper
