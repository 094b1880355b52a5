// SPDX-License-Identifier: Apache-2.0
// Requests below /ui, of the cluster of test/apiserver/graphs/scene.hpp.
#pragma once

#include "apiserver/page/ui.hpp"
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

}  // namespace test::page
