// SPDX-License-Identifier: Apache-2.0
// What is served, in one table: it finds who answers a path, fills the index, and names the paths that the
// request metrics tell apart.
#pragma once

#include "apiserver/exposition/request_metrics.hpp"
#include "apiserver/request/query.hpp"
#include "apiserver/request/request_info.hpp"
#include "net/http/message.hpp"
#include "net/stages.hpp"
#include "net/task.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace apiserver {

// One request, taken apart. References are good until it is answered.
struct Call {
    const net::Request& request;
    const Query& query;
    const RequestInfo& info;
    net::Deadline deadline;
    RequestMetrics::Measure& measure;
};

struct Route {
    // It is asked about this path and what is below it.
    std::string root;
    // For the index.
    std::vector<std::string> paths;
    enum class Counted { apart, with_others } counted = Counted::with_others;
    // nullopt: nothing is served there. Any method comes here.
    std::function<net::Task<std::optional<net::Response>>(const Call&)> respond;
};

class Routes {
  public:
    void add(Route route) { routes_.push_back(std::move(route)); }

    // nullopt: there is no such path. The first that answers does.
    net::Task<std::optional<net::Response>> respond(const Call& call) const;

    // Every path there is, as Kubernetes' API servers list them; what is asked for beside them gets the same
    // with 404.
    net::Response index(unsigned code) const;

    // The paths of the routes that are counted apart.
    std::vector<std::string> counted() const;

  private:
    std::vector<Route> routes_;
};

}  // namespace apiserver
