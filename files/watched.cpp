// SPDX-License-Identifier: Apache-2.0
#include "files/watched.hpp"

#include "files/read.hpp"

#include <utility>

namespace files {

Watched::Watched(std::vector<std::string> paths) : paths_{std::move(paths)}, last_{contents()} {}

bool Watched::changed() {
    std::string now = contents();
    if (now == last_) return false;
    last_ = std::move(now);
    return true;
}

std::string Watched::contents() const {
    std::string all;
    for (const std::string& path : paths_) {
        const auto text = read(path);
        // What one file lost must not look as if another had it.
        if (text) all.append(std::to_string(text->size())).append(1, ' ').append(*text);
        all.append(1, '\n');
    }
    return all;
}

}  // namespace files
