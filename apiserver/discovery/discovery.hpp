// SPDX-License-Identifier: Apache-2.0
// What says which versions and resources are served: for kube-aggregator, client-go and kubectl.
//
// Versions stand in their group's order of preference: a client that takes the first version it knows does
// the same here and at kube-apiserver.
#pragma once

#include "apiserver/answer.hpp"
#include "apiserver/groups/group.hpp"
#include "net/http/message.hpp"

#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>

namespace apiserver {

class Discovery {
  public:
    // server_address: "host:port" under which clients reach us, ":port" where the host does not matter.
    Discovery(std::string_view server_address, std::span<const GroupInfo> groups);

    const Document& group_list() const { return group_list_; }
    // Null: there is no such group, or version of it.
    const Document* group(std::string_view group) const { return find(group); }
    const Document* resources(std::string_view group, std::string_view version) const;
    // The same with what the group has more at this moment. `version` is one of its own.
    static Document resources(const GroupInfo& group, std::string_view version,
                              std::span<const NamedSubresource> more);

    // apidiscovery.k8s.io/v2, with ETag; 304 when the client has it.
    net::Response aggregated(const net::Request& request, Representation form) const;

  private:
    const Document* find(std::string_view key) const;

    Document group_list_;
    // By "GROUP", and "GROUP/VERSION".
    std::map<std::string, Document, std::less<>> documents_;
    Document aggregated_;
    // In quotes.
    std::string etag_;
};

}  // namespace apiserver
