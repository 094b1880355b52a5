// SPDX-License-Identifier: Apache-2.0
// A store of the nodes a and b, and lines of the pod n/p.
#pragma once

#include "test/storage/pages.hpp"

#include <string>
#include <vector>

namespace storage {

struct TwoNodes {
    explicit TwoNodes(StoreOptions options = {}) : store{options} {
        store.put_node("a", {});
        store.put_node("b", {});
    }
    CommitResult commit(const char* node, double now, std::vector<PageRow> rows) {
        return store.commit(node, page(rows), at(now));
    }
    std::string served(double now) const { return storage::served(store, "n", "p", now); }

    Store store;
};

inline PageRow line(double sampled, double cpu, double started, const char* container = "c") {
    return row("n", "p", container, sampled, cpu, started);
}

}  // namespace storage
