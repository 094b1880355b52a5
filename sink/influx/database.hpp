// SPDX-License-Identifier: Apache-2.0
// Makes a database of InfluxDB 1.x with a retention policy that is really applied, and looks whether it is.
// (Heapster's `retention` never was: heapster issues 1579, 1843.)
#pragma once

#include "net/http/message.hpp"
#include "sink/http/protocol.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace sink::influx {

struct DatabaseOptions {
    std::string database = "k8s";
    std::string retention_policy = "default";
    // 0: for ever. InfluxDB takes an hour at least.
    // nullopt: no policy is made or changed, and points go where the database puts them by default: its
    // owner may have said how long it keeps them.
    std::optional<std::chrono::seconds> retention{std::chrono::hours{24 * 7}};
};

// In double quotes, as InfluxQL writes names.
std::string quoted_name(std::string_view name);

// The questions, one after the other:
// CREATE DATABASE; where its policy is another, ALTER RETENTION POLICY, or CREATE RETENTION POLICY where it
// has none of that name; SHOW RETENTION POLICIES.
class Preparation {
  public:
    // path: of the receiver's URL, before /query.
    Preparation(DatabaseOptions options, std::string path);

    // As Protocol::prepare. VictoriaMetrics has no databases, takes any name of one and answers anything:
    // there is nothing to be made then, and nothing is wrong; the log says so.
    std::optional<net::Request> next(const Answer* last, std::string& problem);

  private:
    enum class Step { create, alter, create_policy, show };

    net::Request ask(Step step);
    std::string question() const;
    // What is wrong with what is shown; empty: nothing.
    std::string fault_of(std::string_view shown) const;

    DatabaseOptions options_;
    std::string path_;
    Step step_ = Step::create;
    bool told_ = false;
};

}  // namespace sink::influx
