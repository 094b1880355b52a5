// SPDX-License-Identifier: Apache-2.0
// What is asked of the API server to list and to watch a collection.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace kube {

struct Collection {
    // As logs call it: nodes.
    std::string resource;
    std::string path;
    // As Kubernetes writes selectors, not encoded; empty: none.
    std::string field_selector;
    std::string label_selector;
    std::string list_accept;
    std::string watch_accept;
};

Collection nodes(std::string label_selector);
// The metadata of running pods.
Collection running_pods();
// The same pods, whole.
Collection whole_running_pods();
// The one of that name: what a Role that names it allows to list and watch.
Collection config_map(const std::string& name_space, const std::string& name);

// One page of 500 from the API server's cache. `continue_token` empty: the first.
std::string list_target(const Collection& collection, std::string_view continue_token);
// The same list in one piece: for when its pages expire before they are read.
std::string whole_list_target(const Collection& collection);
std::string watch_target(const Collection& collection, std::string_view resource_version,
                         std::chrono::seconds timeout);

}  // namespace kube
