// SPDX-License-Identifier: Apache-2.0
#include "apiserver/encode/encoded_labels.hpp"

#include <utility>

namespace apiserver {

std::string_view EncodedLabels::fill(const storage::Store& store, storage::LabelSetId id) {
    std::string bytes;
    encode_(bytes, store.labels(id));
    bytes.shrink_to_fit();
    if (bytes_ + bytes.size() > max_bytes_) {
        entries_.clear();
        bytes_ = 0;
    }
    if (id >= entries_.size()) entries_.resize(id + 1);
    Entry& entry = entries_[id];
    bytes_ += bytes.size() - entry.bytes.size();
    entry.bytes = std::move(bytes);
    entry.generation = store.label_generation(id);
    entry.filled = true;
    return entry.bytes;
}

}  // namespace apiserver
