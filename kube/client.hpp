// SPDX-License-Identifier: Apache-2.0
// Requests to the API server over one kept connection, as whoever the configuration says.
#pragma once

#include "kube/config/config.hpp"
#include "kube/failure.hpp"
#include "net/http/client.hpp"
#include "net/task.hpp"

#include <chrono>
#include <string>

namespace kube {

// The limits of an exchange's stages, unless it has its own: about client-go's (30 s to connect, 10 s for the
// handshake), but more for a list's first byte, since a busy API server needs its time.
inline constexpr net::StageLimits kStages{
    .look_up = std::chrono::seconds{5},
    .connect = std::chrono::seconds{10},
    .handshake = std::chrono::seconds{10},
    .answer = std::chrono::seconds{30},
    .silence = std::chrono::seconds{30},
};

// One request at a time: whoever watches needs a client of its own.
class Client {
  public:
    // `stages`: for exchanges whose own limits do not say.
    Client(net::Executor executor, const Config& config, const net::StageLimits& stages = kStages);

    // `path` may hold a query and is without the server's prefix. The sink sees the head and the body of a
    // 2xx answer only; any other answer becomes a Failure. An error of the sink's comes back as the Failure's
    // code.
    net::Task<Outcome<>> get(std::string path, std::string accept, net::BodySink& sink,
                             net::ExchangeLimits limits);

    // Creates a review: the answer's whole JSON body, at most 1 MiB. May be sent twice when a kept connection
    // turns out to be closed, so only for requests that are safe to repeat.
    net::Task<Outcome<std::string>> post_json(std::string path, std::string body, net::Deadline deadline);

    // host:port of the API server, for logs.
    std::string server() const { return http_.authority(); }

    // The status of the last answer; 0: none came.
    unsigned last_status() const { return last_status_; }

  private:
    net::Request request(const char* method, const std::string& path, const std::string& accept) const;
    net::Task<Outcome<>> send(net::Request request, net::BodySink& sink, net::ExchangeLimits limits);

    // The failure of an exchange that had no answer.
    Failure failure_of(const net::Error& error) const;

    net::HttpClient http_;
    std::string host_;
    std::string path_prefix_;
    Token token_;
    net::StageLimits stages_;
    ClientMetrics* metrics_;
    unsigned last_status_ = 0;
};

}  // namespace kube
