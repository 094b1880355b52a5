// SPDX-License-Identifier: Apache-2.0
// joe, who wants to be somebody else, and an authorizer with a list of what it allows.
#pragma once

#include "apiserver/auth/impersonation.hpp"
#include "apiserver/auth/wanted_user.hpp"
#include "test/apiserver/fixture.hpp"

#include <set>

#include <catch2/catch.hpp>

namespace test {

using Lines = std::vector<std::string>;

// "VERB GROUP/RESOURCE[/SUBRESOURCE] [NAMESPACE:]NAME", or "VERB PATH".
std::string line_of(const apiserver::RequestInfo& info);

// Allows everybody what is on its list.
class Rules final : public apiserver::Authorizer {
  public:
    explicit Rules(Lines allowed);

    net::Task<apiserver::Decision> authorize(const apiserver::User& user, const apiserver::RequestInfo& info,
                                             net::Deadline until) override;
    bool broken = false;
    bool busy = false;
    Lines asked;
    std::vector<apiserver::User> askers;
    std::vector<net::Deadline> untils;

  private:
    std::set<std::string> allowed_;
};

// joe, who asks for the nodes.
struct Scene {
    explicit Scene(Lines allowed);
    ~Scene();

    Rules rules;
    apiserver::User joe{"joe", "", {"system:authenticated"}, {}};
    std::string target = kMetrics + "/nodes";
    net::Deadline until = kNoDeadline;
    apiserver::Impersonator impersonator{rules};

    // "NAME[/UID] of GROUPS[ with KEY=VALUE]", or the message of the refusal.
    std::string become(std::vector<Header> headers);
};

std::string refused(const std::string& object, const std::string& verb, const std::string& resource,
                    const std::string& group, const std::string& rest = "at the cluster scope");

}  // namespace test
