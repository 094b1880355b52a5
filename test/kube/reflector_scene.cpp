// SPDX-License-Identifier: Apache-2.0
#include "test/kube/reflector_scene.hpp"

#include "net/task_group.hpp"
#include "test/net/run.hpp"

#include <catch2/catch.hpp>

namespace kube::test {

net::Task<bool> use_up(net::Executor executor, FakeApiServer& api, Reflector& reflector) {
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

void Recorder::begin_list() {
    calls.push_back("begin");
}

void Recorder::end_list() {
    calls.push_back("end");
}

void Recorder::put(const Pod& pod) {
    calls.push_back("put " + pod.name + "@" + pod.resource_version);
}

void Recorder::removed(const Pod& pod) {
    calls.push_back("removed " + pod.name);
}

void Recorder::put(const Node& node) {
    calls.push_back("put " + node.name + "@" + node.resource_version);
}

void Recorder::removed(const Node& node) {
    calls.push_back("removed " + node.name);
}

ReflectorOptions quick() {
    ReflectorOptions options;
    options.backoff.first = std::chrono::milliseconds{1};
    options.backoff.longest = std::chrono::milliseconds{5};
    options.shortest_watch = options.longest_watch = std::chrono::seconds{300};
    options.too_short = std::chrono::milliseconds{0};
    return options;
}

std::string pods(const std::string& list_meta, const std::string& items) {
    return envelope("meta.k8s.io/v1", "PartialObjectMetadataList", list_meta + items);
}

std::string item(std::string_view name, std::string_view version) {
    return bytes(2, pod("shop", name, version));
}

std::string added(std::string_view name, std::string_view version) {
    return pod_event("ADDED", pod("shop", name, version));
}

std::string bookmark(std::string_view version) {
    return pod_event("BOOKMARK", pod("", "", version));
}

Answer list_of(std::string_view name, std::string_view version) {
    return {{pods(list_meta(version, ""), item(name, version))}};
}

std::string watch_from(const std::string& version) {
    return "GET /api/v1/pods?allowWatchBookmarks=true&fieldSelector=status.phase%3DRunning&resourceVersion=" +
           version + "&timeoutSeconds=300&watch=true";
}

Scene::Scene(std::deque<Answer> script, ReflectorOptions options)
    : api{loop.get_executor(), std::move(script)},
      reflector{watch_pods(loop.get_executor(), api.config(), recorder, options)} {
    if (!::test::run(loop, use_up(loop.get_executor(), api, *reflector))) FAIL("the script was not used up");
}

Scene::~Scene() = default;

}  // namespace kube::test
