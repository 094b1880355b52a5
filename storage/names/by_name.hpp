// SPDX-License-Identifier: Apache-2.0
// Vectors of pointers kept in byte order of what they point to: what a list answer walks, without a sort.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <vector>

namespace storage {

// The first whose name is greater than `name`.
template <class T>
auto first_after(const std::vector<T*>& objects, std::string_view name) {
    return std::upper_bound(objects.begin(), objects.end(), name,
                            [](std::string_view key, const T* object) { return key < object->name; });
}

// REQUIRES: no object of that name is there.
template <class T>
void insert_by_name(std::vector<T*>& objects, T& object) {
    // Watch lists come in order.
    const bool is_last = objects.empty() || objects.back()->name < object.name;
    objects.insert(is_last ? objects.end() : first_after(objects, object.name), &object);
}

// Nothing if it is not there.
template <class T>
void erase_by_name(std::vector<T*>& objects, T& object) {
    const auto after = first_after(objects, object.name);
    if (after != objects.begin() && *(after - 1) == &object) objects.erase(after - 1);
}

// Takes out the objects that the watch list `list` has not shown, in one pass, and returns them.
template <class T>
std::vector<T*> take_unlisted(std::vector<T*>& objects, std::uint32_t list) {
    std::vector<T*> unlisted;
    std::erase_if(objects, [&](T* object) {
        if (object->list == list) return false;
        unlisted.push_back(object);
        return true;
    });
    return unlisted;
}

}  // namespace storage
