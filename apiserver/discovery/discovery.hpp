// SPDX-License-Identifier: Apache-2.0
// What says which versions and resources are served: for kube-aggregator, client-go and kubectl.
//
// v1beta1 stands before v1, as kube-apiserver shows the group by the priorities of our APIServices (v1beta1
// 100, v1 50): a client that takes the first version it knows does the same here and there.
#pragma once

#include "apiserver/answer.hpp"
#include "apiserver/request/route.hpp"
#include "net/http/message.hpp"

#include <array>
#include <string>
#include <string_view>

namespace apiserver {

class Discovery {
  public:
    // server_address: "host:port" under which clients reach us, ":port" where the host does not matter.
    explicit Discovery(std::string_view server_address);

    const Document& group_list() const { return group_list_; }
    const Document& group() const { return group_; }
    // `version` is one of kVersions.
    const Document& resources(std::string_view version) const;

    // apidiscovery.k8s.io/v2, with ETag; 304 when the client has it.
    net::Response aggregated(const net::Request& request, Representation form) const;

  private:
    Document group_list_;
    Document group_;
    std::array<Document, kVersions.size()> resources_;
    Document aggregated_;
    // In quotes.
    std::string etag_;
};

}  // namespace apiserver
