// SPDX-License-Identifier: Apache-2.0
// How JSON is laid out as a protobuf message of gnostic-models: tables that one routine follows.
#pragma once

#include "apiserver/openapi/schema_builder.hpp"

#include <span>
#include <string>
#include <string_view>

namespace apiserver {

struct GnosticType;

// A member of a JSON object and the field it becomes.
struct GnosticField {
    std::string_view key;
    unsigned number = 0;
    const GnosticType* type = nullptr;
    // A JSON array becomes one field for each element.
    bool repeated = false;
};

// One of several messages that a JSON value may become.
struct GnosticChoice {
    bool (*fits)(const Json& value);
    unsigned number;
    const GnosticType* type;
};

struct GnosticType {
    enum class Form {
        text,
        boolean,
        integer,
        // A message by `fields`, `extensions` and `entries`.
        object,
        // A message whose one field is the first of `choices` that fits.
        choice,
        // A message whose field 1, repeated, is of `entry` type: an array, or a value that counts as one.
        box,
        // A message with the value as YAML in its field 2.
        any,
        // OpenAPI 3's default: a message with a number, a boolean or a text; nothing of an object.
        default_value
    };
    Form form = Form::object;
    std::span<const GnosticField> fields{};
    // Members x-...: fields of this number, each a name and an Any. 0: there are none.
    unsigned extensions = 0;
    // Any other member: a field of this number, with its name and its value of `entry` type. 0: there is
    // none.
    unsigned entries = 0;
    const GnosticType* entry = nullptr;
    std::span<const GnosticChoice> choices{};
};

extern const GnosticType kGnosticV2Document;
extern const GnosticType kGnosticV3Document;

inline constexpr GnosticType kGnosticText{GnosticType::Form::text};
inline constexpr GnosticType kGnosticBoolean{GnosticType::Form::boolean};
inline constexpr GnosticType kGnosticInteger{GnosticType::Form::integer};
inline constexpr GnosticType kGnosticAny{GnosticType::Form::any};

inline bool gnostic_always(const Json&) {
    return true;
}
inline bool gnostic_is_reference(const Json& value) {
    return value.contains("$ref");
}
inline bool gnostic_is_boolean(const Json& value) {
    return value.is_boolean();
}

}  // namespace apiserver
