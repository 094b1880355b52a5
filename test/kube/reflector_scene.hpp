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
    void begin_list() override { calls.push_back("begin"); }
    void end_list() override { calls.push_back("end"); }
    void put(const Pod& pod) override { calls.push_back("put " + pod.name + "@" + pod.resource_version); }
    void removed(const Pod& pod) override { calls.push_back("removed " + pod.name); }
    void put(const Node& node) override { calls.push_back("put " + node.name + "@" + node.resource_version); }
    void removed(const Node& node) override { calls.push_back("removed " + node.name); }

    Calls calls;
};

inline ReflectorOptions quick() {
    ReflectorOptions options;
    options.backoff.first = std::chrono::milliseconds{1};
    options.backoff.longest = std::chrono::milliseconds{5};
    options.shortest_watch = options.longest_watch = std::chrono::seconds{300};
    options.too_short = std::chrono::milliseconds{0};
    return options;
}

inline std::string pods(const std::string& list_meta, const std::string& items) {
    return envelope("meta.k8s.io/v1", "PartialObjectMetadataList", list_meta + items);
}
inline std::string item(std::string_view name, std::string_view version) {
    return bytes(2, pod("shop", name, version));
}
inline std::string added(std::string_view name, std::string_view version) {
    return pod_event("ADDED", pod("shop", name, version));
}
inline std::string bookmark(std::string_view version) {
    return pod_event("BOOKMARK", pod("", "", version));
}

inline Answer list_of(std::string_view name, std::string_view version) {
    return {{pods(list_meta(version, ""), item(name, version))}};
}

inline const std::string kList =
    "GET /api/v1/pods?fieldSelector=status.phase%3DRunning&limit=500&resourceVersion=0";
inline std::string watch_from(const std::string& version) {
    return "GET /api/v1/pods?allowWatchBookmarks=true&fieldSelector=status.phase%3DRunning&resourceVersion=" +
           version + "&timeoutSeconds=300&watch=true";
}

// Whether the script was used up. Nothing runs any more when it returns.
inline net::Task<bool> use_up(net::Executor executor, FakeApiServer& api, Reflector& reflector) {
    net::TaskGroup reflecting{executor};
    net::TaskGroup serving{executor};
    serving.spawn(api.run());
    reflecting.spawn(reflector.run());
    const bool exhausted = co_await api.exhausted();
    reflecting.cancel();
    co_await reflecting.wait();
    api.stop();
    co_await serving.wait();
    co_return exhausted;
}

// A reflector of pods against a script, until the script is used up.
struct Scene {
    explicit Scene(std::deque<Answer> script, ReflectorOptions options = quick())
        : api{loop.get_executor(), std::move(script)},
          reflector{watch_pods(loop.get_executor(), api.config(), recorder, options)} {
        if (!::test::run(loop, use_up(loop.get_executor(), api, *reflector)))
            FAIL("the script was not used up");
    }

    boost::asio::io_context loop{1};
    FakeApiServer api;
    Recorder recorder;
    std::unique_ptr<Reflector> reflector;
};

}  // namespace kube::test
