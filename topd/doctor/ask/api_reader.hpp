// SPDX-License-Identifier: Apache-2.0
// Asks the API server, once each, and ends when the examination has to.
#pragma once

#include "kube/client.hpp"
#include "kube/collection.hpp"
#include "kube/config/config.hpp"
#include "kube/failure.hpp"
#include "kube/objects.hpp"
#include "net/task.hpp"

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kube {
class Delivery;
}

namespace topd::doctor {

// The JSON of a 2xx answer.
using Answer = kube::Outcome<std::string>;

class ApiReader {
  public:
    ApiReader(net::Executor executor, const kube::Config& config, net::Deadline end);

    net::Task<Answer> get(std::string path);
    net::Task<Answer> post(std::string path, std::string body);
    // All nodes that the label selector selects.
    net::Task<kube::Outcome<std::vector<kube::Node>>> nodes(std::string label_selector);
    // Running pods whose annotations of that prefix say that they are to be scraped, at most so many.
    net::Task<kube::Outcome<std::vector<kube::Pod>>> annotated_pods(std::string prefix, std::size_t most);

    // How far the server's clock was ahead of ours at the last good answer to get(); nullopt: it did not say.
    std::optional<std::chrono::seconds> clock_ahead() const { return clock_ahead_; }
    std::string server() const { return client_.server(); }

  private:
    net::Deadline soon() const;
    // Page by page, until enough() or the end.
    net::Task<kube::Outcome<>> list(kube::Collection collection, kube::Delivery& into,
                                    std::function<bool()> enough);

    kube::Client client_;
    net::Deadline end_;
    std::optional<std::chrono::seconds> clock_ahead_;
};

}  // namespace topd::doctor
