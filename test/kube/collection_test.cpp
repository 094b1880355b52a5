// SPDX-License-Identifier: Apache-2.0
#include "kube/collection.hpp"

#include <catch2/catch.hpp>

using namespace kube;
using namespace std::chrono_literals;

// The targets and headers of metrics-server's own informers, as they come over the wire.
TEST_CASE("Requests are those that API servers see from informers") {
    const Collection all = nodes("");
    CHECK(list_target(all, "") == "/api/v1/nodes?limit=500&resourceVersion=0");
    CHECK(watch_target(all, "811", 333s) ==
          "/api/v1/nodes?allowWatchBookmarks=true&resourceVersion=811&timeoutSeconds=333&watch=true");
    CHECK(all.list_accept == "application/vnd.kubernetes.protobuf,application/json");
    CHECK(all.watch_accept == "application/vnd.kubernetes.protobuf,application/json");

    const Collection pods = running_pods();
    CHECK(list_target(pods, "") ==
          "/api/v1/pods?fieldSelector=status.phase%3DRunning&limit=500&resourceVersion=0");
    CHECK(watch_target(pods, "9", 300s) ==
          "/api/v1/pods?allowWatchBookmarks=true&fieldSelector=status.phase%3DRunning&resourceVersion=9"
          "&timeoutSeconds=300&watch=true");
    CHECK(pods.list_accept ==
          "application/vnd.kubernetes.protobuf;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,"
          "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json");
    CHECK(pods.watch_accept ==
          "application/vnd.kubernetes.protobuf;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,"
          "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json");
}

TEST_CASE("Whole pods are the same pods, asked for as nodes are") {
    const Collection pods = whole_running_pods();
    CHECK(list_target(pods, "") == list_target(running_pods(), ""));
    CHECK(watch_target(pods, "9", 300s) == watch_target(running_pods(), "9", 300s));
    CHECK(pods.list_accept == "application/vnd.kubernetes.protobuf,application/json");
    CHECK(pods.watch_accept == pods.list_accept);
}

TEST_CASE("A further page names its token and no version") {
    CHECK(list_target(running_pods(), "eyJ2IjoibWV0YSJ9+/=") ==
          "/api/v1/pods?continue=eyJ2IjoibWV0YSJ9%2B%2F%3D&fieldSelector=status.phase%3DRunning&limit=500");
}

TEST_CASE("A list in one piece has no limit") {
    CHECK(whole_list_target(nodes("a=b")) == "/api/v1/nodes?labelSelector=a%3Db&resourceVersion=0");
}

TEST_CASE("Label selectors are encoded") {
    const Collection some = nodes("pool in (a, b),!gpu");
    CHECK(list_target(some, "") ==
          "/api/v1/nodes?labelSelector=pool%20in%20%28a%2C%20b%29%2C%21gpu&limit=500&resourceVersion=0");
}

TEST_CASE("One ConfigMap is listed and watched by its name") {
    const Collection one = config_map("kube-system", "extension-apiserver-authentication");
    CHECK(list_target(one, "") ==
          "/api/v1/namespaces/kube-system/"
          "configmaps?fieldSelector=metadata.name%3Dextension-apiserver-authentication&"
          "limit=500&resourceVersion=0");
}
