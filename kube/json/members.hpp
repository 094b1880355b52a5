// SPDX-License-Identifier: Apache-2.0
// Fields of JSON documents that may lack them or hold another type: then they are empty.
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace kube {

inline const nlohmann::json& member(const nlohmann::json& object, const char* key) {
    static const nlohmann::json kNothing;
    if (!object.is_object()) return kNothing;
    const auto it = object.find(key);
    return it == object.end() ? kNothing : *it;
}

inline std::string text(const nlohmann::json& object, const char* key) {
    const nlohmann::json& value = member(object, key);
    return value.is_string() ? value.get<std::string>() : std::string{};
}

inline bool flag(const nlohmann::json& object, const char* key) {
    const nlohmann::json& value = member(object, key);
    return value.is_boolean() && value.get<bool>();
}

// The strings of an array.
inline std::vector<std::string> texts(const nlohmann::json& array) {
    std::vector<std::string> result;
    if (!array.is_array()) return result;
    for (const nlohmann::json& value : array)
        if (value.is_string()) result.push_back(value.get<std::string>());
    return result;
}

}  // namespace kube
