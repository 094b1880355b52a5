// SPDX-License-Identifier: Apache-2.0
// The encoded bytes of label sets, kept by their id: a set is encoded once, not once per pod.
#pragma once

#include "storage/store.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace apiserver {

class EncodedLabels {
  public:
    // Appends the bytes of a set; of an empty one none.
    using Encode = void (*)(std::string& out, const storage::Labels& labels);

    // When more than max_bytes are kept, all are forgotten.
    explicit EncodedLabels(Encode encode, std::size_t max_bytes = 16 * 1024 * 1024)
        : encode_{encode}, max_bytes_{max_bytes} {}

    // Valid until the next call.
    std::string_view of(const storage::Store& store, storage::LabelSetId id) {
        if (id < entries_.size()) {
            const Entry& entry = entries_[id];
            if (entry.filled && entry.generation == store.label_generation(id)) return entry.bytes;
        }
        return fill(store, id);
    }

  private:
    struct Entry {
        std::string bytes;
        std::uint32_t generation = 0;
        bool filled = false;
    };

    std::string_view fill(const storage::Store& store, storage::LabelSetId id);

    Encode encode_;
    std::size_t max_bytes_;
    std::size_t bytes_ = 0;
    std::vector<Entry> entries_;
};

}  // namespace apiserver
