// SPDX-License-Identifier: Apache-2.0
// A reflector against a scripted API server, and the observer that writes down what it is told.
#pragma once

#include "kube/reflector.hpp"
#include "test/kube/bytes.hpp"
#include "test/kube/fake_api_server.hpp"
#include "test/net/run.hpp"

#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <catch2/catch.hpp>

namespace kube::test {

using Calls = std::vector<std::string>;

// Writes down what it is told.
class Recorder final : public Observer<Pod>, public Observer<Node> {
  public:
    void begin_list() override;
    void end_list() override;
    void put(const Pod& pod) override;
    void removed(const Pod& pod) override;
    void put(const Node& node) override;
    void removed(const Node& node) override;

    Calls calls;
};

ReflectorOptions quick();
std::string pods(const std::string& list_meta, const std::string& items);
std::string item(std::string_view name, std::string_view version);
std::string added(std::string_view name, std::string_view version);
std::string bookmark(std::string_view version);
Answer list_of(std::string_view name, std::string_view version);

inline const std::string kList =
    "GET /api/v1/pods?fieldSelector=status.phase%3DRunning&limit=500&resourceVersion=0";
std::string watch_from(const std::string& version);

// Whether the script was used up. Nothing runs any more when it returns.
net::Task<bool> use_up(net::Executor executor, FakeApiServer& api, Reflector& reflector);

// A reflector of pods against a script, until the script is used up.
struct Scene {
    explicit Scene(std::deque<Answer> script, ReflectorOptions options = quick());
    ~Scene();

    boost::asio::io_context loop{1};
    FakeApiServer api;
    Recorder recorder;
    std::unique_ptr<Reflector> reflector;
};

}  // namespace kube::test
