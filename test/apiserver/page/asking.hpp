// SPDX-License-Identifier: Apache-2.0
// Requests below /ui, of the cluster of test/apiserver/graphs/scene.hpp.
#pragma once

#include "apiserver/page/ui.hpp"
#include "storage/watched/watched_objects.hpp"
#include "test/apiserver/fixture.hpp"
#include "test/apiserver/graphs/scene.hpp"

#include <string>
#include <vector>

namespace test::page {

// scene must outlive them. objects: null for none.
apiserver::PageSources sources(const graphs::Scene& scene, const storage::WatchedObjects* objects = nullptr);

// Status 0: it is none of its paths.
net::Response asked_ui(apiserver::Ui& ui, const std::string& target, const std::vector<Header>& headers = {},
                       const std::string& method = "GET");

// Of an answer 200, else a text that says what else came.
std::string told(apiserver::Ui& ui, const std::string& target);

// Pods of three owners on one node, as the watches would show them beside Scene's loads.
void put_objects(storage::WatchedObjects& objects);

}  // namespace test::page
