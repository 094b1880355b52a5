// SPDX-License-Identifier: Apache-2.0
#include "storage/names/names.hpp"

#include <memory>
#include <utility>

namespace storage {

Names::Name::Name(Name&& other) noexcept : entry_{std::exchange(other.entry_, nullptr)} {}

Names::Name& Names::Name::operator=(Name&& other) noexcept {
    std::swap(entry_, other.entry_);
    return *this;
}

Names::Name::~Name() {
    if (entry_ != nullptr && --entry_->holders == 0) entry_->home->forget(entry_);
}

Names::Name Names::hold(std::string_view text) {
    auto found = entries_.find(text);
    if (found == entries_.end()) {
        auto entry = std::make_unique<Entry>(Entry{std::string{text}, this, 0});
        found = entries_.insert(entry.get()).first;
        static_cast<void>(entry.release());
    }
    ++(*found)->holders;
    return Name{*found};
}

void Names::forget(Entry* entry) {
    entries_.erase(entry);
    delete entry;
}

}  // namespace storage
